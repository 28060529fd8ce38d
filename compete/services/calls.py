"""A tablet's call: who sends it and what it brings, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, select

from compete.domain.roles import SCORING_ROLES
from compete.models import Account, Judge, Membership
from compete.models.prepared import Prepared, is_one_of
from compete.services.accounts import read_session
from compete.services.acts import ActIn, Taken, take_acts
from compete.services.work import connection_of, unit_of_work


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


def take_call(
    session_id: str, acts: Sequence[ActIn], named: Callable[[Seat], bool]
) -> tuple[Taken, Person]:
    """Hold acts as `take_acts` does, in the name of the session's newest seat that is `named`.

    Raises `SignedOutError` or `NotTheJudgeError`: a card that was cancelled a
    moment ago brings no mark in any more.
    """
    with unit_of_work() as session:
        person, seats = _who(connection_of(session), session_id)
        seat = next(filter(named, seats), None)
        if seat is None:
            raise NotTheJudgeError
        return take_acts(seat, acts, person), person


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
