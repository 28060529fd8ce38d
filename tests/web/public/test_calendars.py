"""Calendars to subscribe to: the competition's sessions, a contestant's, a judge's, a unit's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar

from compete.domain.values.roles import Role
from compete.models import Account, CalendarDate, Competition, Entrant, Membership, Slot, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.session_plan import move_session, sessions_in_plan
from compete.services.schedule.slots import place_entrants
from tests.support.signing_in import official, signed_in
from tests.support.small import small

_OF_A_JUDGE = Membership.role == Role.JUDGE
_AT = {"event": "E", "stage": "S", "judges": ["J1"]}
_PLAN = [
    _AT
    | {"module": "m", "session": "第1场", "station": "1号", "entrants": ["P1"]}
    | {"starts": "2030-09-14T09:00", "ends": "2030-09-14T09:30"},
    _AT
    | {"module": "m", "session": "第1场", "station": "2号", "entrants": ["P2"], "judges": ["J2"]}
    | {"starts": "2030-09-14T09:40", "ends": "2030-09-14T10:10"},
    _AT
    | {"module": "t", "session": "第2场", "entrants": ["P1", "P3"], "starts": "2030-09-15T14:00"},
]


def _planned(load: Callable[..., Competition]) -> Competition:
    plain = small()
    plain["competition"] |= {"venue": "一号车间", "extra": {"schedule": _PLAN}}
    competition = load(plain)
    with unit_of_work():
        if not db.session.scalar(db.select(Slot.id).limit(1)):
            place_entrants(competition, db.session.scalars(db.select(Entrant)))
    return competition


def _dates(client: FlaskClient, address: str) -> dict[str, Mapping[str, Any]]:
    """The dates by what they are called."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "text/calendar"
    return {str(it["summary"]): it for it in Calendar.from_ical(answer.data).walk("VEVENT")}


def _facts(event: Mapping[str, Any]) -> tuple[str, int, str]:
    return f"{event.decoded('dtstart'):%m-%d %H:%M}", int(event["sequence"]), str(event["status"])


def _person(code: str) -> Entrant:
    return db.session.scalars(db.select(Entrant).where(Entrant.code == code)).one()


def test_a_session_moved_keeps_its_identity_and_counts_the_change(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = _planned(load)
    client = app.test_client()
    before = _dates(client, "/p/X/schedule.ics")
    first, second = sorted(before)
    assert (_facts(before[first]), _facts(before[second])) == (
        ("09-14 09:00", 0, "CONFIRMED"),
        ("09-15 14:00", 0, "CONFIRMED"),
    )
    ends = before[first].decoded("dtend")
    assert (f"{ends:%H:%M}", str(ends.tzinfo)) == ("10:10", "Asia/Shanghai")
    assert str(before[first]["location"]) == "一号车间"
    answer = client.get("/p/X/schedule.ics")
    again = client.get("/p/X/schedule.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304

    session = next(it for it in sessions_in_plan(competition) if it.module == "t")
    assert session.starts is not None
    move_session(competition, session.mark, session.starts + timedelta(days=1), organiser)
    after = _dates(client, "/p/X/schedule.ics")
    assert _facts(after[second]) == ("09-16 14:00", 1, "CONFIRMED")
    assert _facts(after[first]) == _facts(before[first])
    assert str(after[second]["uid"]) == str(before[second]["uid"]) != str(after[first]["uid"])


def test_who_withdraws_has_the_own_sessions_cancelled(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    _planned(load)
    client = app.test_client()
    address = f"/c/{_person('P1').badge_token}/schedule.ics"
    own = _dates(client, address)
    assert len(own) == 2
    assert any("1号" in title for title in own)
    withdraw_person(_person("P1"), "病了", organiser)
    gone = _dates(client, address)
    assert {_facts(it)[1:] for it in gone.values()} == {(1, "CANCELLED")}
    assert {str(it["uid"]) for it in gone.values()} == {str(it["uid"]) for it in own.values()}
    # What is remembered names nobody.
    kept = db.session.scalars(db.select(CalendarDate)).all()
    assert kept
    assert not any("赵启明" in str(row.content) for row in kept)


def test_a_judges_and_a_units_calendar_by_their_own_links_until_the_role_ends(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = _planned(load)
    judge = signed_in(app, official(competition, "J1"))
    address = _link_in(judge.get("/judge/").text)
    stranger = app.test_client()
    assert len(_dates(stranger, address)) == 2
    # It signs nobody in, and a letter changed opens nothing.
    assert stranger.get("/judge/").status_code != 200
    assert stranger.get(address.replace(".ics", "x.ics")).status_code == 404
    assert stranger.get("/calendar/9.ics").status_code == 404
    contact = create_account("contact")
    grant_role(contact, competition, Role.CONTACT, unit=competition.units[0])
    own = _dates(stranger, _link_in(signed_in(app, contact).get("/unit/X/").text))
    assert len(own) == 2, "of P1 and P2, not of those of the other unit"
    with unit_of_work() as session:
        session.delete(session.scalars(db.select(Membership).where(_OF_A_JUDGE)).one())
    assert stranger.get(address).status_code == 404


def test_without_sessions_the_days_stand_there_and_a_draft_has_no_calendar(
    app: Flask, here: Flask, load: Callable[..., Competition]
) -> None:
    plain = small()
    plain["competition"] |= {"starts": "2030-09-14", "ends": "2030-09-15"}
    competition = load(plain)
    client = app.test_client()
    (whole,) = _dates(client, "/p/X/schedule.ics").values()
    assert (whole.decoded("dtstart"), whole.decoded("dtend")) == (
        date(2030, 9, 14),
        date(2030, 9, 16),
    )
    with unit_of_work():
        change_settings(competition, set_up={})
    assert client.get("/p/X/schedule.ics").status_code == 404
    assert client.get("/p/NONE/schedule.ics").status_code == 404


def _link_in(page: str) -> str:
    start = page.index("/calendar/")
    return page[start : page.index(".ics", start) + 4]
