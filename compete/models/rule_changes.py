"""Rule changes of an event once judging has begun: asked for by one, agreed to by two."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.period_states import CorrectionState
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition, Event
from compete.models.enums import enum_text
from compete.models.types import UtcDateTime


class RuleChange(Base):
    """Rules that are to follow the version `base` of an event's rules.

    `wanted` is the event as a `RuleVersion` keeps it, `sha256` is over it. `number` is the version
    that it became, `moves` whom it moved as it took effect: {stage, entrant, ranks, totals} of
    each. One that was dropped has `ended_why` where it was refused, none where it was taken back.
    """

    __tablename__ = "rule_change"
    __table_args__ = (UniqueConstraint("event_id", "number"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int] = ref("event")
    base: Mapped[int] = mapped_column(Integer)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[CorrectionState] = mapped_column(
        enum_text(CorrectionState), default=CorrectionState.ASKED
    )
    number: Mapped[int | None] = mapped_column(Integer)
    moves: Mapped[list[Any] | None] = mapped_column(JSON)
    asked_by: Mapped[int] = ref("account")
    asked_at: Mapped[Instant] = mapped_column(default=utc_now)
    chief_by: Mapped[int | None] = ref("account")
    chief_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    supervisor_by: Mapped[int | None] = ref("account")
    supervisor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(500))
    competition: Mapped[Competition] = relationship()
    event: Mapped[Event] = relationship()
    asker: Mapped[Account] = relationship(foreign_keys=[asked_by])
    chief: Mapped[Account | None] = relationship(foreign_keys=[chief_by])
    supervisor: Mapped[Account | None] = relationship(foreign_keys=[supervisor_by])
    ender: Mapped[Account | None] = relationship(foreign_keys=[ended_by])
