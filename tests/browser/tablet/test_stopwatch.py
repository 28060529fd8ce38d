"""The stop-watch counts from the instant it was started, come what may."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet

START = datetime(2026, 9, 16, 2, 24, 6, tzinfo=UTC)


def at(tablet: Tablet, **later: float) -> None:
    """Set the tablet's time, as sleep or a wait would."""
    tablet.page.clock.pause_at(START + timedelta(**later))


def until(tablet: Tablet, condition: Callable[[], bool]) -> None:
    """Let the tablet's time run, a little at a time, until something is true of the server."""
    for _ in range(200):
        if condition():
            return
        tablet.page.clock.run_for(10)
    raise AssertionError("the tablet did not get there in time")


def shows(tablet: Tablet, time: str) -> None:
    """The face of the watch."""
    expect(tablet.page.locator(".watch-time")).to_have_text(time)


def started(tablet: Tablet) -> Tablet:
    """A sheet whose watch has just been started."""
    tablet.hall.tells_time = False
    tablet.page.clock.install(time=START - timedelta(seconds=5))
    tablet.open_sheet()
    at(tablet)
    tablet.part("start").click()
    # A finger that bounces does not stop it again.
    tablet.part("stop").click()
    tablet.page.clock.run_for(200)
    tablet.page.wait_for_selector(".watch.running")
    return tablet


def test_it_runs_through_a_reload_and_a_sleep_and_time_may_be_given_back(
    tablet: Tablet, hall: Hall
) -> None:
    started(tablet)
    expect(tablet.part("began")).to_have_text("10:24:06 开始")
    at(tablet, seconds=61.5)
    shows(tablet, "01:01.5")
    tablet.page.reload()
    tablet.page.clock.run_for(500)
    tablet.page.wait_for_selector(".watch.running")
    at(tablet, minutes=5, seconds=42.35)
    shows(tablet, "05:42.3")
    expect(tablet.part("left").first).to_have_text("还有 2 分 18 秒")
    # Time given back is time left, and the reading stays.
    hall.sheets["k27"]["given"] = 120
    at(tablet, minutes=9)
    tablet.page.reload()
    tablet.page.clock.run_for(500)
    tablet.page.wait_for_selector(".watch.running")
    at(tablet, minutes=9, seconds=20)
    expect(tablet.part("givenwords")).to_have_text("补时 2 分钟")
    expect(tablet.part("left").first).to_have_text("含补时还有 40 秒")
    expect(tablet.page.locator(".watch.over")).to_have_count(0)
    at(tablet, minutes=10, seconds=5)
    expect(tablet.part("left").first).to_have_text("含补时超 5 秒")
    tablet.part("stop").click()
    tablet.page.clock.run_for(200)
    until(tablet, lambda: "time" in hall.values("k27"))
    assert hall.values("k27")["time"].startswith("605")


def test_stopping_leaves_five_seconds_for_regret_and_a_correction_asks_why(
    tablet: Tablet, hall: Hall
) -> None:
    started(tablet)
    at(tablet, minutes=7, seconds=51.66)
    tablet.part("stop").click()
    tablet.page.clock.run_for(200)
    until(tablet, lambda: hall.values("k27") == {"time": "471.6"})
    expect(tablet.part("result")).to_have_text("没超 8 分钟，用时得 10 / 10")
    tablet.page.clock.run_for(400)
    tablet.part("goon").click()
    tablet.page.clock.run_for(200)
    until(tablet, lambda: hall.values("k27") == {})
    at(tablet, minutes=8, seconds=23.4)
    shows(tablet, "08:23.4")
    expect(tablet.part("latewords")).to_have_text("超 24 秒，扣 2.34 分")
    tablet.part("stop").click()
    until(tablet, lambda: hall.values("k27") == {"time": "503.4"})
    tablet.page.clock.run_for(6000)
    expect(tablet.part("goon")).to_be_hidden()
    # A correction asks why.
    tablet.part("correct").click()
    tablet.keys("8620").key("confirm")
    expect(tablet.page.locator("dialog [data-part=sentence]")).to_have_text(
        "秒数最多 59，08:62.0 没有记下"
    )
    tablet.keys("8020").key("confirm")
    expect(tablet.page.locator("dialog [data-part=sentence]")).to_have_text("点一下为什么改")
    tablet.page.get_by_role("button", name="停早了").click()
    # A keyboard goes on where the finger chose.
    tablet.page.keyboard.type("8020")
    tablet.page.keyboard.press("Enter")
    tablet.page.clock.run_for(300)
    until(tablet, lambda: hall.values("k27") == {"time": "482"})
    shows(tablet, "08:02.0")
    kinds = [(act["kind"], act.get("value"), act.get("note")) for act in hall.stored]
    assert kinds[-2:] == [("watch_correct", "482", "停早了"), ("mark", "482", "停早了")]


def test_a_running_watch_put_right_goes_on_from_there(tablet: Tablet, hall: Hall) -> None:
    started(tablet)
    at(tablet, seconds=30)
    tablet.part("correct").click()
    tablet.page.get_by_role("button", name="别的").click()
    tablet.part("other").fill("旗语看漏了")
    tablet.keys("1000").key("confirm")
    tablet.page.clock.run_for(300)
    until(tablet, lambda: len(hall.stored) == 3)
    assert hall.stored[1]["note"] == "旗语看漏了"
    at(tablet, seconds=60)
    shows(tablet, re.compile(r"01:30\.0"))


def test_no_setting_of_the_clock_changes_a_run_before_the_server_has_said_so(lab: Page) -> None:
    readings = lab.evaluate(
        """async () => {
          const {Stopwatch} = await import(`${origin}/static/js/judge/stopwatch.js`);
          let wall = 1_000_000, steady = 0, heard = 0, skew = 0;
          const start = wall;
          const since = (at) => ({
            own: wall - start, server: wall + skew - Date.parse(at), within: 0,
          });
          const watch = new Stopwatch(since, () => steady, () => heard);
          watch.follow({kind: 'watch_start', at: new Date(wall).toISOString()});
          const read = () => [watch.elapsed, watch.other, watch.isDoubtful];
          wall += 10_000; steady += 10_000;
          const before = read();
          wall -= 3_600_000; steady += 5_000;   // someone sets the tablet back an hour
          const back = read();
          steady += 100; wall += 100; skew = 3_605_000; heard = steady;
          steady += 100; wall += 100;           // the server has said what time it is
          const settled = read();
          wall += 60_000; skew += 100;          // a minute asleep: the steady clock stood still
          const asleep = read();
          steady += 100; wall += 100; heard = steady;
          const woken = read();
          return [before, back, settled, asleep, woken];
        }"""
    )
    assert readings == [
        [10_000, None, False],
        [15_000, 0, True],
        [15_200, 0, True],
        [15_200, 0, True],
        [75_400, 15_300, True],
    ]


@pytest.mark.parametrize("step", [15, 3600, -900])
def test_a_clock_that_jumps_in_a_run_is_asked_about_with_both_readings(
    tablet: Tablet, hall: Hall, step: int
) -> None:
    """NTP, or somebody, sets the tablet's clock: 7.7 s must not become 22.5 s unasked."""
    tablet.open_sheet()
    tablet.part("start").click()
    tablet.page.wait_for_selector(".watch.running")
    tablet.page.wait_for_timeout(700)
    tablet.page.context.set_offline(True)
    tablet.page.evaluate(
        "(by) => { const at = Date.now; Date.now = () => at() + by; }", step * 1000
    )
    expect(tablet.part("doubt")).to_be_visible()
    tablet.part("stop").click()
    question = tablet.page.get_by_role("dialog")
    expect(question).to_contain_text(re.compile(r"用时 00:0\d\.\d，还是"))
    tablet.answer()
    tablet.page.context.set_offline(False)
    hall.until(lambda: "time" in hall.values("k27"))
    assert float(str(hall.values("k27")["time"])) < 10
    assert [act["kind"] for act in hall.stored if act["kind"].startswith("watch")] == [
        "watch_start",
        "watch_stop",
    ]


def test_the_other_reading_is_one_press_and_says_why(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    tablet.part("start").click()
    tablet.page.wait_for_selector(".watch.running")
    tablet.page.wait_for_timeout(700)
    tablet.page.context.set_offline(True)
    tablet.page.evaluate("() => { const at = Date.now; Date.now = () => at() + 90_000; }")
    expect(tablet.part("doubt")).to_be_visible()
    tablet.part("stop").click()
    tablet.answer(False)
    tablet.page.context.set_offline(False)
    hall.until(lambda: 90 <= float(str(hall.values("k27").get("time", 0))) < 100)
    corrected = [act for act in hall.stored if act["kind"] == "watch_correct"]
    assert [act["note"] for act in corrected] == ["平板的钟跳过，按另一个钟"]


def test_a_second_tablet_shows_the_same_run(tablet: Tablet, hall: Hall) -> None:
    now = datetime.now(UTC)
    hall.take(
        {
            "acts": [
                {
                    "uuid": "w",
                    "sheet": "k27",
                    "kind": "watch_start",
                    "aspect": "time",
                    "at": (now - timedelta(minutes=3)).isoformat(),
                }
            ]
        }
    )
    tablet.open_sheet()
    expect(tablet.page.locator(".watch-time")).to_have_text(re.compile(r"03:[0-5]\d\.\d"))


@pytest.mark.parametrize("off", [4, -4])
def test_a_watch_that_is_taken_over_goes_by_the_servers_clock_and_is_asked_about(
    tablet: Tablet, hall: Hall, off: int
) -> None:
    """The other tablet's clock is minutes off: 10 s must not become 4:10."""
    now = datetime.now(UTC)
    start = {"uuid": "w", "sheet": "k27", "kind": "watch_start", "aspect": "time"}
    hall.take({"acts": [{**start, "at": (now - timedelta(seconds=10)).isoformat()}]})
    tablet.page.clock.install(time=now + timedelta(minutes=off))
    tablet.open_sheet()
    shows(tablet, re.compile(r"00:[1-5]\d\.\d"))
    tablet.part("stop").click()
    question = tablet.page.get_by_role("dialog")
    expect(question).to_contain_text("另一台平板")
    expect(question).to_contain_text(re.compile(r"用时 00:[1-5]\d\.\d，对吗"))
    tablet.answer()
    expect(tablet.part("result")).to_be_visible()
    assert 9 < float(str(hall.values("k27")["time"])) < 60
    stopped = next(act for act in hall.stored if act["kind"] == "watch_stop")
    assert abs(datetime.fromisoformat(stopped["at"]) - now) < timedelta(minutes=1)


def test_the_most_exact_word_of_the_servers_clock_is_kept(lab: Page) -> None:
    offsets = lab.evaluate(
        """async () => {
          const {betterClock} = await import(`${origin}/static/js/keeping/line.js`);
          const at = 1_000_000;
          const good = {skew: 1000, within: 10, at};
          const slow = {skew: 3500, within: 3000, at: at + 1000};
          const set = {skew: 61_000, within: 3000, at: at + 1000};
          const better = {skew: 1004, within: 5, at: at + 1000};
          return [[null, slow], [good, slow], [good, set], [good, better], [slow, good]]
            .map(([known, heard]) => betterClock(known, heard).skew);
        }"""
    )
    assert offsets == [3500, 1000, 61_000, 1004, 1000]


def test_no_question_opens_over_the_counters_while_the_watch_runs(
    tablet: Tablet, hall: Hall
) -> None:
    aspects = {aspect["code"]: aspect for aspect in hall.sheets["k27"]["aspects"]}
    aspects["smooth"]["plausible"] = {"least": "2", "most": "3"}
    started(tablet)
    tablet.level("smooth", 0)
    until(tablet, lambda: hall.values("k27").get("smooth") == "0")
    expect(tablet.page.get_by_role("dialog")).to_have_count(0)
    tablet.count("fall")
    tablet.counted("fall", 1)
    tablet.page.clock.run_for(600)
    tablet.part("stop").click()
    question = tablet.page.get_by_role("dialog")
    expect(question).to_contain_text("这一项评 0 分，对吗？")
    expect(question).to_contain_text("操作平稳")
    question.get_by_role("button", name="回去改").click()
    expect(question).to_have_count(0)
    # What was tapped since stays.
    tablet.counted("fall", 1)


def test_on_a_phone_no_button_stands_over_the_time(tablet: Tablet) -> None:
    tablet.page.set_viewport_size({"width": 390, "height": 844})
    tablet.open_sheet()
    boxes = {
        name: tablet.page.locator(where).bounding_box()
        for name, where in {
            "time": ".watch-time",
            "correct": ".watch [data-part=correct]",
            "start": ".watch [data-part=start]",
        }.items()
    }
    time, tenth = boxes["time"], tablet.page.locator(".watch-time small").bounding_box()
    assert time is not None
    assert tenth is not None
    for name in ("correct", "start"):
        box = boxes[name]
        assert box is not None
        assert box["x"] >= tenth["x"] + tenth["width"] or box["y"] >= time["y"] + time["height"]
        assert box["x"] + box["width"] <= 390
