"""Checked in without a network, sent when it is back, and the desk shows it by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from compete.domain.values.roles import Role
from compete.domain.values.states import CheckInKind
from compete.models import Account, CheckIn, Competition, Slot, db, utc_now
from compete.services.accounts.accounts import account_of_judge
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.officials import add_official
from compete.services.registration.portraits import put_portrait
from compete.services.schedule.check_in_acts import CheckInIn, take_check_ins
from tests.support.browser import wait_on_page
from tests.support.databases import wait_until
from tests.support.pictures import photo
from tests.support.second_day import person as at_desk
from tests.support.small import IDS, small
from tests.web.organiser.registration.test_crews_counted import crews

CLOCKS = """async (at) => {
  const { clock, dayStamp } = await import("/static/js/shared/dom.js");
  return [dayStamp(at), clock(at, true)];
}"""


def clerk_of(competition: Competition, by: Account) -> Account:
    return account_of_judge(add_official(competition, Role.CLERK, "丁一鸣", by), competition, by)


def enter(page: Page, address: str, account: Account) -> Page:
    page.goto(f"{address}/sign-in/{issue_card(account, one_time=True)[1]}")
    page.get_by_role("button", name=re.compile("登录")).click()
    page.wait_for_url(re.compile("/(desk|check-in)/"))
    return page


def part(page: Page, name: str) -> Any:
    return page.locator(f'[data-part="{name}"]').first


PHOTOS_KEPT = """async () => {
  let count = 0;
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    count += kept.filter(({url}) => url.includes("/photos/")).length;
  }
  return count;
}"""


def give_photo(competition: Competition, by: Account) -> None:
    entrant = entrant_by_code(competition, "P1")
    assert entrant is not None
    put_portrait(entrant, photo(size=(600, 840)), "none", by)


def test_a_check_in_made_without_a_network_reaches_the_desk(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    competition = load(small())
    clerk = clerk_of(competition, organiser)
    give_photo(competition, organiser)
    person = visitor("tablet")
    # What the service worker asks for the page fails by its own name.
    person.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    desk = enter(visitor("desk").page(), live_url, organiser)
    desk.clock.install()
    desk.goto(f"{live_url}/desk/X/arrivals")
    present = desk.locator(".count-filter[data-key=present] b")
    expect(present).to_have_text("0")

    tablet = enter(person.page(), live_url, clerk)
    tablet.wait_for_selector("main[data-ready]")
    kept = "caches.match(location.pathname).then(Boolean)"
    wait_until(lambda: tablet.evaluate(kept), "the page is kept")
    wait_on_page(tablet, "navigator.serviceWorker.controller !== null")
    tablet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_until(lambda: tablet.evaluate(PHOTOS_KEPT) == 1, "the photo is kept")
    person.context.set_offline(True)
    tablet.reload()
    tablet.wait_for_selector("main[data-ready]")
    tablet.get_by_label("证件后四位").press_sequentially(IDS["P1"][-4:-1])
    expect(part(tablet, "person")).to_be_hidden()
    tablet.get_by_label("证件后四位").press_sequentially(IDS["P1"][-1])
    expect(tablet.get_by_role("heading", name="赵启明")).to_be_visible()
    face = tablet.get_by_role("img", name="赵启明的照片")
    wait_until(lambda: face.evaluate("image => image.naturalWidth") == 413, "the photo is shown")

    tablet.get_by_role("button", name="3 样都带了").click()
    same = tablet.get_by_role("checkbox", name="本人、照片、身份证对过")
    expect(same).to_have_attribute("aria-checked", "false")
    tablet.get_by_role("button", name="下一样 本人对过").click()
    expect(same).to_have_attribute("aria-checked", "false")
    expect(same).to_be_focused()
    same.click()
    tablet.get_by_role("button", name="检录通过").click()
    expect(part(tablet, "chip-words")).to_have_text("1 条待上传·已存本机")
    expect(part(tablet, "came")).to_have_text("1")
    expect(part(tablet, "recent")).to_contain_text("已存本机")
    assert db.session.query(CheckIn).count() == 0

    person.context.set_offline(False)
    expect(part(tablet, "chip-words")).to_contain_text("都已上传")
    # It asks again by itself.
    desk.clock.fast_forward("00:05")
    expect(present).to_have_text("1")
    row = desk.get_by_role("row").filter(has_text="赵启明")
    expect(row).to_contain_text("丁一鸣")

    part(tablet, "recent").get_by_role("button", name="撤销").click()
    expect(part(tablet, "came")).to_have_text("0")


def test_when_somebody_was_let_in_is_by_the_halls_clock_wherever_the_device_thinks_it_is(
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    competition = load(small())
    clerk = clerk_of(competition, organiser)
    passed = CheckInIn(
        **{"uuid": str(uuid4()), "kind": CheckInKind.PASSED, "entrant": "P1", "stage": "S"},
        **{"at": utc_now(), "compared": True, "items": ("身份证",)},
    )
    assert take_check_ins(competition, [passed], organiser).refused == []
    at = local_time(passed.at)
    tablet = enter(visitor("tablet", timezone_id="America/New_York").page(), live_url, clerk)
    tablet.wait_for_selector("main[data-ready]")
    tablet.get_by_label("证件后四位").press_sequentially(IDS["P1"][-4:])
    expect(part(tablet, "person")).to_contain_text(f"{at:%H:%M} 检录过")
    words = tablet.evaluate(CLOCKS, passed.at.isoformat())
    assert words == [f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}"]


def test_another_day_is_said_and_who_was_let_in_on_two_devices_stands_once(
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    competition = load(small())
    clerk = clerk_of(competition, organiser)
    at_once, later = (utc_now() + timedelta(minutes=9), utc_now() + timedelta(days=2))
    soon = local_time(at_once)
    day = local_time(later)
    with unit_of_work() as session:
        for number, starts in (("P1", at_once), ("P2", later)):
            entrant = entrant_by_code(competition, number)
            assert entrant is not None
            place = {"stage": "S", "module": "m", "station": "1号", "session": "第1场"}
            session.add(Slot(entrant_id=entrant.id, starts_at=starts, **place))
        audit.record(competition, organiser, "test", "")
    passes = [
        CheckInIn(
            **{"uuid": str(uuid4()), "kind": CheckInKind.PASSED, "entrant": "P1", "stage": "S"},
            **{"at": utc_now() - timedelta(minutes=ago), "compared": True, "session": "第1场"},
            **{"day": soon.date(), "items": ("身份证",)},
        )
        for ago in (2, 1)
    ]
    assert take_check_ins(competition, passes, clerk).refused == []
    tablet = enter(visitor("tablet").page(), live_url, clerk)
    tablet.wait_for_selector("main[data-ready]")
    expect(part(tablet, "recent").get_by_role("listitem")).to_have_count(1)
    expect(part(tablet, "recent")).to_contain_text(f"{local_time(passes[0].at):%H:%M}")
    time_text = f"{day.month}月{day.day}日 {day:%H:%M}"
    tablet.get_by_label("证件后四位").press_sequentially(IDS["P2"][-4:])
    expect(part(tablet, "enters")).to_have_text(time_text)
    expect(part(tablet, "notes")).to_contain_text(f"不是这一场的，是第1场，{time_text}")
    assert time_text not in part(tablet, "title").inner_text()
    part(tablet, "switchround").click()
    expect(part(tablet, "title")).to_have_text(f"第1场 {time_text}")
    # Taken back on one device, it is taken back on both.
    part(tablet, "recent").get_by_role("button", name="撤销").click()
    expect(part(tablet, "recent")).to_be_hidden()
    expect(part(tablet, "said")).to_contain_text("赵启明 的检录撤销了")


def test_who_another_device_let_in_since_is_there_without_a_network(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    competition = load(small())
    clerk = clerk_of(competition, organiser)
    person = visitor("tablet")
    person.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    tablet = enter(person.page(), live_url, clerk)
    tablet.wait_for_selector("main[data-ready]")
    kept = "caches.match(location.pathname).then(Boolean)"
    wait_until(lambda: tablet.evaluate(kept), "the page is kept")
    wait_on_page(tablet, "navigator.serviceWorker.controller !== null")
    expect(part(tablet, "came")).to_have_text("0")
    act = CheckInIn(
        **{"uuid": str(uuid4()), "kind": CheckInKind.PASSED, "entrant": "P2", "stage": "S"},
        **{"at": utc_now(), "compared": True, "items": ("身份证",)},
    )
    assert take_check_ins(competition, [act], organiser).refused == []
    tablet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(part(tablet, "came")).to_have_text("1")
    script = "caches.match(document.getElementById('main').dataset.list).then(Boolean)"
    wait_until(lambda: tablet.evaluate(script), "the list is kept")
    person.context.set_offline(True)
    tablet.reload()
    tablet.wait_for_selector("main[data-ready]")
    expect(part(tablet, "came")).to_have_text("1")


# As on a tablet whose disk is busy: half a second passes before it is known to be written.
SLOW_DISK = """Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
  set(then) { this.addEventListener("complete", () => setTimeout(then, 500)); },
}) && 0"""


@pytest.mark.parametrize("disk", ["0", SLOW_DISK], ids=["quick", "slow"])
def test_each_of_a_crew_is_seen_and_scanning_tells_who_it_is(
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
    disk: str,
) -> None:
    competition = load(crews(1))
    first, second = (member.badge_token for member in at_desk(competition, "P1").members)
    page = enter(visitor("tablet").page(), live_url, organiser)
    page.goto(f"{live_url}/check-in/X/")
    page.wait_for_selector("main[data-ready]")
    page.evaluate(disk)

    def scan(token: str | None) -> None:
        page.get_by_label("证件后四位").fill(f"{live_url}/c/{token}")

    scan(first)
    expect(part(page, "notes")).to_contain_text("来的是 队员甲")
    page.get_by_role("checkbox", name="队员甲：").click()
    expect(part(page, "lacking")).to_contain_text("还差 4 样：队员乙对过")
    page.get_by_role("button", name="先记到了的，等 队员乙").click()
    # The next is scanned while the first is still being written down.
    scan(second)
    expect(part(page, "notes")).to_contain_text("来的是 队员乙")
    expect(part(page, "notes")).to_contain_text("队员甲 对过了，还差 队员乙")
    expect(part(page, "came")).to_have_text("0")
    seen = page.get_by_role("checkbox", name="队员甲：")
    expect(seen).to_have_attribute("aria-checked", "true")
    page.get_by_role("button", name="3 样都带了").click()
    page.get_by_role("checkbox", name="队员乙：").click()
    page.get_by_role("button", name="检录通过").click()
    expect(part(page, "came")).to_have_text("1")

    def both_stored() -> bool:
        # What began before the second came would never see it.
        db.session.rollback()
        return db.session.query(CheckIn).count() == 2

    wait_until(both_stored, "both are stored")
    stored = db.session.query(CheckIn).order_by(CheckIn.id).all()
    assert [row.seen for row in stored] == [["P1甲"], ["P1甲", "P1乙"]]


def test_the_next_is_not_closed_nor_wiped_while_one_is_written(
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    file = small()
    file["entrants"][2]["name"] = "Karl Hohenzollern"
    load(file)
    page = enter(visitor("tablet").page(), live_url, organiser)
    page.goto(f"{live_url}/check-in/X/")
    page.wait_for_selector("main[data-ready]")
    page.evaluate(SLOW_DISK)
    field = page.get_by_label("证件后四位")

    def let_in() -> None:
        page.get_by_role("button", name="3 样都带了").click()
        page.get_by_role("checkbox", name="本人、照片、身份证对过").click()
        page.get_by_role("button", name="检录通过").click()

    field.fill(IDS["P1"][-4:])
    let_in()
    field.fill(IDS["P2"][-4:])
    expect(part(page, "came")).to_have_text("1")
    expect(page.get_by_role("heading", name="钱文")).to_be_visible()
    let_in()
    field.fill("9")
    expect(part(page, "came")).to_have_text("2")
    expect(part(page, "person")).to_be_hidden()
    expect(field).to_have_value("9")
    # A name in Latin letters is found by any part of it, whatever the case.
    field.fill("hohenz")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Karl Hohenzollern")).to_be_visible()


DUMP = """async () => {
  const found = {caches: (await caches.keys()).filter((name) => name.startsWith("pages-"))};
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      indexedDB.open(name).onsuccess = (event) => done(event.target.result);
    });
    for (const store of db.objectStoreNames) {
      const all = db.transaction(store).objectStore(store).getAll();
      await new Promise((done) => { all.onsuccess = done; });
      found[`${name} ${store}`] = all.result;
    }
    db.close();
  }
  return found;
}"""


def test_signing_out_leaves_what_waits_and_nobodys_name(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    competition = load(small())
    clerk = clerk_of(competition, organiser)
    give_photo(competition, organiser)
    person = visitor("tablet")
    person.expect("ERR_FAILED")
    tablet = enter(person.page(), live_url, clerk)
    tablet.wait_for_selector("main[data-ready]")
    wait_on_page(tablet, "navigator.serviceWorker.controller !== null")
    add_official(competition, Role.RECORDER, "新来的", organiser)
    tablet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    kept = "caches.match(document.getElementById('main').dataset.list).then(Boolean)"
    wait_until(lambda: tablet.evaluate(kept), "the list is kept")
    wait_until(lambda: tablet.evaluate(PHOTOS_KEPT) == 1, "the photo is kept")
    tablet.route("**/acts", lambda route: route.abort())
    tablet.get_by_label("证件后四位").press_sequentially(IDS["P2"][-4:])
    tablet.get_by_role("button", name="3 样都带了").click()
    tablet.get_by_role("checkbox", name="本人、照片、身份证对过").click()
    tablet.get_by_role("button", name="检录通过").click()
    expect(part(tablet, "chip-words")).to_have_text("1 条待上传·已存本机")
    tablet.locator('[data-part="chip"]').click()
    expect(tablet.get_by_role("dialog")).to_contain_text("钱文 检录通过")
    tablet.keyboard.press("Escape")

    tablet.locator("summary.person").click()
    tablet.get_by_role("button", name="退出登录").click()
    # It asks once, since something still waits.
    tablet.get_by_role("dialog").get_by_role("button", name="退出登录").click()
    tablet.wait_for_url(f"{live_url}/")
    left = tablet.evaluate(DUMP)
    assert left.pop("caches") == []
    assert "P2" in json.dumps(left)
    assert not [word for word in ("钱文", "赵启明", "tail") if word in repr(left)]
    tablet.unroute("**/acts")
    enter(tablet, live_url, clerk)
    expect(part(tablet, "recent")).to_contain_text("P2 钱文")
    expect(part(tablet, "recent")).to_contain_text("已上传")
    assert db.session.query(CheckIn).count() == 1
