"""Tablets that send at the same moment, each in a request of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from compete.domain.values.states import CompetitionState, SheetState
from compete.models import Account, Act, Competition, Judge, Sheet, db
from compete.services.closing.competition_lock import lock_marks
from compete.services.judging.act_intake import Taken, take_acts
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.sheets.act_rules import ActIn
from tests.support.announced import plain
from tests.support.judging import Tablet, seat_and_open
from tests.support.together import together

pytestmark = pytest.mark.each_database


@pytest.fixture
def hall(fresh: Competition, organiser: Account) -> Competition:
    """The small competition, open for judging."""
    seat_and_open(fresh, organiser)
    return fresh


def sender(tablet: Tablet, acts: list[ActIn]) -> Callable[[], Taken]:
    """A call that sends the acts from a thread of its own."""
    judge, account = tablet.judge.id, tablet.account.id

    def send() -> Taken:
        return take_acts(
            db.session.get_one(Judge, judge), acts, db.session.get_one(Account, account)
        )

    return send


def test_one_judge_on_two_tablets_with_the_same_acts_holds_each_once(
    here: Flask, hall: Competition
) -> None:
    tablet = Tablet(hall)
    acts = tablet.full()
    answers = together(here, *[sender(tablet, acts)] * 4)
    for answer in answers:
        assert isinstance(answer, Taken), answer
        assert answer.stored == [act.uuid for act in acts]
        assert answer.refused == []
    assert db.session.scalar(select(func.count(Act.id))) == len(acts)
    assert tablet.sheet().state is SheetState.SUBMITTED
    assert tablet.sheet().version == len(acts)


def test_one_judge_on_two_tablets_with_other_acts_loses_none(
    here: Flask, hall: Competition
) -> None:
    tablet = Tablet(hall)
    batches = [[tablet.mark("a", str(n)) for _ in range(5)] for n in range(4)]
    answers = together(here, *[sender(tablet, batch) for batch in batches])
    assert [len(answer.stored) for answer in answers] == [5] * 4
    assert tablet.sheet().version == 20
    last = db.session.scalars(select(Act.value).order_by(Act.id.desc())).first()
    assert tablet.values() == {"a": f"{last}"}


def test_a_whole_panel_at_once_keeps_one_chain(here: Flask, hall: Competition) -> None:
    panel = [Tablet(hall, code) for code in ("J1", "J2", "J3")]
    before = audit.count(hall)
    answers = together(
        here,
        *[
            sender(tablet, tablet.full(entrant))
            for tablet in panel
            for entrant in ("P1", "P2", "P3", "P4")
        ],
    )
    assert [answer.refused for answer in answers] == [[]] * 12
    states = db.session.scalars(select(Sheet.state)).all()
    assert set(states) == {SheetState.SUBMITTED}
    assert audit.count(hall) == before + 12
    assert list(verify_chain(hall)) == []


def test_no_mark_slips_in_behind_the_lock(
    here: Flask, hall: Competition, organiser: Account
) -> None:
    panel = [Tablet(hall, code) for code in ("J1", "J2", "J3")]
    for tablet in panel:
        for entrant in ("P1", "P2", "P3", "P4"):
            tablet.send(*tablet.full(entrant))
    plain(hall)
    number, person = hall.id, organiser.id
    notes = [panel[0].act("note", note=str(n)) for n in range(30)]

    def lock() -> None:
        lock_marks(db.session.get_one(Competition, number), db.session.get_one(Account, person))

    together(here, lock, *[sender(panel[0], [note]) for note in notes[:5]])
    assert hall.state is CompetitionState.LOCKED
    locked = next(e.seq for e in audit.recent(hall, 99) if e.action == "marks.lock")
    after = [e for e in audit.recent(hall, 99) if e.action == "acts.take" and e.seq > locked]
    assert all(entry.after["held"] == 0 for entry in after)


def test_judging_is_locked_once_by_whoever_comes_first(
    here: Flask, judged: Competition, organiser: Account
) -> None:
    plain(judged)
    number, person = judged.id, organiser.id

    def lock() -> None:
        lock_marks(db.session.get_one(Competition, number), db.session.get_one(Account, person))

    answers = together(here, lock, lock, lock)
    assert sum(answer is None for answer in answers) == 1
    refused = [answer for answer in answers if answer is not None]
    assert ["“已锁定”" in str(refusal) for refusal in refused] == [True, True]
