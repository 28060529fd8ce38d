"""A draw puts nobody in two places at one time where it can be avoided; else it says so."""

from __future__ import annotations

import copy
import re
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain.ceremonies.checking import check_draw_file
from compete.domain.values.states import CeremonyState
from compete.models import Account, AuditEntry, Competition, DrawCeremony, Entrant, Slot, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.competition_settings import Timetable
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.double_bookings import ReasonWantedError, part_places
from compete.services.schedule.draw_ceremonies import draw_now, publish_head, seal_list
from compete.services.schedule.draw_lists import people_to_draw, places_of, published_file
from compete.services.schedule.drawn_places import enter_paper_draw
from compete.services.schedule.slots import GivenPlace
from compete.services.schedule.station_moves import possible_moves
from compete.services.schedule.timetables import lay_out, rule_of
from tests.support.drawing import hold, prepared
from tests.support.people import visitor
from tests.support.small import read, small

STATIONS = "1号\n2号"
WHOLE = Timetable(stations="1号\n2号\n3号\n4号", sessions="全体，2026-09-16 08:30，1，60")
HALVES = Timetable(
    stations=STATIONS,
    sessions="上半场，2026-09-16 08:30，1，60\n下半场，2026-09-16 10:00，1，60",
)
PRACTICE = "第1场，2026-09-16 09:00，1，20\n第2场，2026-09-16 10:10，1，20"
LATER = "\n第3场，2026-09-16 13:00，1，20"


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(read(small()))


@pytest.fixture
def desk(competition: Competition) -> Account:
    return create_account("吴敏")


def plan(sessions: str, **other: object) -> Timetable:
    return Timetable(stations=STATIONS, sessions=sessions, **other)


def seal(
    competition: Competition, module: str, laid: Timetable, by: Account, why: str = ""
) -> DrawCeremony:
    event = competition.events[0]
    lay_out(event, "S", module, laid, by)
    return seal_list(
        event,
        *("S", module),
        name=f"抽{module}",
        places=places_of(laid),
        rule=rule_of(laid),
        by=by,
        layer=laid.layer,
        why=why,
    )


def draw(
    competition: Competition, module: str, laid: Timetable, by: Account, why: str = ""
) -> DrawCeremony:
    ceremony = seal(competition, module, laid, by, why)
    draw_now(ceremony, by)
    file = published_file(ceremony)
    assert file is not None
    assert check_draw_file(file).fits
    return ceremony


def doubled() -> set[str]:
    """Who is in two places at one time, looked for the slow way."""
    codes = set()
    for person in db.session.scalars(select(Entrant)):
        db.session.refresh(person)
        first, *others = sorted(person.slots, key=lambda slot: slot.starts_at)
        if others and others[0].starts_at < first.ends_at:
            codes.add(person.code)
    return codes


def test_people_are_drawn_for_the_places_at_which_they_are_free(
    competition: Competition, desk: Account
) -> None:
    draw(competition, "t", WHOLE, desk)
    ceremony = draw(competition, "m", plan(PRACTICE + LATER), desk)
    assert doubled() == set()
    assert [place["session"] for place in ceremony.places[:4]] == ["第2场"] * 2 + ["第3场"] * 2
    file = published_file(ceremony)
    assert file is not None
    assert len(file.draws) == 1


@pytest.mark.parametrize("layer", ["person", "round"])
def test_so_are_units_that_are_drawn_first(
    competition: Competition, desk: Account, layer: str
) -> None:
    draw(competition, "t", WHOLE, desk)
    draw(competition, "m", plan(PRACTICE + LATER, layer=layer), desk)
    assert doubled() == set()


def test_those_who_are_elsewhere_at_different_times_are_drawn_apart(
    competition: Competition, desk: Account
) -> None:
    draw(competition, "t", HALVES, desk)
    ceremony = draw(competition, "m", plan(PRACTICE), desk)
    assert doubled() == set()
    file = published_file(ceremony)
    assert file is not None
    assert [len(draw.people) for draw in file.draws] == [2, 2]
    drawn = {place.session for place in file.draws[0].places}
    assert drawn in ({"第1场"}, {"第2场"})


def test_places_are_passed_on_until_nobody_is_left_who_could_be_free(
    competition: Competition, desk: Account
) -> None:
    """Three of them are free at one of the times alone, and the first places are not theirs."""
    event = competition.events[0]
    given = [("P1", "08:30"), ("P2", "08:30"), ("P3", "10:00")]
    with unit_of_work() as session:
        for code, at in given:
            person = session.scalars(select(Entrant).where(Entrant.code == code)).one()
            starts = datetime.fromisoformat(f"2026-09-16T{at}:00+08:00")
            session.add(Slot(entrant_id=person.id, stage="S", module="t", starts_at=starts))
    laid = places_of(plan("甲，2026-09-16 08:30，1，20\n乙，2026-09-16 10:00，1，20"))
    parted = part_places(event, "S", "m", people_to_draw(event, "S", "m"), laid, as_one=False)
    assert parted.doubled == 0
    places = {code: group["places"] for group in parted.groups for code in group["people"]}
    by_code = {place["code"]: place["session"] for place in laid.places}
    assert {by_code[code] for code in places["P1"]} == {"乙"}
    assert {by_code[code] for code in places["P3"]} == {"甲"}


def test_where_it_cannot_be_avoided_it_stops_and_says_which_unless_there_is_a_reason(
    competition: Competition, desk: Account
) -> None:
    draw(competition, "t", WHOLE, desk)
    with pytest.raises(ReasonWantedError) as refused:
        seal(competition, "m", plan(PRACTICE), desk)
    refusal_text = str(refused.value.message)
    assert "2 人躲不开" in refusal_text
    assert "第1场 09:00–09:20" in refusal_text
    assert re.search("08:30–09:30同时，4 人（.*）两边都要去", refusal_text)
    draw(competition, "m", plan(PRACTICE), desk, "上半场请人代看")
    assert len(doubled()) == 2
    records = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "draw.prepare")
    ).all()
    assert records[-1].reason == "上半场请人代看"


def test_a_list_waits_for_another_that_is_sealed_for_the_same_time(
    competition: Competition, desk: Account
) -> None:
    other = seal(competition, "t", HALVES, desk)
    with pytest.raises(Refused, match="先抽完它"):
        seal(competition, "m", plan(PRACTICE), desk)
    draw_now(other, desk)
    draw(competition, "m", plan(PRACTICE), desk)
    assert doubled() == set()


def test_what_was_arranged_since_the_list_was_sealed_stops_the_draw(
    competition: Competition, desk: Account
) -> None:
    ceremony = seal(competition, "m", plan(PRACTICE), desk)
    times = {"starts": "2026-09-16T09:00:00+08:00", "ends": "2026-09-16T09:30:00+08:00"}
    given = [GivenPlace("P1", "理论", "教室", times)]
    enter_paper_draw(
        *(competition.events[0], "S", "t"),
        drawn_on="2022-09-16",
        supervisor="田春",
        by=desk,
        given=given,
    )
    with pytest.raises(Refused, match="P1 赵启明"):
        draw_now(ceremony, desk)
    assert ceremony.state is CeremonyState.OPENING


def test_so_it_is_with_parties_before_the_head_is_out(
    competition: Competition, desk: Account
) -> None:
    ceremony = prepared(competition, desk)
    draw(competition, "t", WHOLE, desk)
    with pytest.raises(Refused, match="同时在两处"):
        hold(ceremony, desk)
    assert ceremony.state is CeremonyState.PREPARING
    with pytest.raises(Refused):
        publish_head(ceremony, desk)


def test_a_draw_on_paper_says_who_is_in_two_places_and_wants_a_reason(
    competition: Competition, desk: Account
) -> None:
    draw(competition, "t", WHOLE, desk)
    times = {"starts": "2026-09-16T09:00:00+08:00", "ends": "2026-09-16T09:20:00+08:00"}
    draw_facts = {"drawn_on": "2022-09-16", "supervisor": "田春", "by": desk}
    given = [GivenPlace("P1", "第1场", "1号", times)]
    event = competition.events[0]
    with pytest.raises(ReasonWantedError, match="P1 赵启明"):
        enter_paper_draw(event, "S", "m", given=given, **draw_facts)
    enter_paper_draw(event, "S", "m", given=given, why="先到先做", **draw_facts)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "draw.paper")).one()
    assert entry.reason == "先到先做"


def two_events() -> Competition:
    """P1 is in another event too, by the same ID number."""
    plain = small()
    other = copy.deepcopy(plain["events"][0]) | {"code": "F", "name": "另一项"}
    plain["events"].append(other)
    first = plain["entrants"][0]
    plain["entrants"].append(first | {"code": "Q1", "event": "F"})
    return load_bundle(read(plain))


def test_who_is_in_two_events_is_elsewhere_while_the_other_goes_on(here: Flask) -> None:
    competition, desk = two_events(), create_account("吴敏")
    event = next(event for event in competition.events if event.code == "F")
    times = {"starts": "2026-09-16T09:00:00+08:00", "ends": "2026-09-16T09:20:00+08:00"}
    enter_paper_draw(
        *(event, "S", "m"),
        drawn_on="2022-09-16",
        supervisor="田春",
        by=desk,
        given=[GivenPlace("Q1", "第1场", "1号", times)],
    )
    ceremony = draw(competition, "m", plan(PRACTICE), desk)
    person = db.session.scalars(select(Entrant).where(Entrant.code == "P1")).one()
    assert [slot.session for slot in person.slots] == ["第2场"]
    moves = possible_moves(person, "S", "m")
    there = [move for move in moves if move.place.session == "第1场"]
    assert ceremony.state is CeremonyState.DRAWN
    assert {str(move.why_not) for move in there} <= {"赵启明 这时在另一项 M"}


def test_the_page_says_it_before_the_list_is_sealed_and_after_it_is_drawn(
    app: Flask, competition: Competition, desk: Account
) -> None:
    organiser = visitor(app, "organiser", competition)
    page = "/desk/X/draws"
    event = competition.events[0]
    lay_out(event, "S", "t", HALVES, desk)
    lay_out(event, "S", "m", plan(PRACTICE), desk)
    assert "那边还没抽" in organiser.get(f"{page}?module=E|S|m").text
    lay_out(event, "S", "t", WHOLE, desk)
    for _time in range(2):
        page_text = organiser.get(f"{page}?module=E|S|m").text
        assert "2 人躲不开" in page_text
        assert re.search("4 人（.*）两边都要去", page_text)
        ceremony = db.session.scalars(select(DrawCeremony)).first()
        if ceremony is None:
            draw(competition, "t", WHOLE, desk)
    refused = organiser.post(page, data={"module": "E|S|m", "way": "computer"})
    assert refused.status_code == 400
    assert 'name="why"' in refused.text
    sent = {"module": "E|S|m", "way": "computer", "why": "请人代看"}
    assert organiser.post(page, data=sent).status_code == 302
    latest = db.session.scalars(select(DrawCeremony).where(DrawCeremony.module == "m")).one()
    draw_now(latest, desk)
    assert "2 人同时在两处" in organiser.get(f"{page}?module=E|S|m").text


def test_nothing_is_said_where_people_can_be_in_both(
    app: Flask, competition: Competition, desk: Account
) -> None:
    draw(competition, "t", WHOLE, desk)
    lay_out(competition.events[0], "S", "m", plan("第1场，2026-09-16 13:00，2，20"), desk)
    text = visitor(app, "organiser", competition).get("/desk/X/draws?module=E|S|m").text
    assert "同时" not in text
