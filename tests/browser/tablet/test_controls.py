"""Every control, by finger and by keyboard; what is off the scale; undo; the foot."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import aspect
from tests.browser.tablet.tablet import Tablet
from tests.support.aspect_types import TYPES


def marks(control: Locator) -> Locator:
    """得 16 / 20 of a control."""
    return control.locator(".got").first


def test_a_counter_counts_takes_back_goes_on_at_the_floor_and_asks_nothing(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.open_sheet()
    less = tablet.aspect("hit").locator("[data-part=less]")
    expect(less).to_have_attribute("aria-disabled", "true")
    less.click(force=True)
    tablet.counted("hit", 0)
    assert hall.stored == [], "something was taken from a counter at zero"
    tablet.count("safe")
    tablet.counted("safe", 1)
    expect(marks(tablet.aspect("safe"))).to_have_text("得5 / 10")
    tablet.aspect("safe").locator("[data-part=less]").click()
    tablet.counted("safe", 0)
    tablet.count("safe", 2)
    tablet.count("safe")
    tablet.counted("safe", 3)
    expect(marks(tablet.aspect("safe"))).to_have_text("得0 / 10")
    hall.until(lambda: hall.values("k27") == {"safe": "3"})
    # One fault, a counter at its floor and full marks are nothing to ask about.
    tablet.count("hit").count("spill", 2).level("smooth", 3)
    marked = {"safe": "3", "hit": "1", "spill": "2", "smooth": "3"}
    hall.until(lambda: hall.values("k27") == marked)
    tablet.page.wait_for_timeout(300)
    expect(tablet.page.locator("dialog")).to_have_count(0)


def test_every_type_has_its_control_and_says_full_marks(tablet: Tablet, hall: Hall) -> None:
    forms = [(kind, form) for kind, forms in TYPES.items() for form in forms]
    aspects = [
        aspect(f"a{n}", f"第 {n} 项", kind, "10", **form.keys(Random(0), Decimal(10)))
        for n, (kind, form) in enumerate(forms)
    ]
    hall.add_sheet({"id": "k41", "code": "K-41", "aspects": aspects})
    tablet.open_sheet("k41")
    for aspect_there in aspects:
        expect(tablet.aspect(aspect_there["code"])).to_be_visible()
        expect(tablet.aspect(aspect_there["code"])).to_contain_text("10")


def test_an_implausible_value_is_asked_about_once(tablet: Tablet, hall: Hall) -> None:
    usual = {"least": "8.5", "most": "20"}
    plan = aspect("plan", "作业方案", "score", "20", step="0.5", plausible=usual)
    hall.add_sheet({"id": "odd", "code": "K-40", "aspects": [plan]})
    tablet.open_sheet("odd").aspect("plan").locator("[data-part=value]").click()
    tablet.keys("1").key("confirm")
    question = tablet.page.locator("dialog")
    expect(question).to_contain_text("8.5 到 20")
    # It is on the tablet already: the question loses nothing.
    hall.until(lambda: hall.values("odd") == {"plan": "1"})
    tablet.answer(False)
    tablet.keys("15").key("confirm")
    hall.until(lambda: hall.values("odd") == {"plan": "15"})
    expect(question).to_have_count(0)
    tablet.aspect("plan").locator("[data-part=value]").click()
    tablet.keys("1").key("confirm")
    hall.until(lambda: hall.values("odd") == {"plan": "1"})
    expect(question).to_have_count(0)


def test_a_ladder_takes_one_level_a_measured_value_its_band_and_both_a_note(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.open_sheet()
    ladder = tablet.aspect("smooth")
    expect(ladder.get_by_role("radio")).to_have_count(4)
    expect(ladder).to_contain_text("起步停车平稳，个别顿挫")
    tablet.level("smooth", 2)
    expect(marks(ladder)).to_have_text("得6.67 / 10")
    tablet.level("smooth", 2)
    expect(ladder.get_by_role("radio", checked=True)).to_have_count(1)
    hall.until(lambda: hall.values("k27") == {"smooth": "2"})
    assert len(hall.stored) == 1, "a level that stood was recorded again"
    stack = tablet.aspect("stack")
    stack.locator("[data-part=enter]").click()
    hit = tablet.page.locator(".band.hit")
    for typed, words in [("10", "10 以内"), ("14", "20 以内"), ("40.1", "超过 40")]:
        tablet.key("clear").keys(typed)
        expect(hit).to_contain_text(words)
    tablet.key("back").key("back").key("back").key("back").keys("20")
    expect(hit).to_contain_text("7 分")
    expect(marks(stack)).to_have_text("得7 / 10")
    assert len(hall.stored) == 1, "a value was recorded before it was confirmed"
    tablet.key("confirm")
    hall.until(lambda: hall.values("k27") == {"smooth": "2", "stack": "20"})
    stack.locator("[data-part=enter]").click()
    tablet.key("clear").key("confirm")
    hall.until(lambda: hall.values("k27") == {"smooth": "2"})
    known = len(hall.stored)
    # It is what is missing first, so it lies open again.
    tablet.key("note")
    tablet.page.get_by_label("写下看到的").fill("两箱错位，量了两次")
    tablet.page.get_by_role("button", name="记下").click()
    hall.until(lambda: len(hall.stored) == known + 1)
    note = hall.stored[-1]
    assert (note["kind"], note["aspect"], note["note"]) == ("note", "stack", "两箱错位，量了两次")


def test_yes_or_no_is_taken_back_and_a_score_steps_types_and_keeps_to_its_scale(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.open_sheet("k33")
    tools = tablet.aspect("tools")
    expect(tools).to_contain_text("没评")
    tools.get_by_role("button", name="合格", exact=True).click()
    hall.until(lambda: hall.values("k33") == {"tools": True})
    # A finger that bounces is no change of mind.
    tools.get_by_role("button", name="不合格").dblclick()
    hall.until(lambda: hall.values("k33") == {"tools": False})
    tablet.page.wait_for_timeout(400)  # a tap sooner than this is the same bounce
    tools.get_by_role("button", name="不合格").click()
    hall.until(lambda: hall.values("k33") == {})
    expect(tools.get_by_role("button", pressed=True)).to_have_count(0)
    plan = tablet.aspect("plan")
    value = plan.locator("[data-part=value]")
    expect(value).to_have_text("没评")
    value.click()
    tablet.keys("17.5").key("confirm")
    plan.locator("[data-part=plus]").click()
    expect(value).to_have_text("18")
    plan.locator("[data-part=minus]").click()
    expect(value).to_have_text("17.5")
    value.click()
    tablet.keys("25").key("confirm")
    problem = tablet.page.locator("dialog [data-part=sentence]")
    expect(problem).to_have_text("最高 20 分，25 没有记下")
    tablet.keys("17.3").key("confirm")
    expect(problem).to_have_text("0.5 分一档，17.3 没有记下")
    # A comma that fell away would leave 12, and a full stop of an input method 175.
    keys = tablet.page.keyboard
    keys.type("1,2")
    keys.press("Enter")
    expect(problem).to_have_text("1,2 不是能记的数，没有记下")
    keys.insert_text("１７。３")
    keys.press("Enter")
    expect(problem).to_have_text("0.5 分一档，17.3 没有记下")
    tablet.page.get_by_role("button", name="不改了").click()
    expect(value).to_have_text("17.5")
    value.click()
    tablet.keys("20").key("confirm")
    expect(plan).to_contain_text("最高 20")
    expect(plan.locator("[data-part=plus]")).to_have_attribute("aria-disabled", "true")
    hall.until(lambda: hall.values("k33") == {"plan": "20"})
    assert all(act.get("value") not in ("25", "17.3") for act in hall.stored)
    # A held button runs on and records where it was let go.
    known = len(hall.stored)
    value.click()
    tablet.keys("10").key("confirm")
    hall.until(lambda: hall.values("k33") == {"plan": "10"})
    plan.locator("[data-part=plus]").hover()
    tablet.page.mouse.down()
    expect(value).to_have_text(re.compile(r"^1[2-9]"))
    tablet.page.mouse.up()
    shown = value.inner_text()
    hall.until(lambda: hall.values("k33") == {"plan": shown})
    assert len(hall.stored) == known + 2, "each step of a held button was recorded"


def test_undo_takes_back_act_by_act_and_the_foot_leads_to_what_is_missing(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.open_sheet()
    tablet.total("—")
    foot = tablet.part("foot")
    expect(foot).to_contain_text("还有 3 项没评")
    expect(foot).to_contain_text("操作平稳、堆码偏差、用时")
    expect(foot.get_by_role("button", name="提交评分")).to_be_hidden()
    tablet.count("hit", 2).level("smooth", 3)
    line = tablet.part("undoline")
    expect(line).to_contain_text("操作平稳 评 3")
    undo = line.get_by_role("button", name="撤销")
    undo.click()
    expect(line).to_contain_text("操作平稳 改回没评")
    undo.click()
    expect(line).to_contain_text("撤了，碰杆 回到 1")
    undo.click()
    tablet.counted("hit", 0)
    expect(undo).to_have_attribute("aria-disabled", "true")
    hall.until(lambda: len(hall.stored) == 6)
    assert hall.values("k27") == {}
    tablet.count("hit")
    tablet.page.keyboard.press("Control+z")
    tablet.counted("hit", 0)
    tablet.count("hit", 2).count("safe").level("smooth", 2)
    tablet.total("67.67")
    foot.get_by_role("button", name="下一项 堆码偏差").click()
    expect(tablet.aspect("stack")).to_have_class(re.compile("opened"))
    # Counters that nobody has touched stay open.
    expect(tablet.page.locator(".tile:visible")).to_have_count(3)
    tablet.page.keyboard.type("14")
    tablet.page.keyboard.press("Enter")
    expect(foot.get_by_role("button", name="下一项 用时")).to_be_visible()
    # A mark given outright is led to with its keypad open.
    hall.add_sheet(
        {"id": "paper", "code": "K-42", "aspects": [aspect("all", "卷面成绩", "score", "100")]}
    )
    tablet.open_sheet("paper")
    tablet.part("foot").get_by_role("button", name="下一项 卷面成绩").click()
    expect(tablet.page.locator("dialog[open]")).to_contain_text("卷面成绩")
    tablet.page.keyboard.type("87")
    tablet.page.keyboard.press("Enter")
    tablet.total("87.00")


def test_handing_in_writes_down_what_was_never_touched(tablet: Tablet, hall: Hall) -> None:
    hall.add_sheet(
        {
            "id": "few",
            "code": "K-41",
            "next": {"id": "k33", "code": "K-33"},
            "aspects": [
                aspect("hit", "碰杆", "deduction", "20", points="2"),
                aspect("smooth", "操作平稳", "judgement", "10"),
            ],
        }
    )
    tablet.open_sheet("few").level("smooth", 3)
    tablet.total("30.00")
    tablet.part("submit").click()
    expect(tablet.page.locator("dialog")).to_contain_text("提交 K-41，总分 30.00")
    expect(tablet.page.locator("dialog")).to_contain_text("碰杆没有记错，按 0 次交。")
    tablet.answer()
    hall.until(lambda: hall.sheets["few"]["state"] == "submitted")
    assert hall.values("few") == {"hit": "0", "smooth": "3"}
    expect(tablet.page.get_by_role("link", name="下一张 K-33")).to_be_visible()
    expect(tablet.page.locator(".tile").first).to_have_attribute("aria-disabled", "true")


def test_a_sheet_sent_back_says_why_and_can_be_handed_in_again(tablet: Tablet, hall: Hall) -> None:
    hall.sheets["k33"] |= {"state": "returned", "returned_reason": "测量结果重新算一下"}
    hall.take(
        {
            "acts": [
                {"uuid": "1", "sheet": "k33", "kind": "mark", "aspect": "plan", "value": "18.00"},
                {"uuid": "2", "sheet": "k33", "kind": "mark", "aspect": "tools", "value": True},
                {"uuid": "3", "sheet": "k33", "kind": "mark", "aspect": "result", "value": "75"},
            ]
        }
    )
    tablet.open_sheet("k33")
    expect(tablet.part("returned")).to_contain_text("退回：测量结果重新算一下")
    tablet.page.locator(".tile", has_text="测量结果").click()
    tablet.aspect("result").locator("[data-part=value]").click()
    tablet.keys("70").key("confirm")
    tablet.total("93.00")
    tablet.part("submit").click()
    tablet.answer()
    hall.until(lambda: hall.sheets["k33"]["state"] == "submitted")


def test_the_whole_sheet_can_be_marked_from_the_keyboard(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    keys = tablet.page.keyboard
    tablet.aspect("hit").locator("[data-part=plus]").focus()
    keys.press("Enter")
    keys.press("+")
    keys.press("-")
    keys.press("Tab")
    keys.press("Enter")
    tablet.aspect("smooth").get_by_role("radio").first.focus()
    keys.press("2")
    keys.press("Tab")
    keys.press("Enter")
    keys.type("14")
    keys.press("Backspace")
    keys.type("8")
    keys.press("Enter")
    hall.until(lambda: "stack" in hall.values("k27"))
    keys.press("Enter")
    tablet.page.wait_for_selector(".watch.running")
    tablet.page.wait_for_timeout(600)  # a stop sooner than this is a bouncing finger
    keys.press("Enter")
    hall.until(lambda: "time" in hall.values("k27"))
    tablet.part("submit").focus()
    keys.press("Enter")
    expect(tablet.page.locator("dialog")).to_be_visible()
    keys.press("Enter")
    hall.until(lambda: hall.sheets["k27"]["state"] == "submitted")
    values = hall.values("k27")
    assert (values["hit"], values["smooth"], values["stack"]) == ("1", "2", "18")


PLACES = """() => [...document.querySelectorAll("main button")]
  .filter((button) => button.checkVisibility())
  .map((button) => Math.round(button.getBoundingClientRect().y + scrollY))"""
WORDS = """(text) => { document.querySelector('[data-part="chip-words"]').textContent = text; }"""


@pytest.mark.parametrize("size", [(1024, 768), (768, 1024), (390, 844)])
def test_the_first_tap_moves_nothing(tablet: Tablet, hall: Hall, size: tuple[int, int]) -> None:
    tablet.page.set_viewport_size({"width": size[0], "height": size[1]})
    tablet.open_sheet()
    before = tablet.page.evaluate(PLACES)
    tablet.count("hit")
    tablet.counted("hit", 1)
    assert tablet.page.evaluate(PLACES) == before
    tablet.level("smooth", 1)
    hall.until(lambda: hall.values("k27") == {"hit": "1", "smooth": "1"})
    assert tablet.page.evaluate(PLACES) == before


@pytest.mark.parametrize("words", ["已存", "你的都已上传，别人的 12 条没传，点开看", "服务器" * 20])
def test_no_words_of_the_phones_bar_move_the_page(tablet: Tablet, words: str) -> None:
    tablet.page.set_viewport_size({"width": 390, "height": 844})
    tablet.open_sheet()
    before = tablet.page.evaluate(PLACES)
    tablet.page.evaluate(WORDS, words)
    assert tablet.page.evaluate(PLACES) == before
    assert tablet.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_second_tap_of_a_finger_that_bounces_is_not_for_what_came_to_lie_there(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.open_sheet()
    cell = tablet.aspect("smooth").locator(".ladder-cell").nth(1)
    box = cell.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    # Whatever the page does, another level lies under the finger by the second tap.
    cell.evaluate(
        """(cell) => cell.addEventListener('click', () => {
             cell.nextElementSibling.after(cell);
           })"""
    )
    tablet.page.mouse.dblclick(x, y)
    hall.until(lambda: hall.values("k27") == {"smooth": "1"})
    tablet.page.wait_for_timeout(400)
    tablet.page.mouse.click(x, y)
    hall.until(lambda: hall.values("k27") == {"smooth": "2"})
    assert [act["value"] for act in hall.stored] == ["1", "2"]
