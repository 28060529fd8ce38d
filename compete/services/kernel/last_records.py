"""Last records: the last act out of the chain, taken back while it still is the last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.models import AuditEntry, Competition, db
from compete.services.kernel.refusal import Refused, refuse_if


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDone:
    """The last act that still stands, by its record."""

    entry: AuditEntry
    why_not: Message | None = None
    """The reason why it cannot be taken back any more."""

    @property
    def action(self) -> str:
        """The action that was done."""
        return self.entry.action

    @property
    def by(self) -> str:
        """The person who did it."""
        return self.entry.actor

    @property
    def at(self) -> datetime:
        """The time when it was done."""
        return self.entry.at

    @property
    def mark(self) -> str:
        """The mark that tells it from another."""
        return str(self.entry.seq)


Last = TypeVar("Last", bound=LastDone)


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


def require_last_shown(last: Last | None, seen: str) -> Last:
    """The act to take back, if it is the one the page showed, with the mark `seen`.

    Raises `Refused` (CONFLICT) where there is nothing any more, something else was done since,
    or it cannot be taken back.
    """
    if last is None or last.mark != seen:
        raise Refused(msg("你打开以后又改过了，看一下再撤销"))
    refuse_if(last.why_not)
    return last
