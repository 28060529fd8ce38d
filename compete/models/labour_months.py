"""A labour competition month after month: which periods are closed, what was corrected since."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.period_states import CorrectionKind, CorrectionState, PeriodState
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Unit
from compete.models.enums import enum_text
from compete.models.types import Points, UtcDateTime


class PeriodStand(Base):
    """The state of a period; one without a row is open.

    `missing` is how many values were lacking when it was closed, and `closed_why` why it was
    closed all the same. `publication_id` is the version that announced it last.
    """

    __tablename__ = "period_stand"
    __table_args__ = (UniqueConstraint("competition_id", "period"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    period: Mapped[Code]
    state: Mapped[PeriodState] = mapped_column(enum_text(PeriodState), default=PeriodState.OPEN)
    missing: Mapped[int] = mapped_column(Integer, default=0)
    closed_by: Mapped[int | None] = ref("account")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_why: Mapped[str | None] = mapped_column(String(500))
    publication_id: Mapped[int | None] = ref("publication")
    changed_at: Mapped[Instant] = mapped_column(default=utc_now)
    closer: Mapped[Account | None] = relationship()


class PeriodCorrection(Base):
    """A change to a closed period: one asks with a reason, another person agrees.

    `points` is the value, or the points of an adjustment; empty for a veto and where a value is
    taken away. `moves` is what
    it moved, written down as it took effect: [period, unit, totals, ranks, flags] of each.
    """

    __tablename__ = "period_correction"
    __table_args__ = (Index("ix_period_correction_of", "competition_id", "period"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    unit_id: Mapped[int] = ref("unit")
    period: Mapped[Code]
    kind: Mapped[CorrectionKind] = mapped_column(enum_text(CorrectionKind))
    indicator: Mapped[str | None] = mapped_column(String(80))
    points: Mapped[Decimal | None] = mapped_column(Points)
    target: Mapped[Decimal | None] = mapped_column(Points)
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[CorrectionState] = mapped_column(
        enum_text(CorrectionState), default=CorrectionState.ASKED
    )
    moves: Mapped[list[Any] | None] = mapped_column(JSON)
    asked_by: Mapped[int] = ref("account")
    asked_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unit: Mapped[Unit] = relationship()
    asker: Mapped[Account] = relationship(foreign_keys=[asked_by])
    ender: Mapped[Account | None] = relationship(foreign_keys=[ended_by])
