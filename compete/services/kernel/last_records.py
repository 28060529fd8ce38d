"""What was done last, out of the chain, and taking it back while it still is the last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.models import AuditEntry, Competition, db
from compete.services.kernel.refusal import Refused


class _Marked(Protocol):
    @property
    def mark(self) -> str: ...


Last = TypeVar("Last", bound=_Marked)


def last_record(
    competition: Competition, actions: Collection[str], subject: str | None = None
) -> AuditEntry | None:
    """The newest record of one of these kinds, of one subject where it is given; None for none."""
    return next(iter(newest_records(competition, actions, subject, most=1)), None)


def newest_records(
    competition: Competition, actions: Collection[str], subject: str | None = None, most: int = 20
) -> Sequence[AuditEntry]:
    """The newest records of these kinds, of one subject where it is given; the newest first."""
    query = select(AuditEntry).where(
        AuditEntry.competition_id == competition.id, AuditEntry.action.in_(actions)
    )
    if subject is not None:
        query = query.where(AuditEntry.subject == subject)
    return db.session.scalars(query.order_by(AuditEntry.seq.desc()).limit(most)).all()


def require_seen(last: Last | None, seen: str) -> Last:
    """What is to be taken back, if it is what the page showed, which had the mark `seen`.

    Raises `Refused` (CONFLICT) where there is nothing any more, or something else was done since.
    """
    if last is None or last.mark != seen:
        raise Refused(msg("你打开以后又改过了，看一下再撤销"))
    return last
