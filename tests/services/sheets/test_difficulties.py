"""Marks × a difficulty: judges mark, who organises says what each attempts, both make the score."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from compete.domain import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.models import Event, LockEntry, Slot, db
from compete.services.closing.blockers import find_blockers
from compete.services.closing.lock_blockers import faults_of_scope
from compete.services.closing.module_locks import lock_module
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.competitions.loading import load_bundle
from compete.services.judging.panels.module_watch import watch_module
from compete.services.judging.printed_sheets import print_sheet
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.sheets.difficulties import (
    Attempts,
    attempting,
    set_difficulties,
    unattempted,
)
from compete.services.sheets.entry_seals import check_entries
from tests.documents.reading import pages
from tests.support.panels import Panel, bundle_of, open_panel
from tests.support.statements import statements

PLACE = ("final", "practice")


def dives() -> dict[str, Any]:
    """The panel's competition, with a practice whose work counts by its difficulty."""
    plain = bundle_of() | {"format": "compete-bundle/2"}
    work = plain["events"][0]["stages"][0]["modules"][1]["aspects"][1]
    work |= {"type": "factored", "top": 10, "difficulties": ["1", "1.5", "2"]}
    return plain


@pytest.fixture
def hall(app: Flask) -> Any:
    with app.app_context():
        yield open_panel(dives())


def judge_all(hall: Panel) -> None:
    """Three judges give the first 8, 7 and 7.5, and the second 6 each."""
    for entrant, values in (("E1", ("8", "7", "7.5")), ("E2", ("6", "6", "6"))):
        for judge, value in zip(("J1", "J2", "J3"), values, strict=True):
            sheet = hall.sheet(judge, entrant)
            hall.act(sheet, "mark", aspect="smooth", value="3")
            hall.act(sheet, "mark", aspect="work", value=value)
            hall.act(sheet, "submit")


def event_of(hall: Panel) -> Event:
    return hall.competition.events[0]


def tell(hall: Panel, seen: Attempts | None = None, **difficulties: str) -> int:
    """Write what some attempt, as who organises."""
    wanted = {(hall.entrant(code).id, "work"): Decimal(it) for code, it in difficulties.items()}
    return set_difficulties(event_of(hall), *PLACE, wanted, seen or {}, hall.organiser)


def scores(hall: Panel) -> dict[str, str | None]:
    db.session.expire_all()
    stage = live_results(hall.competition).event("FORK").stages[0]
    return {row.entrant: row.modules["practice"].score for row in stage.standings}


def faults(hall: Panel) -> list[str]:
    db.session.expire_all()
    scope_faults = faults_of_scope(event_of(hall), *PLACE, None, signed=False)
    return [fault.kind for fault in scope_faults]


@pytest.mark.each_database
def test_a_score_waits_for_the_difficulty_and_follows_it(hall: Panel) -> None:
    judge_all(hall)
    assert scores(hall) == {"E1": None, "E2": None}
    assert faults(hall) == ["difficulty"]
    assert tell(hall, E1="2") == 1
    assert scores(hall) == {"E1": "21.00", "E2": None}
    tell(hall, E2="1.5")
    assert scores(hall) == {"E1": "21.00", "E2": "15.00"}
    before = {
        (row.entrant.id, "work"): row.attempted["work"]
        for row in attempting(event_of(hall), *PLACE)
    }
    tell(hall, before, E1="1")
    assert scores(hall)["E1"] == "13.50"
    assert list(check_entries(hall.competition)) == []
    bundle = export_bundle(hall.competition)
    assert {(mark.entrant, mark.difficulty) for mark in bundle.marks if mark.aspect == "work"} == {
        ("E1", Decimal(1)),
        ("E2", Decimal("1.5")),
    }
    assert read_bundle(write_bundle(bundle)).marks == bundle.marks


@pytest.mark.parametrize(("kind", "waited"), [("dns", set()), ("dsq", set()), ("dnf", {"E2"})])
def test_nobody_asks_what_changes_no_score(hall: Panel, kind: str, waited: set[str]) -> None:
    judge_all(hall)
    tell(hall, E1="1")
    assert waiting(hall) == ({"E2"}, ["difficulty"])
    wanted = Proposal(kind, "final", "practice", "受伤", "医务室证明")
    decision = propose_decision(hall.entrant("E2"), wanted, hall.account("C1"))
    confirm_proposal(decision, hall.account("S1"))
    # What was marked before somebody gave up counts by the difficulty, but is not waited for.
    assert waiting(hall) == (waited, [])
    assert faults(hall) == []


def test_who_gave_up_before_any_mark_is_not_asked(hall: Panel) -> None:
    wanted = Proposal("dnf", "final", "practice", "受伤", "医务室证明")
    decision = propose_decision(hall.entrant("E2"), wanted, hall.account("C1"))
    confirm_proposal(decision, hall.account("S1"))
    assert waiting(hall)[0] == {"E1"}


def waiting(hall: Panel) -> tuple[set[str], list[str]]:
    """Those of whom a difficulty is asked, and whether the competition's lock waits for it."""
    db.session.expire_all()
    live = live_results(hall.competition)
    kinds = [it.kind for it in find_blockers(hall.competition, live.results)]
    return unattempted(event_of(hall), *PLACE), [it for it in kinds if it == "difficulty"]


def test_a_paper_says_what_its_total_leaves_out(hall: Panel) -> None:
    judge_all(hall)
    (page,) = pages(print_sheet(hall.sheet("J1")))
    assert "合计，1项另算" in page
    (page,) = pages(print_sheet(hall.sheet("J4", "E1", "paper")))
    assert "另算" not in page


def test_judges_too_far_apart_are_found_once_the_difficulty_is_told(hall: Panel) -> None:
    judge_all(hall)
    place = event_of(hall), *PLACE
    assert watch_module(*place).disputed == []
    tell(hall, E1="2", E2="2")
    # One mark apart × 2 is more than the one that the panel allows.
    assert watch_module(*place).disputed == [hall.entrant("E1").id]


def test_what_is_not_offered_or_was_set_by_another_is_refused(hall: Panel) -> None:
    with pytest.raises(Refused) as refusal:
        tell(hall, E1="3")
    assert refusal.value.kind is Refusal.INVALID
    tell(hall, E1="2")
    assert tell(hall, E1="2") == 0
    with pytest.raises(Refused) as refusal:
        tell(hall, E1="1")
    assert refusal.value.kind is Refusal.CONFLICT
    assert [row.attempted for row in attempting(event_of(hall), *PLACE)] == [{"work": 2}, {}]


def test_under_a_lock_nothing_changes(hall: Panel) -> None:
    judge_all(hall)
    tell(hall, E1="1", E2="1")
    lock_module(event_of(hall), *PLACE, hall.account("C1"))
    with pytest.raises(Refused) as refusal:
        tell(hall, {(hall.entrant("E1").id, "work"): Decimal(1)}, E1="2")
    assert refusal.value.kind is Refusal.CONFLICT


def test_a_lock_of_one_session_covers_those_who_are_called_up_in_it(hall: Panel) -> None:
    with unit_of_work() as session:
        places = {"stage": "final", "module": "practice"}
        for code, session_name in (("E1", "am"), ("E2", "pm")):
            who = hall.entrant(code).id
            slot = session.scalar(select(Slot).filter_by(entrant_id=who, **places))
            slot = slot or Slot(entrant_id=who, **places)
            slot.session = session_name
            session.add(slot)
        lock = {"event_id": event_of(hall).id, "competition_id": hall.competition.id, **places}
        by = hall.account("C1").id
        made = {"version": 1, "sheets": 0, "sha256": "0" * 64, "locked_by": by}
        session.add(LockEntry(session="am", **lock, **made))
    assert tell(hall, E2="2") == 1
    with pytest.raises(Refused, match="已经锁定"):
        tell(hall, E1="2")


def test_locks_are_asked_once_whatever_the_number_of_values(hall: Panel) -> None:
    with statements(db.engine) as of_one:
        tell(hall, E1="1")
    with statements(db.engine) as of_two:
        tell(hall, {(hall.entrant("E1").id, "work"): Decimal(1)}, E1="2", E2="2")
    locks = [[it for it in asked if "FROM lock_entry" in it] for asked in (of_one, of_two)]
    assert len(locks[0]) == len(locks[1]) == 1


def test_a_difficulty_changed_in_the_database_is_found(hall: Panel) -> None:
    tell(hall, E1="1")
    with unit_of_work() as session:
        session.execute(text("UPDATE difficulty_entry SET difficulty = 2000000"))
    assert [str(fault) for fault in check_entries(hall.competition)] == ["难度系数记下后被改过"]


def test_what_a_file_brings_is_kept(app: Flask) -> None:
    plain = dives()
    where = {"stage": "final", "module": "practice", "entrant": "E1"}
    plain["marks"] = [
        {**where, "judge": judge, "aspect": "work", "value": "7", "difficulty": "1.5"}
        for judge in ("J1", "J2", "J3")
    ]
    with app.app_context():
        bundle = read_bundle(json.dumps(plain).encode())
        competition = load_bundle(bundle)
        db.session.expire_all()
        assert [mark.difficulty for mark in export_bundle(competition).marks] == [
            Decimal("1.5")
        ] * 3
        assert list(check_entries(competition)) == []


def test_a_difficulty_finer_than_is_kept_is_refused_before_it_can_be_attempted(app: Flask) -> None:
    plain = dives()
    plain["events"][0]["stages"][0]["modules"][1]["aspects"][1]["difficulties"][1] = "1.0000001"
    where = re.escape("events[0].stages[0].modules[1].aspects[1].difficulties[1]")
    with app.app_context(), pytest.raises(Refused, match=f"{where}：1.0000001 存不下"):
        load_bundle(read_bundle(json.dumps(plain).encode()))
