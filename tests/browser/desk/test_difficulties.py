"""A dive from the board to the score: the difficulty on the desk, the marks on a real tablet."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from tests.services.sheets.test_difficulties import dives
from tests.support.panels import open_panel
from tests.support.signing_in import carry_in


def test_marks_and_difficulty_make_the_score(
    app: Flask, here: Flask, live_url: str, visitor: Callable[..., Any]
) -> None:
    hall = open_panel(dives())
    judge = visitor("tablet").page()
    carry_in(judge.context, app, hall.account("J1"), live_url)
    judge.goto(f"{live_url}/judge/sheets/{hall.sheet('J1').public_id}")
    work = judge.locator("[data-aspect=work]")
    expect(work).to_contain_text("0–10 分")
    work.locator("[data-part=value]").click()
    for digit in "75":
        judge.locator(f"dialog [data-key='{digit}']").click()
        if digit == "7":
            judge.locator("dialog [data-key='.']").click()
    judge.locator("dialog [data-key=confirm]").click()
    expect(work).to_contain_text("7.5")
    expect(judge.locator("[data-part=full]")).to_have_text(re.compile("^暂计，1 项另算（满分"))
    desk = visitor("desk").page()
    carry_in(desk.context, app, hall.account("C1"), live_url)
    desk.goto(f"{live_url}/desk/PANEL/progress?module=FORK%7Cfinal%7Cpractice")
    desk.get_by_role("link", name="去填").click()
    desk.get_by_label("E1 的成品").select_option("2")
    desk.get_by_role("button", name="保存").click()
    expect(desk.get_by_role("status")).to_contain_text("记下了 1 个难度系数")
    expect(desk.get_by_role("heading", name=re.compile("还差 1 人"))).to_be_visible()
