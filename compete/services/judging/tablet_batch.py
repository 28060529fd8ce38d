"""A tablet's call: who sends it and what it brings, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import Connection, and_, bindparam, select

from compete.domain.values import SCORING_ROLES
from compete.models import Account, Judge, Membership, db
from compete.models.prepared import Prepared, is_one_of
from compete.services.accounts import read_session
from compete.services.judging.taking_acts import Taken, refuse_too_many, take_acts
from compete.services.kernel import Sharing, connection_of, unit_of_work
from compete.services.sheets import ActIn

MOST_TOGETHER = 32
_SHARED = "compete calls"


class SignedOutError(Exception):
    """The session is no account's, or stands no more."""


class NotTheJudgeError(Exception):
    """The account marks nothing, or not as the judge whose page sent the call."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account, as far as the records need it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A judge, as far as acts need one."""

    id: int
    code: str
    competition_id: int


_WHO = Prepared(
    select(
        *(Account.id, Account.name, Account.active, Account.session_epoch),
        *(Judge.id, Judge.code, Judge.competition_id),
    )
    .outerjoin(
        Membership,
        and_(Membership.account_id == Account.id, is_one_of(Membership.role, SCORING_ROLES)),
    )
    .outerjoin(Judge, Judge.id == Membership.judge_id)
    .where(Account.id == bindparam("account"))
    .order_by(Membership.id.desc())
)


@dataclass(slots=True, eq=False)
class Call:
    """What one tablet sends: its session, its acts, and which judge its page was made for."""

    session_id: str
    acts: Sequence[ActIn]
    named: Callable[[Seat], bool]


Answer = tuple[Taken, Person]


def take_call(
    session_id: str, acts: Sequence[ActIn], named: Callable[[Seat], bool]
) -> tuple[Taken, Person]:
    """Hold acts as `take_acts` does, in the name of the session's newest seat that is `named`.

    Calls that come in while this process holds others share the next transaction.
    Raises `SignedOutError` or `NotTheJudgeError`: a card that was cancelled a
    moment ago brings no mark in any more.
    """
    # Before it shares a transaction: the others would have to do theirs again.
    refuse_too_many(acts)
    call = Call(session_id, acts, named)
    if db.session().info.get("writing"):
        return _told(take_calls([call])[0])
    if _SHARED not in current_app.extensions:
        current_app.extensions.setdefault(_SHARED, Sharing(take_calls, MOST_TOGETHER))
    sharing: Sharing[Call, Answer | Exception] = current_app.extensions[_SHARED]
    return _told(sharing.through(call))


def _told(answer: Answer | Exception) -> Answer:
    if isinstance(answer, Exception):
        raise answer
    return answer


def take_calls(calls: Sequence[Call]) -> list[Answer | Exception]:
    """Hold what the calls bring, all in one transaction; the answer to each, or why it has none."""
    answers: list[Answer | Exception] = [SignedOutError() for _call in calls]
    with unit_of_work() as session:
        connection = connection_of(session)
        seats = []
        for place, call in enumerate(calls):
            try:
                seats.append((*_seat(connection, call), place))
            except (SignedOutError, NotTheJudgeError) as why:
                answers[place] = why
        # Competitions are always held in the same order, so that no two groups lock each other out.
        for seat, person, place in sorted(seats, key=lambda found: found[0].competition_id):
            answers[place] = take_acts(seat, calls[place].acts, person), person
    return answers


def _seat(connection: Connection, call: Call) -> tuple[Seat, Person]:
    person, seats = _who(connection, call.session_id)
    seat = next(filter(call.named, seats), None)
    if seat is None:
        raise NotTheJudgeError
    return seat, person


def _who(connection: Connection, session_id: str) -> tuple[Person, list[Seat]]:
    read = read_session(session_id)
    rows = _WHO.rows(connection, account=read[0]) if read else []
    if read is None or not rows:
        raise SignedOutError
    number, name, active, epoch, *_seat = rows[0]
    if not active or epoch != read[1]:
        raise SignedOutError
    seats = [Seat(*row[4:]) for row in rows if row[4] is not None]
    return Person(number, name), seats
