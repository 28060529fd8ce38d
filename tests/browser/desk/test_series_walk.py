"""A firm's winner goes up to the final; who leaves its list is replaced by the next.

Everything is pressed on the desk's pages, as the two organisers would.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from compete.models import Account, Competition, db
from tests.services.series.test_nominating import target_of
from tests.support.announced import announce
from tests.support.signing_in import carry_in


def test_the_next_goes_where_the_winner_leaves_the_list(
    app: Flask,
    here: Flask,
    load: Callable[..., Competition],
    judged: Competition,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    above = target_of(load)
    announce(judged, organiser)
    names = above.name, judged.name
    db.session.commit()
    page = visitor("desk").page()
    page.set_default_timeout(8000)
    carry_in(page.context, app, organiser, live_url)

    page.goto(f"{live_url}/desk/series")
    page.get_by_label("名称").fill("叉车系列")
    page.get_by_label("哪一级办的").select_option(label="国家级一类")
    page.get_by_role("button", name="建系列赛").click()
    page.get_by_role("link", name="加一站").click()
    page.get_by_label("竞赛", exact=True).select_option(label=names[0])
    page.get_by_role("button", name="加这个竞赛").click()
    page.get_by_label("竞赛", exact=True).select_option(label=names[1])
    page.get_by_role("button", name="加这个竞赛").click()
    page.get_by_role("link", name=names[1]).first.click()
    page.get_by_label("去哪一站").select_option(label=names[0])
    page.get_by_label("去哪个赛项").fill("E")
    page.get_by_label("几个名额").fill("1")
    page.get_by_label("替补几人").fill("1")
    page.get_by_role("button", name="加名额").click()
    page.get_by_role("link", name=re.compile("还没推 1 人")).click()
    page.get_by_role("button", name="推荐 1 人").click()
    expect(page.get_by_text("推荐了，等答复")).to_be_visible()
    berth = page.url
    page.goto(f"{live_url}/desk/ABOVE/applications")
    page.get_by_role("checkbox", name=re.compile("赵启明")).check()
    page.get_by_role("button", name="收下勾上的").click()
    page.goto(berth)
    expect(page.get_by_text("答应去", exact=True)).to_be_visible()
    page.goto(f"{live_url}/desk/ABOVE/entrants")
    page.get_by_role("link", name="赵启明").first.click()
    page.locator("summary", has_text="退赛").click()
    page.get_by_label("为什么退赛").fill("家里有事")
    page.get_by_role("button", name="退赛").click()
    page.goto(berth)
    expect(page.get_by_text("那边退赛了：家里有事")).to_be_visible()
    page.get_by_role("button", name="推荐 1 人").click()
    page.goto(f"{live_url}/desk/ABOVE/applications")
    expect(page.get_by_role("checkbox", name=re.compile("钱文"))).to_be_visible()
