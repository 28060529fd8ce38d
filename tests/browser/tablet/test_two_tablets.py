"""One judge with two tablets: nothing is handed in that was not seen on the one that hands in."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet


def other_tablet(hall: Hall, aspect: str, value: str) -> None:
    """What a second tablet of the same judge sends."""
    uuid = f"00000000-0000-4000-8000-{len(hall.stored):012}"
    act = {"uuid": uuid, "sheet": "k27", "kind": "mark", "aspect": aspect, "value": value}
    assert hall.take({"acts": [act]})["held"] == [uuid]


def fill(hall: Hall) -> None:
    """All that has no value by itself."""
    for aspect, value in {"smooth": "3", "stack": "8", "time": "480"}.items():
        other_tablet(hall, aspect, value)


def hand_in_offline(tablet: Tablet) -> None:
    tablet.page.context.set_offline(True)
    tablet.part("submit").click()
    expect(tablet.page.get_by_role("dialog")).to_contain_text("提交 K-27")
    tablet.page.get_by_role("dialog").get_by_role("button", name="提交评分").click()
    expect(tablet.part("state")).to_have_text("已提交")


def test_a_fault_that_the_other_tablet_adds_is_not_handed_in_unseen(
    tablet: Tablet, hall: Hall
) -> None:
    fill(hall)
    other_tablet(hall, "hit", "1")
    tablet.open_sheet()
    hand_in_offline(tablet)
    other_tablet(hall, "hit", "2")
    tablet.page.context.set_offline(False)
    alert = tablet.part("alerts")
    expect(alert).to_contain_text("提交 没有记下：碰杆在另一台平板上改过，请看过再提交")
    expect(tablet.part("submit")).to_be_visible()
    tablet.counted("hit", 2)
    assert hall.sheets["k27"]["state"] == "complete"
    tablet.part("submit").click()
    tablet.page.get_by_role("dialog").get_by_role("button", name="提交评分").click()
    hall.until(lambda: hall.sheets["k27"]["state"] == "submitted")
    assert hall.values("k27")["hit"] == "2"


def test_no_faults_counted_here_do_not_wipe_out_those_of_the_other_tablet(
    tablet: Tablet, hall: Hall
) -> None:
    fill(hall)
    tablet.open_sheet()
    hand_in_offline(tablet)
    other_tablet(hall, "fall", "1")
    tablet.page.context.set_offline(False)
    expect(tablet.part("alerts")).to_contain_text("倒杆 0 没有记下：另一台平板上记了 1")
    expect(tablet.part("alerts")).to_contain_text("倒杆在另一台平板上改过，请看过再提交")
    tablet.counted("fall", 1)
    assert hall.values("k27")["fall"] == "1"
    assert hall.sheets["k27"]["state"] == "complete"


def test_what_comes_while_the_question_stands_is_not_handed_in_by_its_answer(
    tablet: Tablet, hall: Hall
) -> None:
    fill(hall)
    other_tablet(hall, "hit", "1")
    tablet.open_sheet()
    tablet.part("submit").click()
    other_tablet(hall, "hit", "3")
    tablet.page.get_by_role("dialog").get_by_role("button", name="提交评分").click()
    expect(tablet.part("alerts")).to_contain_text("碰杆在另一台平板上改过")
    assert hall.sheets["k27"]["state"] == "complete"
    tablet.counted("hit", 3)


def test_the_warning_of_two_counts_moves_nothing(tablet: Tablet, hall: Hall) -> None:
    hall.sheets["k27"]["apart"] = ["“碰杆”两台平板各记各的"]
    tablet.open_sheet()
    note, first = tablet.part("apartnote"), tablet.part("aspects")
    expect(note).to_contain_text("两台平板各记各的")
    # Below the bar, whose height follows its own words.
    place = "(first) => first.getBoundingClientRect().y - main.getBoundingClientRect().y"
    before = first.evaluate(place)
    tablet.part("apartaway").click()
    expect(note).to_be_hidden()
    assert first.evaluate(place) == before
    tablet.page.evaluate("document.querySelector('[data-part=apartnote]').hidden = false")
    assert first.evaluate(place) == before
