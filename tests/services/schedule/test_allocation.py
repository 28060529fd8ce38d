"""Who marks whom: panels, stations, blind codes, and the sheets that follow."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from compete.domain.values.states import CompetitionState, MoveError
from compete.models import (
    Account,
    Assignment,
    AuditEntry,
    BlindCode,
    Competition,
    Entrant,
    Event,
    Judge,
    Sheet,
    Slot,
    db,
)
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.sheets.blind_codes import draw_blind_codes
from compete.services.sheets.counts import sheet_counts
from tests.support.judging import Tablet, judge_of, seat_and_open
from tests.support.small import small

EVALUATION = Path("tests/examples/evaluation-small.bundle.json")
PARTS = {"practical": ("running", "repair")}
MODULES = ("theory", "running", "repair", "review")


def seats(competition: Competition, *wanted: str) -> list[tuple[Judge, str]]:
    """`seats(c, "J1", "J2@一号")`."""
    pairs = [pair.partition("@") for pair in wanted]
    return [(judge_of(competition, code), station) for code, _at, station in pairs]


def seat(competition: Competition, by: Account, *wanted: str, module: str = "m") -> None:
    assign_judges(competition.events[0], "S", module, seats(competition, *wanted), by)


def sheets(module: str = "m") -> set[tuple[str, str]]:
    """Judge and entrant of each sheet."""
    rows = db.session.execute(
        select(Judge.code, Entrant.code)
        .join(Sheet, Sheet.judge_id == Judge.id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Sheet.module == module)
    )
    return {(judge, entrant) for judge, entrant in rows.tuples()}


def place(competition: Competition, **stations: str) -> None:
    """Draw people to stations of the first module: `place(c, P1="一号")`."""
    with unit_of_work() as session:
        for code, station in stations.items():
            person = session.scalars(select(Entrant).where(Entrant.code == code)).one()
            session.add(Slot(entrant_id=person.id, stage="S", module="m", station=station))


def test_a_panel_is_never_larger_than_the_rules_say(fresh: Competition, organiser: Account) -> None:
    with pytest.raises(Refused, match="每组 2 名裁判"):
        seat(fresh, organiser, "J1", "J2", "J3")
    with pytest.raises(Refused, match="一号有 3 名裁判"):
        seat(fresh, organiser, "J1", "J2@一号", "J3@一号")
    assert db.session.scalar(select(func.count(Assignment.id))) == 0
    seat(fresh, organiser, "J1@一号", "J2@一号", "J3@二号", "C1@二号")
    assert db.session.scalar(select(func.count(Assignment.id))) == 4


@pytest.mark.each_database
def test_opening_makes_a_sheet_for_each_judge_and_entrant(
    fresh: Competition, organiser: Account
) -> None:
    seat_and_open(fresh, organiser)
    people = {"P1", "P2", "P3", "P4"}
    assert sheets() == {(judge, person) for judge in ("J1", "J2") for person in people}
    assert sheets("t") == {("J3", person) for person in people}
    assert fresh.state is CompetitionState.JUDGING
    ids = db.session.scalars(select(Sheet.public_id)).all()
    assert len(set(ids)) == 12


def test_a_judge_at_a_station_marks_who_is_drawn_to_it(
    fresh: Competition, organiser: Account
) -> None:
    place(fresh, P1="一号", P2="一号", P3="二号")
    seat(fresh, organiser, "J1@一号", "J2@二号", "J3")
    seat(fresh, organiser, "C1", module="t")
    open_judging(fresh, organiser)
    assert sheets() == {
        ("J1", "P1"),
        ("J1", "P2"),
        ("J2", "P3"),
        *(("J3", entrant) for entrant in ("P1", "P2", "P3", "P4")),
    }


def test_judging_does_not_open_without_judges_or_people(
    load: Callable[..., Competition], organiser: Account
) -> None:
    fresh = load(small())
    with pytest.raises(Refused, match="还没有裁判"):
        open_judging(fresh, organiser)
    assert fresh.state is CompetitionState.REGISTERING
    empty = small(competition={"code": "Y"})
    empty["entrants"] = []
    other = load(empty)
    with pytest.raises(Refused, match="没有要评的人"):
        seat_and_open(other, organiser)
    assert other.state is CompetitionState.REGISTERING


def test_judging_opens_once(fresh: Competition, organiser: Account) -> None:
    seat_and_open(fresh, organiser)
    with pytest.raises(MoveError, match="评分中"):
        open_judging(fresh, organiser)


def test_the_record_of_the_beginning_counts_sheets_as_every_page_does(
    load: Callable[..., Competition], organiser: Account
) -> None:
    absent = {"stage": "S", "module": "m", "entrant": "P1", "status": "dns", "reason": "没到"}
    competition = load(small(outcomes=[absent]))
    seat_and_open(competition, organiser)
    begun = db.session.scalars(select(AuditEntry).filter_by(action="judging.open")).one()
    assert begun.after is not None
    count = sheet_counts(competition).all
    assert begun.after["sheets"] == count < db.session.query(Sheet).count()


def test_a_judge_who_has_not_begun_is_replaced_with_the_sheets(
    fresh: Competition, organiser: Account
) -> None:
    seat_and_open(fresh, organiser)
    seat(fresh, organiser, "J1", "J3")
    assert {judge for judge, _ in sheets()} == {"J1", "J3"}


def test_a_judge_who_has_begun_stays(fresh: Competition, organiser: Account) -> None:
    seat_and_open(fresh, organiser)
    tablet = Tablet(fresh, "J2")
    tablet.send(tablet.mark("a", "30"))
    before = sheets()
    with pytest.raises(Refused, match="周二 已经评了 1 张"):
        seat(fresh, organiser, "J1", "J3")
    assert sheets() == before
    assert db.session.scalar(select(func.count(Assignment.id))) == 3
    assert tablet.values() == {"a": "30"}


def test_a_judge_who_moves_to_another_station_leaves_the_old_sheets(
    fresh: Competition, organiser: Account
) -> None:
    place(fresh, P1="一号", P2="一号", P3="二号", P4="二号")
    seat(fresh, organiser, "J1@一号", "J2@二号")
    seat(fresh, organiser, "J3", module="t")
    open_judging(fresh, organiser)
    seat(fresh, organiser, "J1@二号", "J2@二号")
    assert sheets() == {(judge, entrant) for judge in ("J1", "J2") for entrant in ("P3", "P4")}
    seat(fresh, organiser, "J1@二号", "J2@一号")
    assert sheets() == {("J1", "P3"), ("J1", "P4"), ("J2", "P1"), ("J2", "P2")}


def test_nobody_is_moved_after_the_lock(judged: Competition, organiser: Account) -> None:
    with unit_of_work():
        judged.state = CompetitionState.LOCKED
    with pytest.raises(Refused, match="不能再改分工"):
        seat(judged, organiser, "J1", "J3")


@pytest.fixture
def blind(load: Callable[..., Competition], organiser: Account) -> Competition:
    """The small competition, blind and open."""
    competition = load(small(event={"extra": {"blind": True}}))
    seat_and_open(competition, organiser)
    return competition


@pytest.mark.each_database
def test_in_a_blind_event_sheets_bear_codes_that_say_nothing(blind: Competition) -> None:
    codes = dict(
        db.session.execute(
            select(BlindCode.code, Entrant.code).join(Entrant, Entrant.id == BlindCode.entrant_id)
        )
        .tuples()
        .all()
    )
    assert sorted(codes.values()) == ["P1", "P2", "P3", "P4"]
    labels = db.session.execute(
        select(Sheet.label, Entrant.code).join(Entrant, Entrant.id == Sheet.entrant_id)
    ).tuples()
    assert all(codes[label] == entrant for label, entrant in labels)
    assert not any(label.startswith("P") and label[1:].isdigit() for label in codes)


def test_codes_are_drawn_once_and_not_in_the_order_of_the_list(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(event={"extra": {"blind": True}})
    first = plain["entrants"][0]
    plain["entrants"] = [
        {key: value for key, value in first.items() if key != "id_number"} | {"code": f"P{n}"}
        for n in range(40)
    ]
    competition = load(plain)
    drawn = select(BlindCode.code).order_by(BlindCode.entrant_id)
    codes = list(db.session.scalars(drawn))
    assert len(set(codes)) == 40
    assert codes != sorted(codes)
    assert draw_blind_codes(db.session.query(Event).one(), organiser) == 0
    assert list(db.session.scalars(drawn)) == codes
    assert competition.events[0].blind


def test_who_comes_late_has_a_code_like_the_others(
    load: Callable[..., Competition], organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Highest(secrets.SystemRandom):
        def sample(self, population: Any, k: int, **_how: Any) -> list[Any]:
            return list(population)[-k:]

    plain = small(event={"extra": {"blind": True}})
    first = plain["entrants"][0]
    plain["entrants"] = [
        {key: value for key, value in first.items() if key != "id_number"} | {"code": f"P{n}"}
        for n in range(20)
    ]
    competition = load(plain)
    entrant = db.session.query(Entrant).filter_by(competition_id=competition.id).first()
    assert entrant is not None
    with unit_of_work() as session:
        session.delete(session.query(BlindCode).filter_by(entrant_id=entrant.id).one())
    monkeypatch.setattr(secrets, "SystemRandom", Highest)
    assert draw_blind_codes(competition.events[0], organiser) == 1
    numbers = [int(code.split("-")[1]) for code in db.session.scalars(select(BlindCode.code))]
    assert max(numbers) <= 99


def test_nobody_is_seated_where_nobody_comes(fresh: Competition, organiser: Account) -> None:
    place(fresh, P1="一号")
    seat(fresh, organiser, "J1@一号")
    with pytest.raises(Refused, match="没有九号这个工位") as refused:
        seat(fresh, organiser, "J1@一号", "J2@九号")
    assert refused.value.kind is Refusal.INVALID


def test_nobody_marks_what_was_brought_along_unless_it_is_void(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = json.loads(EVALUATION.read_bytes())
    for key in ("marks", "outcomes", "penalties"):
        plain[key] = []
    competition = load(plain)
    for event in competition.events:
        for module in rules_of(event).stages[0].modules:
            judges = [(judge, "") for judge in competition.judges[: module.panel.size]]
            assign_judges(event, "s", module.code, judges, organiser)
    open_judging(competition, organiser, "考评员少")
    marked = {(module, who) for module in MODULES for _judge, who in sheets(module)}
    brought = {
        (module, entrant["code"]): "void" in carried
        for entrant in plain["entrants"]
        for carried in entrant.get("carried", ())
        for module in PARTS.get(carried["of"], (carried["of"],))
    }
    assert set(brought.values()) == {True, False}
    assert {place for place in brought if place in marked} == {
        place for place, void in brought.items() if void
    }
    everybody = {
        (module, entrant["code"]) for module in ("theory",) for entrant in plain["entrants"]
    }
    assert everybody - brought.keys() <= marked
