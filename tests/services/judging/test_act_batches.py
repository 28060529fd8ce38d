"""Calls of several tablets in one transaction: each is answered by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import func, select

from compete.models import Account, Act, AuditEntry, Competition, db
from compete.models.compiled_statements import Prepared
from compete.services.accounts.sessions import begin_session
from compete.services.judging.act_batches import (
    Batch,
    NotTheJudgeError,
    SignedOutError,
    take_batch,
    take_batches,
)
from compete.services.judging.act_intake import Taken
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.sheets.act_rules import ActIn
from tests.support.judging import Tablet, seat_and_open
from tests.support.statements import statements
from tests.support.together import together

MOST_STATEMENTS = 11
"""Of a call that is held: whatever is added here is paid by every tap of a hall."""

pytestmark = pytest.mark.each_database


@pytest.fixture
def hall(fresh: Competition, organiser: Account) -> Competition:
    """The small competition, open for judging."""
    seat_and_open(fresh, organiser)
    return fresh


def session_of(account: Account) -> str:
    return begin_session(account, method="card")


def call(tablet: Tablet, *acts: ActIn) -> Batch:
    code = tablet.judge.code
    return Batch(session_of(tablet.account), acts, lambda seat: seat.code == code)


def taken_in(batches: Sequence[Batch]) -> list[Any]:
    """What became of batches that came together."""
    return take_batches(lambda: batches)


def stored(answer: object) -> list[str]:
    assert isinstance(answer, tuple), answer
    assert isinstance(answer[0], Taken)
    return answer[0].stored


def test_each_call_is_held_in_its_own_judges_name(hall: Competition) -> None:
    first, second = Tablet(hall, "J1"), Tablet(hall, "J2")
    mine, others = first.mark("a", "30"), second.mark("a", "31")
    answers = taken_in([call(first, mine), call(second, others)])
    assert [stored(answer) for answer in answers] == [[mine.uuid], [others.uuid]]
    assert (first.values(), second.values()) == ({"a": "30"}, {"a": "31"})
    assert not list(verify_chain(hall))
    subjects = db.session.scalars(select(AuditEntry.subject).filter_by(action="acts.take")).all()
    assert sorted(subjects) == ["J1", "J2"]


def test_who_may_not_send_keeps_nobody_else_out(hall: Competition, organiser: Account) -> None:
    tablet, other = Tablet(hall, "J1"), Tablet(hall, "J2")
    mine, foreign = tablet.mark("a", "30"), other.mark("a", "31")
    answers = taken_in(
        [
            Batch("nobody", [foreign], lambda _seat: True),
            Batch(session_of(organiser), [foreign], lambda _seat: True),
            Batch(session_of(tablet.account), [foreign], lambda seat: seat.code == "J2"),
            call(tablet, mine),
        ]
    )
    assert isinstance(answers[0], SignedOutError)
    assert isinstance(answers[1], NotTheJudgeError)
    assert isinstance(answers[2], NotTheJudgeError)
    assert stored(answers[3]) == [mine.uuid]
    assert other.values() == {}


def test_the_same_act_twice_in_one_group_is_held_once(hall: Competition) -> None:
    tablet = Tablet(hall)
    act = tablet.mark("a", "30")
    answers = taken_in([call(tablet, act), call(tablet, act)])
    assert [stored(answer) for answer in answers] == [[act.uuid]] * 2
    assert db.session.scalar(select(func.count(Act.id))) == 1
    assert tablet.sheet().version == 1


def test_a_later_call_of_the_group_sees_what_an_earlier_one_did(hall: Competition) -> None:
    tablet = Tablet(hall)
    *marks, submit = tablet.full()
    late = tablet.mark("a", "29")
    answers = taken_in([call(tablet, *marks), call(tablet, submit), call(tablet, late)])
    assert stored(answers[1]) == [submit.uuid]
    assert isinstance(answers[2], tuple)
    assert [uuid for uuid, _why in answers[2][0].refused] == [late.uuid]


def test_tablets_at_once_are_all_answered_though_one_sends_too_much(
    here: Flask, hall: Competition
) -> None:
    tablets = [Tablet(hall, code) for code in ("J1", "J2", "J3")]
    batches = [call(tablet, tablet.mark(tablet.aspects[0], "30")) for tablet in tablets]
    greedy = Batch(batches[0].session_id, [batches[0].acts[0]] * 201, batches[0].named)

    def sender(batch: Batch) -> Callable[[], object]:
        return lambda: take_batch(batch.session_id, batch.acts, batch.named)

    answers = together(here, *(sender(batch) for batch in (*batches * 3, greedy)))
    for batch, answer in zip(batches * 3, answers, strict=False):
        assert stored(answer) == [batch.acts[0].uuid]
    assert isinstance(answers[-1], Refused)
    assert db.session.scalar(select(func.count(Act.id))) == 3
    assert not list(verify_chain(hall))


def test_a_mark_costs_no_more_statements_than_it_did(hall: Competition) -> None:
    tablet = Tablet(hall)
    costs = []
    batches = [[tablet.mark("a", value)] for value in ("30", "31", "32")]
    batches.append([tablet.mark("a", str(value)) for value in range(30, 50)])
    batches.append([tablet.mark("a", "50")] * 20)
    for acts in batches:
        batch = call(tablet, *acts)
        with (
            patch.object(Prepared, "_for", autospec=True, side_effect=Prepared._for) as prepared,
            statements(db.engine) as queries,
        ):
            (answer,) = taken_in([batch])
        assert len(stored(answer)) == len(acts)
        costs.append(len(queries) + prepared.call_count)
    # What the first two read is remembered; a further mark is held against the last and added.
    assert costs[2] <= MOST_STATEMENTS
    assert costs[3] <= costs[2] + 2 * 19
    # One that a batch brings again and again is looked for once.
    assert costs[4] <= costs[2]
