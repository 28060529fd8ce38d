"""A time nobody needs is asked about, one marked anew stays till another is confirmed, and the
tablet says first what the server would not take."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.paper import aspect
from tests.browser.tablet.tablet import Tablet
from tests.browser.tablet.test_marking_anew import returned
from tests.browser.tablet.test_stopwatch import at, shows, started, until


def aspect_of(hall: Hall, code: str) -> dict[str, object]:
    aspect_there: dict[str, object] = next(
        entry for entry in hall.sheets["k27"]["aspects"] if entry["code"] == code
    )
    return aspect_there


def test_a_time_that_nobody_needs_is_asked_about_at_once_and_the_run_can_go_on(
    tablet: Tablet, hall: Hall
) -> None:
    """Though faults were counted while it ran, and the question is read slowly."""
    aspect_of(hall, "time")["plausible"] = {"least": "120", "most": "1440"}
    started(tablet)
    tablet.count("fall")
    tablet.counted("fall", 1)
    at(tablet, seconds=0.9)
    tablet.part("stop").click()
    question = tablet.page.get_by_role("dialog")
    expect(question).to_contain_text("用时 00:00.9，对吗？")
    expect(question).to_contain_text("一般在 02:00.0 到 24:00.0 之间")
    expect(question).to_contain_text("停早了、没停住，点“回去改”")
    tablet.page.clock.run_for(9000)
    question.get_by_role("button", name="回去改").click()
    expect(tablet.part("correct")).to_be_focused()
    tablet.page.clock.run_for(4000)
    tablet.part("goon").click()
    tablet.page.clock.run_for(200)
    until(tablet, lambda: hall.values("k27") == {"fall": "1"})
    at(tablet, minutes=3)
    shows(tablet, "03:00.0")


def test_going_on_ends_five_seconds_after_the_answer(tablet: Tablet, hall: Hall) -> None:
    aspect_of(hall, "time")["plausible"] = {"least": "120", "most": "1440"}
    started(tablet)
    at(tablet, seconds=0.9)
    tablet.part("stop").click()
    question = tablet.page.get_by_role("dialog")
    expect(question).to_be_visible()
    tablet.page.clock.run_for(9000)
    question.get_by_role("button", name="对，就是").click()
    tablet.page.clock.run_for(5100)
    expect(tablet.part("goon")).to_be_hidden()
    # Another question later brings it back no more.
    tablet.part("correct").click()
    tablet.page.keyboard.press("Escape")
    expect(tablet.page.get_by_role("dialog")).to_have_count(0)
    expect(tablet.part("goon")).to_be_hidden()


def test_a_time_that_nobody_was_sure_of_is_asked_about_before_handing_in(
    tablet: Tablet, hall: Hall
) -> None:
    """Who went back and forgot, and whose page went away under the question."""
    hall.sheets["k27"]["aspects"] = [aspect_of(hall, "time")]
    aspect_of(hall, "time")["plausible"] = {"least": "120", "most": "1440"}
    started(tablet)
    at(tablet, seconds=0.9)
    tablet.part("stop").click()
    tablet.page.clock.run_for(300)
    question = tablet.page.get_by_role("dialog")
    expect(question).to_contain_text("用时 00:00.9，对吗？")
    tablet.open_sheet().part("submit").click()
    expect(question).to_contain_text("用时 00:00.9，对吗？")
    tablet.answer(False)
    expect(tablet.part("correct")).to_be_focused()
    tablet.part("submit").click()
    expect(question).to_contain_text("用时 00:00.9，对吗？")
    tablet.answer()
    expect(question).to_contain_text("提交 K-27")
    question.get_by_role("button", name="再看看").click()
    tablet.part("submit").click()
    expect(question).to_contain_text("提交 K-27")


def test_a_sheet_of_what_is_compared_asks_about_a_digit_too_few_and_has_no_total(
    tablet: Tablet, hall: Hall
) -> None:
    """The best of the field takes marks from everybody else."""
    run = aspect(
        "run",
        "负重 200 米",
        "relative",
        "50",
        better="lower",
        unit="秒",
        plausible={"least": "23", "most": "92"},
    )
    hall.add_sheet({"id": "far", "code": "K-42", "aspects": [run]})
    tablet.open_sheet("far").measure("run", "4.6")
    question = tablet.page.get_by_role("dialog")
    expect(question).to_contain_text("负重 200 米 4.6 秒，对吗？")
    expect(question).to_contain_text("一般在 23 秒 到 92 秒 之间。")
    tablet.answer(False)
    tablet.key("clear").keys("46").key("confirm")
    hall.until(lambda: hall.values("far") == {"run": "46"})
    expect(question).to_have_count(0)
    # What it is worth nobody knows before the others ran; a dash would be no total.
    tablet.part("submit").click()
    expect(question.get_by_role("heading")).to_have_text("提交 K-42")
    tablet.answer()
    hall.until(lambda: hall.sheets["far"]["state"] == "submitted")
    tablet.part("sign").first.click()
    expect(question.get_by_role("heading").first).to_have_text("签名，K-42")


def anew(tablet: Tablet, hall: Hall) -> Tablet:
    returned(hall, "time")
    return tablet.open_sheet()


def test_a_time_marked_anew_offers_to_put_it_right_or_leave_it(tablet: Tablet, hall: Hall) -> None:
    anew(tablet, hall)
    shows(tablet, "08:00.0")
    expect(tablet.part("correct")).to_have_class("button watch-mend primary")
    tablet.page.get_by_role("button", name="还是 08:00.0").click()
    hall.until(lambda: hall.values("k27").get("time") == "480")
    assert [act["kind"] for act in hall.stored[-2:]] == ["watch_correct", "mark"]


def test_timing_again_keeps_the_old_time_until_the_new_one_is_confirmed(
    tablet: Tablet, hall: Hall
) -> None:
    anew(tablet, hall)
    tablet.page.get_by_role("button", name="重新计时").click()
    dialog = tablet.page.get_by_role("dialog")
    expect(dialog).to_contain_text("原来的 08:00.0 先留着")
    dialog.get_by_role("button", name="重新计时").click()
    tablet.page.wait_for_selector(".watch.running")
    # A finger that bounces stops nothing.
    tablet.page.wait_for_timeout(600)
    tablet.part("stop").click()
    expect(dialog).to_contain_text("换掉 08:00.0？")
    assert not [act for act in hall.stored if act["kind"] == "watch_stop"]
    dialog.get_by_role("button", name="还是 08:00.0").click()
    hall.until(lambda: hall.values("k27").get("time") == "480")


def test_a_deviation_may_be_below_zero_but_faults_and_notes_have_a_limit(
    tablet: Tablet, hall: Hall
) -> None:
    aspect_of(hall, "stack")["least"] = "-20000"
    aspect_of(hall, "hit")["most"] = "3"
    tablet.open_sheet()
    tablet.aspect("stack").get_by_role("button", name="输入").click()
    tablet.keys("14")
    tablet.page.locator('[data-key="sign"]').click()
    expect(tablet.page.locator("[data-part=field]")).to_have_value("-14")
    tablet.key("confirm")
    hall.until(lambda: hall.values("k27").get("stack") == "-14")
    tablet.count("hit", 4)
    expect(tablet.part("alerts")).to_contain_text("最多 3，4 没有记下")
    hall.until(lambda: hall.values("k27").get("hit") == "3")
    tablet.part("wholenote").click()
    dialog = tablet.page.get_by_role("dialog")
    dialog.locator("textarea").fill("长" * 2001)
    dialog.get_by_role("button", name="记下").click()
    expect(dialog).to_contain_text("最多 2000 个字，现在 2001 个，还没记下")
    dialog.locator("textarea").fill("长" * 2000)
    dialog.get_by_role("button", name="记下").click()
    hall.until(lambda: any(act["kind"] == "note" for act in hall.stored))
