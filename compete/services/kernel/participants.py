"""Participants: everybody registered but those who withdrew before judging."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, select

from compete.domain.values.messages import Message, msg
from compete.models import Competition, Entrant, Event, Member, Withdrawal, db
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.versions import remembered_beside_check_ins


def takes_part() -> ColumnElement[bool]:
    """The condition that an entrant takes part; for every list, count, paper and workbook.

    Who withdraws once judging has begun takes part, with an outcome: 缺考 or 中途退出.
    """
    return Entrant.id.not_in(_withdrawn())


def standing_withdrawal(entrant: Entrant) -> Withdrawal | None:
    """The withdrawal that stands, or None for who takes part."""
    query = select(Withdrawal).where(
        Withdrawal.entrant_id == entrant.id, Withdrawal.ended_at.is_(None)
    )
    return db.session.scalar(query)


def withdrawn_codes(competition: Competition) -> set[str]:
    """The codes of those who withdrew."""
    # From the few who withdrew, and not along the whole list.
    query = (
        select(Withdrawal.entrant_id, Entrant.competition_id, Entrant.code)
        .join(Entrant, Entrant.id == Withdrawal.entrant_id)
        .where(Withdrawal.ended_at.is_(None))
    )
    rows = db.session.execute(query).tuples()
    return {code for _number, whose, code in rows if whose == competition.id}


def withdrawals_of(people: Sequence[Entrant]) -> dict[int, Withdrawal]:
    """The withdrawals that stand of those of them who withdrew, by the entrant's row."""
    query = select(Withdrawal).where(Withdrawal.ended_at.is_(None))
    rows = rows_among(query, Withdrawal.entrant_id, [row.id for row in people])
    return {row.entrant_id: row for row in rows}


def withdrawal_word(withdrawal: Withdrawal) -> Message:
    """What a withdrawal is called: the person goes on in the next batch, or left altogether."""
    return msg("转下一批") if withdrawal.onward else msg("已退赛")


def crewed_in(competition: Competition, event: Event | None = None) -> frozenset[bool]:
    """The kinds that take part, for `heads`: True for crews, False for single people."""
    number = event.id if event is not None else None

    def read() -> frozenset[bool]:
        crew = Entrant.id.in_(select(Member.entrant_id))
        query = select(crew).where(Entrant.competition_id == competition.id, takes_part())
        if number is not None:
            query = query.where(Entrant.event_id == number)
        return frozenset(bool(is_crew) for is_crew in db.session.scalars(query.distinct()))

    return remembered_beside_check_ins(competition, ("crewed", number), read)


def _withdrawn() -> Select[tuple[int]]:
    return select(Withdrawal.entrant_id).where(Withdrawal.ended_at.is_(None))
