"""A judge's comment to the contestant: written on the tablet, kept there until it is stored."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet

WORDS = "转弯前先看后镜，停位很稳"


def write(tablet: Tablet, words: str) -> None:
    tablet.part("comment").click()
    box = tablet.page.get_by_role("dialog")
    box.get_by_role("textbox").fill(words)
    box.get_by_role("button", name="记下").click()


def test_a_comment_is_kept_without_a_network_and_stored_once(tablet: Tablet, hall: Hall) -> None:
    hall.sheets["k27"] |= {"comments": True, "comment": ""}
    tablet.open_sheet()
    expect(tablet.part("comment")).to_have_text("写评语")
    expect(tablet.part("commentline")).to_be_hidden()
    tablet.page.context.set_offline(True)
    write(tablet, WORDS)
    tablet.says("1 条待上传·已存本机")
    expect(tablet.part("commenttext")).to_have_text(WORDS)
    expect(tablet.part("comment")).to_have_text("改评语")
    assert hall.stored == []
    tablet.page.context.set_offline(False)
    hall.until(lambda: len(hall.stored) == 1)
    assert {key: hall.stored[0].get(key) for key in ("kind", "note", "aspect")} == {
        "kind": "comment",
        "note": WORDS,
        "aspect": None,
    }
    tablet.says(re.compile("^都已上传"))
    expect(tablet.part("commenttext")).to_have_text(WORDS)
    # The words come back to be changed; too many are not sent, an empty text takes them back.
    tablet.part("comment").click()
    box = tablet.page.get_by_role("dialog")
    expect(box.get_by_role("textbox")).to_have_value(WORDS)
    box.get_by_role("textbox").fill("字" * 501)
    box.get_by_role("button", name="记下").click()
    expect(box.get_by_role("alert")).to_contain_text("最多 500 个字，现在 501 个")
    box.get_by_role("textbox").fill("")
    box.get_by_role("button", name="记下").click()
    hall.until(lambda: len(hall.stored) == 2)
    assert hall.stored[1]["note"] == ""
    expect(tablet.part("commentline")).to_be_hidden()


def test_no_comment_is_asked_for_where_the_rules_do_not(tablet: Tablet) -> None:
    tablet.open_sheet()
    expect(tablet.part("wholenote")).to_be_visible()
    expect(tablet.part("comment")).to_be_hidden()
