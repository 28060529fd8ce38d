"""A tablet's batch: who sends it and what it brings, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, and_, bindparam, select

from compete.domain.values.roles import SCORING_ROLES
from compete.models import Account, Judge, Membership, SignedInSession, utc_now
from compete.models.compiled_statements import Prepared, is_one_of
from compete.models.types import UtcDateTime, token_hash
from compete.services.accounts.sessions import SEEN_EVERY, note_session_use, session_holds
from compete.services.judging.act_intake import Claimed, Taken, refuse_too_many
from compete.services.kernel import audit
from compete.services.kernel.group_commit import GroupCommit
from compete.services.kernel.installation import memory_of
from compete.services.kernel.transactions import statements_alone
from compete.services.kernel.versions import is_writing
from compete.services.sheets.act_rules import ActIn

MOST_TOGETHER = 32
_SHARED = "compete calls"


class SignedOutError(Exception):
    """The session is no account's, or stands no more."""


class NotTheJudgeError(Exception):
    """The account marks nothing, or not as the judge whose page sent the batch."""


@dataclass(frozen=True, slots=True)
class Sender:
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
        *(Account.id, Account.name, SignedInSession.id),
        SignedInSession.seen_at < bindparam("lately", type_=UtcDateTime()),
        *(Judge.id, Judge.code, Judge.competition_id),
    )
    .select_from(SignedInSession)
    .join(Account, Account.id == SignedInSession.account_id)
    .outerjoin(
        Membership,
        and_(Membership.account_id == Account.id, is_one_of(Membership.role, SCORING_ROLES)),
    )
    .outerjoin(Judge, Judge.id == Membership.judge_id)
    .where(SignedInSession.token_hash == bindparam("token"), *session_holds(bindparam("now")))
    .order_by(Membership.id.desc())
)


@dataclass(slots=True, eq=False)
class Batch:
    """A batch from one tablet: its session, its acts, and the judge its page was made for."""

    session_id: str
    acts: Sequence[ActIn]
    named: Callable[[Seat], bool]
    reached: audit.Reached | None = None


Answer = tuple[Taken, Sender]


def take_batch(
    session_id: str,
    acts: Sequence[ActIn],
    named: Callable[[Seat], bool],
    reached: audit.Reached | None = None,
) -> tuple[Taken, Sender]:
    """Take acts in as `take_acts` does, in the name of the session's newest seat that is `named`.

    Batches that come in while this process takes others in share the next transaction.
    Raises `SignedOutError` or `NotTheJudgeError`: a card that was cancelled a
    moment ago brings no mark in any more. Raises `SetBackError` where the chain is shorter than
    the tablet was told.
    """
    # Before it shares a transaction: the others would have to do theirs again.
    refuse_too_many(acts)
    batch = Batch(session_id, acts, named, reached)
    if is_writing():
        return _answer_or_raise(take_batches(lambda: [batch])[0])
    commits = memory_of(_SHARED, lambda: GroupCommit(take_batches, MOST_TOGETHER))
    return _answer_or_raise(commits.through(batch))


def _answer_or_raise(answer: Answer | Exception) -> Answer:
    if isinstance(answer, Exception):
        raise answer
    return answer


def take_batches(waiting: Callable[[], Sequence[Batch]]) -> list[Answer | Exception]:
    """Take in what they bring, all in one transaction; the answer to each, or why it has none.

    They are asked for once the turn to write has come: whoever came meanwhile goes along.
    """
    with statements_alone() as connection:
        batches = waiting()
        answers: list[Answer | Exception] = [SignedOutError() for _batch in batches]
        seats = []
        for place, batch in enumerate(batches):
            try:
                seats.append((*_seat(connection, batch), place))
            except (SignedOutError, NotTheJudgeError) as why:
                answers[place] = why
        # Always claimed in the same order, so that no two groups lock each other out.
        seats.sort(key=_competition_of)
        for competition_id, of_it in groupby(seats, key=_competition_of):
            claimed = Claimed(connection, competition_id)
            for seat, sender, place in of_it:
                taken = claimed.take(seat.id, seat.code, batches[place].acts, sender)
                if taken.end is not None:
                    before = taken.end.seq - 1
                    audit.require_reached(batches[place].reached, competition_id, before)
                answers[place] = taken, sender
    return answers


def _competition_of(seating: tuple[Seat, Sender, int]) -> int:
    return seating[0].competition_id


def _seat(connection: Connection, batch: Batch) -> tuple[Seat, Sender]:
    sender, seats = _sender_of(connection, batch.session_id)
    seat = next(filter(batch.named, seats), None)
    if seat is None:
        raise NotTheJudgeError
    return seat, sender


def _sender_of(connection: Connection, session_id: str) -> tuple[Sender, list[Seat]]:
    now = utc_now()
    rows = _WHO.rows(connection, token=token_hash(session_id), now=now, lately=now - SEEN_EVERY)
    if not rows:
        raise SignedOutError
    number, name, session, is_due, *_seat = rows[0]
    if is_due:
        note_session_use(connection, session, now)
    seats = [Seat(*row[4:]) for row in rows if row[4] is not None]
    return Sender(number, name), seats
