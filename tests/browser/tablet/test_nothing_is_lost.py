"""Marks reach the server once and stay right, whatever happens to network, server or page."""

from __future__ import annotations

import json
import re
from time import time
from uuid import UUID

from playwright.sync_api import expect

from tests.browser.tablet.hall import Hall
from tests.browser.tablet.tablet import Tablet


def once_each(hall: Hall) -> None:
    """No act is held twice."""
    uuids = [act["uuid"] for act in hall.stored]
    assert len(uuids) == len(set(uuids))


def test_marks_go_up_by_themselves_whatever_the_server_or_the_network_does(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.open_sheet().count("hit", 2)
    tablet.counted("hit", 2)
    tablet.says(re.compile(r"^都已上传 \d\d:\d\d$"))
    assert hall.values("k27") == {"hit": "2"}
    act = hall.stored[0]
    assert UUID(act["uuid"]).version == 4
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", act["at"])
    assert [stored_act["seq"] for stored_act in hall.stored] == [1, 2]
    assert len({stored_act["tablet"] for stored_act in hall.stored}) == 1
    # Without a network they wait.
    tablet.page.context.set_offline(True)
    tablet.count("hit", 3).level("smooth", 2)
    tablet.says("4 条待上传·已存本机")
    assert len(hall.stored) == 2, "a mark went out without a network"
    tablet.page.context.set_offline(False)
    hall.until(lambda: hall.values("k27") == {"hit": "5", "smooth": "2"})
    tablet.says(re.compile("^都已上传"))
    once_each(hall)
    # An answer that is lost doubles nothing.
    hall.lose_answers = 2
    tablet.count("hit").count("fall", 2)
    hall.until(lambda: hall.values("k27") == {"hit": "6", "smooth": "2", "fall": "2"})
    tablet.says(re.compile("^都已上传"))
    assert hall.lose_answers == 0
    once_each(hall)
    tablet.counted("hit", 6)
    # A dead server is waited for.
    hall.down()
    tablet.count("hit", 4)
    tablet.says("4 条待上传·已存本机")
    hall.up()
    hall.until(lambda: hall.values("k27")["hit"] == "10")
    tablet.says(re.compile("^都已上传"))
    once_each(hall)
    # One that answers with errors gets everything later.
    hall.status = 503
    tablet.count("fall", 2)
    tablet.says("2 条待上传·已存本机")
    hall.status = None
    hall.until(lambda: hall.values("k27")["fall"] == "4")
    tablet.says(re.compile("^都已上传"))
    # A reload shows what waits, and sends it.
    hall.status = 503
    tablet.count("hit", 2).level("smooth", 1)
    tablet.says("3 条待上传·已存本机")
    tablet.page.reload()
    tablet.ready().counted("hit", 12)
    expect(tablet.aspect("smooth").get_by_role("radio", checked=True)).to_contain_text("有急停")
    hall.status = None
    hall.until(lambda: hall.values("k27") == {"hit": "12", "smooth": "1", "fall": "4"})
    once_each(hall)


def test_batches_that_are_too_big_are_halved(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet().page.context.set_offline(True)
    tablet.count("hit", 7)
    tablet.says("7 条待上传·已存本机")
    hall.status = 413
    tablet.page.context.set_offline(False)
    # From fifty down to six; the key is asked for too, and is no batch.
    hall.until(lambda: hall.turned_away >= 3)
    hall.status = None
    tablet.page.evaluate("dispatchEvent(new Event('online'))")
    hall.until(lambda: hall.values("k27") == {"hit": "7"})
    assert len(hall.posts[0]) < 7
    once_each(hall)


def test_a_page_closed_at_once_still_hands_its_marks_over(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    other = tablet.another_tab()
    hall.delay = 1.0
    tablet.count("hit")
    tablet.counted("hit", 1)
    tablet.page.close()
    hall.until(lambda: hall.values("k27") == {"hit": "1"})
    other.open_sheet().counted("hit", 1)
    once_each(hall)


def test_quick_tapping_counts_every_tap_but_one_that_is_refused(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    tablet.page.evaluate(
        """const plus = document.querySelector('[data-aspect=hit] [data-part=plus]');
        for (let n = 0; n < 30; n++) plus.click()"""
    )
    tablet.counted("hit", 30)
    hall.until(lambda: hall.values("k27") == {"hit": "30"})
    assert [act["value"] for act in hall.stored] == [str(n) for n in range(1, 31)]
    # A refused one goes back and says why.
    tablet.count("fall")
    hall.until(lambda: hall.values("k27") == {"hit": "30", "fall": "1"})
    hall.refusing["fall"] = "评分已经锁定，这一条没有记下"
    tablet.count("fall")
    tablet.says("1 条没被收下，点开看")
    tablet.counted("fall", 1)
    expect(tablet.page.get_by_role("alert").first).to_contain_text(
        "倒杆 2 没有记下：评分已经锁定，这一条没有记下。现在按服务器上的算。"
    )
    tablet.part("chip").click()
    row = tablet.page.locator("dialog [data-part=refused] li")
    expect(row).to_contain_text("评分已经锁定")
    row.get_by_role("button", name="知道了").click()
    expect(row).to_have_count(0)
    tablet.page.keyboard.press("Escape")
    tablet.says(re.compile("^都已上传"))
    tablet.page.reload()
    tablet.ready().counted("fall", 1)


def test_an_expired_session_keeps_the_marks_until_the_judge_is_back_or_has_no_seat(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.open_sheet()
    hall.signed_in = False
    tablet.count("hit", 2)
    tablet.says("请重新登录，分数都在本机")
    tablet.part("chip").click()
    expect(tablet.page.get_by_role("link", name="去登录")).to_be_visible()
    tablet.page.keyboard.press("Escape")
    # Signed in again in another tab: a new session has a new token.
    hall.signed_in, hall.token = True, "token-2"
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    hall.until(lambda: hall.values("k27") == {"hit": "2"})
    tablet.says(re.compile("^都已上传"))
    # Whose seat somebody else has hands over what is unsent, and the tablet.
    hall.signed_in, hall.seat_is_over = False, True
    tablet.count("hit", 2)
    tablet.says("席位换给别人了，2 条没上传，点开看")
    tablet.part("chip").click()
    page = tablet.page
    expect(page.get_by_text("存成文件交给记分员，再把平板交回去")).to_be_visible()
    expect(page.get_by_role("link", name="去登录")).to_be_hidden()
    expect(page.get_by_role("button", name="存成文件")).to_be_visible()
    # Loading the page again leads nowhere, and still tells of them.
    page.goto(f"{hall.address}/judge/sheets/k27")
    left = page.locator("[data-part=lefthere]")
    expect(left).to_contain_text("许静")
    expect(left).to_contain_text("2 条没上传：K-27")
    with page.expect_download() as download:
        left.get_by_role("button", name="存成文件").click()
    package = json.loads(download.value.path().read_text())
    assert [act[package["keys"].index("aspect")] for act in package["acts"]] == ["hit", "hit"]
    assert package["judge"] == "judge-a"


def test_the_next_judge_of_a_tablet_sees_whose_marks_wait_on_it(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    hall.status = 503
    tablet.count("hit", 2)
    tablet.says("2 条待上传·已存本机")
    hall.pass_to("judge-b", "token-b")
    tablet.open_home()
    tablet.says("你的都已上传，别人的 2 条没传，点开看")
    tablet.part("chip").click()
    expect(tablet.page.get_by_role("dialog")).to_contain_text("2 条没上传：K-27")
    expect(tablet.page.get_by_role("dialog").get_by_role("button", name="存成文件")).to_be_visible()


def test_marks_are_never_sent_under_another_judges_name(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    hall.status = 503
    tablet.count("hit")
    tablet.says("1 条待上传·已存本机")
    hall.pass_to("judge-b", "token-b")
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    tablet.says("这台平板现在是别人在用，重新打开")
    other = tablet.another_tab().open_sheet()
    other.counted("hit", 0)
    other.says("你的都已上传，别人的 1 条没传，点开看")
    other.part("chip").click()
    expect(other.part("others")).to_contain_text("1 条没上传")
    assert hall.stored == []


def test_two_tabs_show_one_sheet_and_one_of_them_sends(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet()
    second = tablet.another_tab().open_sheet()
    tablet.count("hit")
    second.counted("hit", 1)
    second.count("hit")
    tablet.counted("hit", 2)
    tablet.count("hit")
    second.counted("hit", 3)
    hall.until(lambda: hall.values("k27") == {"hit": "3"})
    tablet.says(re.compile("^都已上传"))
    once_each(hall)
    assert sorted(act["seq"] for act in hall.stored) == [1, 2, 3]
    # Meanwhile a second tablet of the same judge makes it 5; an old tab brings no old value back.
    second.page.close()
    hall.take(
        {"acts": [{"uuid": "b", "sheet": "k27", "kind": "mark", "aspect": "hit", "value": "5"}]}
    )
    tablet.page.evaluate("dispatchEvent(new Event('focus'))")
    tablet.counted("hit", 5)
    tablet.count("hit")
    hall.until(lambda: hall.values("k27") == {"hit": "6"})


def test_a_tablet_whose_clock_is_wrong_keeps_the_order_of_its_taps(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.page.clock.install(time="2031-01-01T00:00:00Z")
    tablet.open_sheet()
    hall.status = 503
    tablet.count("hit")
    tablet.page.clock.set_system_time("2019-01-01T00:00:00Z")
    tablet.count("hit").count("hit")
    tablet.counted("hit", 3)
    hall.status = None
    tablet.page.evaluate("dispatchEvent(new Event('online'))")
    tablet.page.clock.run_for(2000)
    hall.until(lambda: hall.values("k27") == {"hit": "3"})
    assert [act["value"] for act in hall.stored] == ["1", "2", "3"]
    tablet.part("chip").click()
    expect(tablet.part("skew")).to_contain_text("不影响分数")


def test_times_are_told_by_the_servers_clock_however_wrong_the_tablets_is(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.page.clock.install(time="2031-01-01T01:02:03Z")
    tablet.open_sheet()
    tablet.count("hit")
    tablet.page.clock.run_for(2000)
    hall.until(lambda: hall.values("k27") == {"hit": "1"})
    expect(tablet.part("chip-words")).to_contain_text("都已上传")
    near = [
        tablet.page.evaluate(
            "at => new Date(at).toTimeString().slice(0, 5)", (time() + seconds) * 1000
        )
        for seconds in (-60, 0)
    ]
    tablet.part("chip").click()
    expect(tablet.page.locator("dialog [data-part=last]")).to_have_text(
        re.compile(f"^上次上传 ({'|'.join(near)})$")
    )
    hall.status = 503
    tablet.page.get_by_role("button", name="关上").click()
    tablet.count("hit")
    tablet.part("chip").click()
    shown = tablet.page.locator("dialog [data-part=time]").inner_text()
    assert shown[:5] in near


def test_a_tablet_that_can_store_nothing_says_so_loudly_and_still_sends(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.page.add_init_script(
        """IDBObjectStore.prototype.add = () => {
          throw new DOMException('x', 'QuotaExceededError');
        }"""
    )
    tablet.open_sheet().count("hit")
    tablet.says("本机存不下了，先别评，找技术员")
    hall.until(lambda: hall.values("k27") == {"hit": "1"})
    tablet.counted("hit", 1)


def test_a_browser_without_a_store_says_so_before_the_first_mark(
    tablet: Tablet, hall: Hall
) -> None:
    tablet.page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    tablet.open_sheet().says("本机存不下了，先别评，找技术员")
    tablet.count("hit")
    hall.until(lambda: hall.values("k27") == {"hit": "1"})


def test_submitting_twice_or_from_an_old_tab_changes_nothing(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet("k33")
    old = tablet.another_tab().open_sheet("k33")
    tablet.aspect("plan").locator("[data-part=value]").click()
    tablet.keys("18").key("confirm")
    tablet.aspect("tools").locator("[data-part=yes]").click()
    tablet.aspect("result").locator("[data-part=value]").click()
    tablet.keys("70").key("confirm")
    for tab in (tablet, old):
        tab.page.bring_to_front()
        tab.part("submit").click()
    tablet.answer()
    old.answer()
    hall.until(lambda: hall.sheets["k33"]["state"] == "submitted")
    tablet.says(re.compile("^都已上传"))
    assert sum(act["kind"] == "submit" for act in hall.stored) == 1
    assert hall.values("k33") == {"plan": "18", "tools": True, "result": "70"}
    expect(old.part("state").last).to_have_text("已提交")


def test_a_server_restored_from_a_backup_is_believed(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet().count("hit", 3).counted("hit", 3)
    tablet.says(re.compile("^都已上传"))
    with hall.lock:
        del hall.stored[1:]
        hall.sheets["k27"]["version"] = 1
    tablet.page.reload()
    tablet.ready().counted("hit", 1)


def test_a_sheet_that_another_tab_handed_in_meanwhile_is_in(tablet: Tablet, hall: Hall) -> None:
    tablet.open_sheet("k33")
    tablet.aspect("plan").locator("[data-part=value]").click()
    tablet.keys("18").key("confirm")
    tablet.aspect("tools").locator("[data-part=yes]").click()
    tablet.aspect("result").locator("[data-part=value]").click()
    tablet.keys("70").key("confirm")
    hall.until(lambda: hall.values("k33").get("result") == "70")
    tablet.says(re.compile("^都已上传"))
    hall.status = 503
    tablet.part("submit").click()
    tablet.answer()
    tablet.says("1 条待上传·已存本机")
    hall.sheets["k33"]["state"] = "submitted"
    hall.status = None
    tablet.says(re.compile("^都已上传"))
    expect(tablet.part("state").last).to_have_text("已提交")
