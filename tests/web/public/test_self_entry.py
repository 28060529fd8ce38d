"""The pages on which somebody enters themselves: what they say, and to whom."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from compete.models import Account, Application, Competition, db, utc_now
from compete.services.accounts.sign_in_cards import use_card
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.installation import config_here
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.acceptance import accept_people, return_people
from compete.services.registration.badges import replace_badge
from compete.services.registration.self_entry.confirmation import return_own
from compete.services.registration.self_entry.own_entry import (
    entrant_of_application,
    entry_under,
    new_link,
)
from compete.services.registration.units.links import contact_of, make_link
from compete.services.registration.window import Window, change_window
from compete.web.extensions import limiter
from compete.web.public import self_entry
from tests.support.pictures import photo
from tests.support.self_entry import NUMBERS, enter, switch_on, typed
from tests.support.signing_in import signed_in
from tests.support.small import IDS

PAGE = "/p/X/enter"
BY_SCRIPT = {"X-Requested-With": "fetch"}


def test_where_it_is_not_on_nothing_tells_of_a_competition(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    client = app.test_client()
    shut, none = client.get(PAGE), client.get("/p/NONE/enter")
    assert (shut.status_code, shut.text) == (404, none.text.replace("/p/NONE/", "/p/X/"))
    assert client.post(PAGE, data=typed(fresh)).status_code == 404
    switch_on(fresh, organiser)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "单位全称" not in page.text
    for number in IDS.values():
        assert number not in page.text
    change_window(fresh, Window(opens=None, closes=fresh.created_at), organiser)
    assert "截止" in client.get(PAGE).text


def test_a_form_that_is_wrong_comes_back_whole(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    switch_on(fresh, organiser)
    client = app.test_client()
    link = re.search(r'name="link" value="([^"]+)"', client.get(PAGE).text)
    assert link is not None
    wrong = typed(fresh, name="", department="二班") | {"link": link[1]}
    answer = client.post(PAGE, data=wrong)
    assert answer.status_code == 400
    for kept in (NUMBERS[0], "13900001111", "二班", link[1], "有 1 处要改"):
        assert kept in answer.text
    script_answer = client.post(PAGE, data=wrong, headers=BY_SCRIPT)
    assert script_answer.json == {
        "problem": "有 1 处要改，还没交上去",
        "problems": {"name": "没填"},
    }
    right = wrong | {"name": "自报甲", "photo": (BytesIO(photo(size=(500, 700))), "a.jpg")}
    done = client.post(PAGE, data=right, headers=BY_SCRIPT)
    assert done.json == {"url": f"/r/{link[1]}?new=1"}
    own = client.get(f"/r/{link[1]}")
    assert own.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "自报甲" in own.text
    assert NUMBERS[0] not in own.text
    assert client.get(f"/r/{link[1]}/photo.jpg").mimetype == "image/jpeg"
    assert client.get(f"/r/{new_link()}").status_code == 404
    assert client.get(f"/r/{new_link()}/photo.jpg").status_code == 404


def test_who_holds_the_link_follows_it_to_the_badge(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    switch_on(fresh, organiser)
    unit = fresh.units[0]
    contact = use_card(make_link(unit, fresh, "顾燕", organiser))
    own, link = enter(fresh)
    client, address = app.test_client(), f"/r/{link}"
    assert "等单位联系人确认" in client.get(address).text
    return_own(unit, fresh, {own.public_id: own.version}, "部门没写", contact)
    page = client.get(address).text
    assert "单位退回" in page
    assert "部门没写" in page
    assert NUMBERS[0] not in page
    assert "13900001111" not in page
    # Once registration is over nobody is asked to hand in again.
    change_window(fresh, Window(closes=utc_now() - timedelta(hours=1)), organiser)
    over = client.get(address).text
    assert "退回来了，没有报上。" in over
    assert "部门没写" in over
    assert "改好再交" not in over
    change_window(fresh, Window(), organiser)
    stale = typed(fresh, id_number="") | {"version": "1"}
    refused = client.post(address, data=stale)
    assert (refused.status_code, "重新打开这一页" in refused.text) == (409, True)
    # Pressed once more, what was typed beside another version replaces nothing either.
    assert re.findall(r'name="version" value="(\d+)"', refused.text)[0] == "1"
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    sent = typed(fresh, id_number="", phone="") | {"version": version[1]}
    assert client.post(address, data=sent).status_code == 303
    db.session.rollback()
    assert client.post(f"{address}/take-back").status_code == 303
    assert "撤回了" in client.get(address).text
    assert client.post(f"{address}/take-back").status_code == 409
    assert client.post(f"{address}/delete").status_code == 200
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/delete").status_code == 404
    other, link = enter(fresh, 1)
    accept_people(fresh, {other.public_id: other.version}, organiser)
    page = client.get(f"/r/{link}").text
    badge = re.search(r'href="(/c/[^"]+)"', page)
    assert badge is not None
    assert client.get(badge[1]).status_code == 200
    # A new badge cuts the link off from it, into whose hands it may have come.
    entrant = entrant_of_application(other)
    assert entrant is not None
    replace_badge(entrant, "链接给了别人", organiser)
    page = client.get(f"/r/{link}").text
    assert "/c/" not in page
    assert entrant.code in page
    assert client.post(f"/r/{link}/take-back").status_code == 409
    assert client.post(f"/r/{link}", data=typed(fresh, 1)).status_code == 409


def test_the_contact_and_the_organiser_decide_on_their_pages(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    desk = signed_in(app, organiser)
    assert desk.post("/desk/X/self-entry", data={"open": "yes", "other_units": "yes"}).location
    page = desk.get("/desk/X/self-entry").text
    assert "/p/X/enter" in page
    assert desk.get("/desk/X/self-entry/poster.pdf").data.startswith(b"%PDF")
    contact = use_card(make_link(fresh.units[0], fresh, "顾燕", organiser))
    first, _link = enter(fresh)
    second, _link = enter(fresh, 1)
    stranger, _link = enter(fresh, 2, unit="*", other_unit="<丙>单位")
    unit = signed_in(app, contact)
    page = unit.get("/unit/X/").text
    assert "2 人自己报了名" in page
    assert "单位&gt;" not in page
    refused = unit.post("/unit/X/give-back", data={"who": f"{second.public_id}:1"})
    assert (refused.status_code, "退回要写原因" in refused.text) == (400, True)
    back = {"who": f"{second.public_id}:1", "reason": "不是本单位的"}
    assert unit.post("/unit/X/give-back", data=back).status_code == 302
    assert unit.post("/unit/X/confirm", data={"who": f"{first.public_id}:1"}).status_code == 302
    assert unit.post("/unit/X/confirm", data={"who": f"{first.public_id}:1"}).status_code == 409
    assert unit.post("/unit/X/confirm", data={"who": f"{stranger.public_id}:1"}).status_code == 409
    edit = unit.get(f"/unit/X/people/{second.public_id}")
    assert edit.status_code == 302
    listed = desk.get("/desk/X/applications").text
    assert "&lt;丙&gt;单位" in listed
    address = f"/desk/X/applications/{stranger.public_id}/unit"
    assert desk.post(address, data={"version": "9"}).status_code == 409
    assert desk.post(address, data={"version": "1"}).status_code == 302
    assert desk.post("/desk/X/applications/x/unit").status_code == 404
    db.session.rollback()
    rows = {row.name: row for row in db.session.scalars(select(Application))}
    assert rows["自报丙"].unit is not None
    assert rows["自报丙"].unit.name == "<丙>单位"
    page_text = desk.get("/desk/X/").text
    assert desk.get("/desk/X/applications?show=all").text.count("本人报的") == 3
    assert "退回自己报名的 1 人（自报乙），原因：不是本单位的" in page_text
    assert "自报丙 自己报名，单位不在名单里" in page_text
    assert f"自报甲 自己报名，单位 {fresh.units[0].name}" in page_text
    assert f"的 1 人（自报甲）是 {fresh.units[0].name} 的" in page_text


def test_what_became_of_who_entered_themselves_is_told_by_name(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    """In the log and on their page; of who deleted what they wrote nobody can tell any more."""
    switch_on(fresh, organiser)
    (stage, *_others) = rules_of(fresh.events[0]).stages
    numbers = [f"P{n}" for n in range(5, 10)]
    session = {"event": fresh.events[0].code, "stage": stage.code, "session": "第1场"}
    taken, _link = enter(fresh)
    with unit_of_work():
        fresh.extra = {
            "competition": {
                "schedule": [
                    session
                    | {"module": stage.modules[0].code, "station": "2号", "entrants": numbers}
                ]
            }
        }
    accept_people(fresh, {taken.public_id: taken.version}, organiser)
    _back, link = enter(fresh, 1)
    phone = app.test_client()
    assert phone.post(f"/r/{link}/take-back").status_code == 303
    desk = signed_in(app, organiser)
    log = desk.get("/desk/X/").text
    assert "收下报名的 1 人（自报甲）" in log
    assert "单位报的" not in log
    assert "自报乙 撤回了自己的报名" in log
    entrant = entrant_of_application(taken)
    assert entrant is not None
    page = desk.get(f"/desk/X/entrants/{entrant.code}/").text
    assert "收下报名" in page
    assert "照赛程排了场次和工位" in page
    assert phone.post(f"/r/{link}/delete").status_code == 200
    log = desk.get("/desk/X/").text
    assert "有人 撤回了自己的报名" in log
    assert "自报乙" not in log


def test_others_see_nothing_and_too_much_is_refused(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    switch_on(fresh, organiser)
    own, link = enter(fresh)
    return_people(fresh, {own.public_id: own.version}, "改", organiser)
    client = app.test_client()
    for address in (PAGE, f"/r/{link}"):
        answer = client.post(address, data={"name": "长" * 20_000})
        assert answer.status_code == 413, address
    entry = entry_under(link)
    assert entry is not None
    assert entry.name == "自报甲"
    limiter.reset()
    codes = [client.post(PAGE, data={}).status_code for _try in range(31)]
    assert (codes[0], codes[-1]) == (400, 429)
    limiter.reset()


def test_the_desk_gives_a_new_link_once_and_clears_a_flood(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    switch_on(fresh, organiser)
    own, link = enter(fresh)
    enter(fresh, 1)
    desk, stranger = signed_in(app, organiser), app.test_client()
    page = desk.get("/desk/X/applications?show=all").text
    where = f"/desk/X/applications/{own.public_id}/link"
    assert where in page
    assert "单位和个人报名" in page
    shown = desk.post(where, data={"version": own.version})
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")
    hit = re.search(r"/r/([\w-]{32})", shown.text)
    assert hit is not None
    assert stranger.get(f"/r/{link}").status_code == 404
    assert stranger.get(f"/r/{hit[1]}").status_code == 200
    # Sent again, it makes no third link.
    assert desk.post(where, data={"version": "0"}).status_code == 409
    assert desk.post("/desk/X/applications/none/link").status_code == 404
    asked = desk.get("/desk/X/self-entry?unit=&since=&until=").text
    assert "清掉这 2 人" in asked
    form = {"unit": "", "since": "", "until": "", "count": "2", "reason": ""}
    refused = desk.post("/desk/X/self-entry/clear", data=form)
    assert (refused.status_code, "为什么清掉，要写上" in refused.text) == (400, True)
    done = desk.post("/desk/X/self-entry/clear", data=form | {"reason": "程序乱报"})
    assert done.status_code == 302
    assert stranger.get(f"/r/{hit[1]}").status_code == 404
    assert "清掉一批" not in desk.get("/desk/X/self-entry").text


def test_a_contact_gives_the_units_own_people_a_new_link(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    switch_on(fresh, organiser)
    own, link = enter(fresh)
    other, _link = enter(fresh, 1, unit=fresh.units[1].code)
    make_link(fresh.units[0], fresh, "顾燕", organiser)
    contact = contact_of(fresh.units[0])
    assert contact is not None
    client, stranger = signed_in(app, contact), app.test_client()
    assert "换新链接" in client.get("/unit/X/").text
    shown = client.post(f"/unit/X/people/{own.public_id}/link", data={"version": own.version})
    hit = re.search(r"/r/([\w-]{32})", shown.text)
    assert hit is not None
    assert stranger.get(f"/r/{link}").status_code == 404
    assert stranger.get(f"/r/{hit[1]}").status_code == 200
    theirs = f"/unit/X/people/{other.public_id}/link"
    assert client.post(theirs, data={"version": other.version}).status_code == 404


def test_how_many_come_from_one_address_is_a_setting(
    app: Flask, fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(config_here(), entries_per_day=12)
    monkeypatch.setattr(self_entry, "config_here", lambda: few)
    switch_on(fresh, organiser)
    client = app.test_client()
    limiter.reset()
    codes = [client.post(PAGE, data={}).status_code for _try in range(13)]
    limiter.reset()
    assert (codes[11], codes[12]) == (400, 429)
