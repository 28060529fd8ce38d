"""The form of an event's rules: sums and an example as one types, a block pasted in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from compete.models import Account, Event, db
from compete.services.competitions.drafts import Beginnings, Origin, blank, make_draft
from compete.services.competitions.event_setup import add_event
from compete.web.organiser.rules.events import view_model
from tests.support.axe import violations
from tests.support.signing_in import carry_in
from tests.support.unfolded import unfold

# Saved by its button, as where the script that saves as one types does not run.
_BY_HAND = """document.addEventListener("readystatechange", () => {
  document.getElementById("rules")?.removeAttribute("data-typed");
})"""
_PASTE = """(element, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  element.dispatchEvent(event);
}"""


def test_sums_follow_what_is_typed_and_pasted(
    app: Flask,
    here: Flask,
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    # The versions follow each other in seconds, as do steps on the way to one.
    monkeypatch.setattr(view_model, "STEP", timedelta(0))
    draft = make_draft(blank(Beginnings(name="赛", code="B")), Origin.BLANK, "", organiser)
    event = add_event(draft, "叉车", None, organiser)
    person = visitor("desk")
    person.expect("409")
    page = person.page()
    carry_in(page.context, app, organiser, live_url)
    page.context.add_init_script(_BY_HAND)
    unfold(page)
    page.goto(f"{live_url}/desk/B/events/rules?event={event.code}")
    weights, _theory, practical = (page.locator("output").nth(place) for place in range(3))
    expect(weights).to_have_text("合计 100，正好")
    page.get_by_label("权重 %").first.fill("12.5")
    expect(weights).to_have_text("合计 92.5，差 7.5")
    page.get_by_label("权重 %").first.fill("20")
    # The example beside them is worked out anew by the server, and says how it came.
    example = page.get_by_role("complementary", name="试算")
    total = example.get_by_role("row", name=re.compile("总成绩"))
    expect(total).to_have_text(re.compile(r"总成绩\s*80\.00$"))
    example.get_by_role("textbox", name=re.compile("卷面成绩")).fill("60")
    expect(total).to_have_text(re.compile(r"总成绩\s*76\.00$"))
    example.get_by_role("slider", name="实操得分").fill("100")
    expect(total).to_have_text(re.compile(r"总成绩\s*92\.00$"))
    page.get_by_label("权重 %").first.fill("80")
    expect(total).to_have_text(re.compile(r"92\.00\s*128\.00$"))
    page.get_by_label("权重 %").first.fill("20")
    example.get_by_role("textbox", name=re.compile("卷面成绩")).fill("600")
    expect(example.get_by_text("0 到 100")).to_be_visible()
    example.get_by_role("textbox", name=re.compile("卷面成绩")).fill("90")
    example.get_by_text("怎么算的").click()
    expect(example.get_by_text("实操得分：100 分").first).to_be_visible()
    rows = page.get_by_role("region", name="实操").or_(page.locator("section.module").nth(1))
    first = rows.get_by_label("项目", exact=True).first
    first.evaluate(_PASTE, "驾驶\t碰杆\t直接给分\t60\n平稳\t\t直接给分\t30\n")
    expect(practical).to_have_text("合计 90，差 10")
    rows.get_by_label("配分", exact=True).nth(1).fill("40")
    expect(practical).to_have_text("合计 100，正好")
    rows.get_by_text("给裁判看的话、系数").first.click()
    rows.get_by_label("得分再乘的系数").first.fill("0.5")
    expect(practical).to_have_text("合计 70，差 30")
    rows.get_by_label("得分再乘的系数").first.fill("1")
    # A module that is to go counts no more.
    whole = weights.inner_text()
    goes = page.get_by_label("存的时候去掉这个模块").first
    goes.check()
    expect(weights).not_to_have_text(whole)
    goes.uncheck()
    expect(weights).to_have_text(whole)
    page.get_by_role("button", name="存下").last.click()
    expect(page.get_by_role("status").filter(has_text="现在是第 2 版")).to_be_visible()
    # What counts within a part counts there alone.
    page.get_by_role("button", name="再加一个部分").click()
    page.locator('[name="stages[0].parts[0].weight"]').fill("70")
    expect(weights).to_have_text("合计 170，差 -70")
    page.get_by_label("属于哪个部分").nth(1).select_option("0")
    expect(weights).to_have_text("合计 90，差 10")
    # Each step is taken back and done again, also after the server added a row of fields.
    undo, redo = (page.get_by_role("button", name=name) for name in ("撤销", "重做"))
    changed = page.locator("[data-part=changed]")
    undo.click()
    undo.click()
    expect(page.locator('[name="stages[0].parts[0].weight"]')).to_have_value("")
    expect(undo).to_be_disabled()
    expect(changed).to_be_hidden()
    top = rows.get_by_label("配分", exact=True)
    top.nth(0).fill("55")
    top.nth(0).press("Enter")
    expect(top.nth(1)).to_be_focused()
    top.nth(1).fill("45")
    expect(rows.get_by_label("原来是 60")).to_have_text("60")
    expect(changed).to_contain_text("改了 2 处")
    expect(changed).to_contain_text("碰杆 配分 60 → 55")
    grips = rows.get_by_role("button", name=re.compile("拖动"))
    grips.nth(0).press("ArrowDown")
    expect(page.get_by_text("移到第 2 行")).to_be_attached()
    names = rows.get_by_label("考核要点")
    expect(names.nth(0)).to_have_value("平稳")
    expect(names.nth(0)).to_have_attribute("name", "stages[0].modules[1].aspects[0].name")
    rows.get_by_role("button", name="再加几行").click()
    expect(changed).to_contain_text("改了 3 处")
    expect(names.nth(0)).to_have_value("平稳")
    undo.click()
    expect(names.nth(0)).to_have_value("碰杆")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(top.nth(0)).to_have_value("60")
    expect(changed).to_be_hidden()
    for _step in range(3):
        redo.click()
    expect(redo).to_be_disabled()
    assert violations(page) == []
    # By a finger or the mouse the number of a row is dragged to where the row shall stand.
    names.nth(1).scroll_into_view_if_needed()
    first, second = (grips.nth(at).bounding_box() or {} for at in (0, 1))
    page.mouse.move(first["x"] + 9, first["y"] + 9)
    page.mouse.down()
    page.mouse.move(second["x"] + 9, second["y"] + (second["y"] - first["y"]) * 0.9, steps=3)
    page.mouse.up()
    expect(names.nth(0)).to_have_value("碰杆")
    page.keyboard.press("Control+z")
    expect(names.nth(0)).to_have_value("平稳")
    page.get_by_role("button", name="存下").last.click()
    expect(page.get_by_role("status").filter(has_text="现在是第 3 版")).to_be_visible()
    expect(names.nth(0)).to_have_value("平稳")
    expect(page.locator(".was")).to_have_count(0)
    # An earlier version is taken back as a further one, and the form says what that changes.
    page.get_by_text("前几版").click()
    page.get_by_role("link", name=re.compile("第 2 版")).click()
    expect(names.nth(0)).to_have_value("碰杆")
    expect(changed).to_contain_text("改了 3 处")
    page.get_by_role("button", name="存下").last.click()
    expect(page.get_by_role("status").filter(has_text="现在是第 4 版")).to_be_visible()
    # Two at one form: who comes later sees what the other one saved, a row that is new to them too.
    other = page.context.new_page()
    other.goto(page.url.partition("&")[0])
    other.locator('[name="awards[3].name"]').fill("优胜奖")
    other.locator('[name="awards[3].top"]').fill("5")
    other.locator('[name="stages[0].name"]').fill("总决赛")
    other.get_by_role("button", name="存下").last.click()
    expect(other.get_by_role("status").filter(has_text="现在是第 5 版")).to_be_visible()
    page.locator('[name="awards[0].name"]').fill("金奖")
    page.get_by_role("button", name="存下").last.click()
    expect(page.get_by_role("alert")).to_contain_text("存过")
    expect(changed).to_contain_text("没有“优胜奖”了")
    expect(page.get_by_label("原来是 总决赛")).to_be_visible()
    with app.app_context():
        versions = db.session.get_one(Event, event.id).versions
        assert [it.sha256 == versions[1].sha256 for it in versions] == [
            False,
            True,
            False,
            True,
            False,
        ]
