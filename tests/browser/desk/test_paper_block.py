"""A block pasted while a paper sheet is entered goes by the questions' names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from tests.browser.desk.pasting import paste_into
from tests.support.panels import Panel
from tests.support.signing_in import carry_in


def test_a_pasted_sheet_goes_by_the_names_of_its_aspects(
    app: Flask, opened: Panel, live_url: str, visitor: Callable[..., Any]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        account, sheet = opened.account("R1"), opened.sheet("J1").public_id
        page = visitor("desk").page()
        carry_in(page.context, app, account, live_url)
    page.goto(f"{live_url}/desk/PANEL/paper/{sheet}")
    work = page.locator("#v-work")
    smooth = page.locator("input[name=v-smooth]")
    names = [page.locator("label[for=v-work]").inner_text().strip()]
    names += (
        [page.locator("fieldset legend").first.inner_text().strip()] if smooth.count() > 1 else []
    )
    lines = "\n".join(f"{name}\t{value}" for name, value in zip(names, ("17.5", "2"), strict=False))
    paste_into(work, f"评分点\t得分\n{lines}\n合计\t19.5")
    expect(work).to_have_value("17.5")
    expect(page.locator("[data-part=pasted]")).to_contain_text("合计")
    # What would overwrite is shown first; a no leaves it.
    paste_into(work, f"评分点\t得分\n{names[0]}\t12")
    expect(page.locator("dialog [data-part=over] s")).to_have_text("17.5")
    page.get_by_role("button", name="不填了").click()
    expect(work).to_have_value("17.5")
