"""Check-in at the door of a room: who sits there, by seat; who belongs elsewhere is sent on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import expect

from compete.models import Account, CheckIn, Competition, Slot, db
from compete.services.registration.portraits import put_portrait
from tests.browser.check_in.test_offline_check_in import clerk_of, enter, part
from tests.services.schedule.test_day_plan import slots_of
from tests.support.browser import wait_on_page
from tests.support.databases import wait_until
from tests.support.passing import passed
from tests.support.pictures import photo
from tests.support.roomed import centre, draw_all, lay_in, make_rooms


def seat_words(slot: Slot) -> str:
    return f"{slot.seat} 座"


def test_a_clerk_stands_at_the_door_of_one_room(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    live_url: str,
    visitor: Callable[..., Any],
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    bundle = centre(people={"A": 6, "B": 5})
    for number, row in enumerate(bundle["entrants"]):
        row["id_number"] = f"32010119900101{number:03}X"
    evaluation = passed(load(bundle))
    rooms = make_rooms(organiser, **{"201教室": 6, "202教室": 8})
    lay_in(evaluation, "1", "2026-12-07 09:00", [*rooms.values()], organiser)
    lay_in(evaluation, "2", "2026-12-08 09:00", [rooms["202教室"]], organiser, turns=2)
    draw_all(evaluation, organiser)
    theory = slots_of(evaluation, "theory")
    own = [it for it in theory if it.station == "201教室"]
    other = next(it for it in theory if it.station == "202教室")
    put_portrait(own[0].entrant, photo(size=(600, 840)), "none", organiser)
    badge = other.entrant.badge_token
    names = [it.entrant.name for it in own]
    away, seat, first = other.entrant.name, other.seat, own[0].entrant
    code = first.code
    person = visitor("tablet")
    person.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    tablet = enter(person.page(), live_url, clerk_of(evaluation, organiser))
    tablet.wait_for_selector("main[data-ready]")
    expect(tablet.get_by_label("扫准考证")).to_be_visible()
    expect(part(tablet, "of")).to_have_text(re.compile("/ 11 人到了"))

    tablet.get_by_label("考场", exact=True).select_option("201教室")
    expect(part(tablet, "of")).to_have_text(re.compile(r"/ 6 人到了"))
    rows = tablet.locator(".roll.seated li")
    expect(rows).to_have_count(6)
    assert [row.strip() for row in tablet.locator(".roll.seated span b").all_text_contents()] == [
        *names
    ]
    expect(rows.first).to_contain_text("1 座")
    expect(rows.first).to_contain_text("3201**********")
    expect(rows.first.locator("img")).to_be_visible()

    # Whose seat is in another room is sent there, and nothing can be ticked here.
    tablet.locator("#clerk-find").fill(f"{live_url}/c/{badge}")
    expect(tablet.get_by_role("heading", name=away)).to_be_visible()
    expect(part(tablet, "notes")).to_contain_text(f"不是这个考场的，请他去 202教室 {seat} 座")
    expect(part(tablet, "checks")).to_be_hidden()

    rows.first.get_by_role("button").click()
    tablet.get_by_role("checkbox", name=re.compile("本人、照片、身份证对过")).click()
    for item in tablet.locator('[data-part="ticks"] [role=checkbox]').all():
        item.click()
    tablet.get_by_role("button", name="检录通过").click()
    expect(part(tablet, "came")).to_have_text("1")
    expect(part(tablet, "recent")).to_contain_text("已上传")
    db.session.rollback()
    assert db.session.query(CheckIn).one().entrant.code == code
    db.session.rollback()

    # The room stays as the page is opened again, without a network too.
    kept = "caches.match(location.pathname).then(Boolean)"
    wait_until(lambda: tablet.evaluate(kept), "the page is kept")
    wait_on_page(tablet, "navigator.serviceWorker.controller !== null")
    script = "caches.match(document.getElementById('main').dataset.list).then(Boolean)"
    wait_until(lambda: tablet.evaluate(script), "the list is kept")
    person.context.set_offline(True)
    tablet.reload()
    tablet.wait_for_selector("main[data-ready]")
    expect(tablet.locator(".roll.seated li")).to_have_count(6)
    expect(part(tablet, "missingwords")).to_contain_text("没到 5 人")
    # On the other day the same people come to another room.
    tablet.locator("#clerk-round").select_option(index=1)
    expect(part(tablet, "of")).to_have_text(re.compile("/ 11 人到了"))
