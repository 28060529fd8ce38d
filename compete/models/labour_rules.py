"""Rule changes of a labour competition after its first value: one asks, another agrees."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.period_states import CorrectionState
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Competition
from compete.models.enums import enum_text
from compete.models.types import UtcDateTime


class LabourRuleChange(Base):
    """Rules that are to follow those in force; an agreed one is a version of them.

    `was` and `wanted` are whole: `labour` without what was entered, `departments` with the codes
    each enters, `units` as pairs of name and group. `starts` is the leaf period from which
    `wanted` holds; None: all periods are scored by it, closed ones too. `number` is the version,
    from 2 (1 is what stood at the first value), `sha256` is over `wanted`, `moves` what it moved
    as it took effect: [period, unit, totals, ranks, flags, warnings, vetoes] of each. One that
    was dropped has `ended_why` where another refused it, none where who asked took it back.
    """

    __tablename__ = "labour_rule_change"
    __table_args__ = (UniqueConstraint("competition_id", "number"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    was: Mapped[dict[str, Any]] = mapped_column(JSON)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    starts: Mapped[Code | None]
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[CorrectionState] = mapped_column(
        enum_text(CorrectionState), default=CorrectionState.ASKED
    )
    number: Mapped[int | None] = mapped_column(Integer)
    moves: Mapped[list[Any] | None] = mapped_column(JSON)
    asked_by: Mapped[int] = ref("account")
    asked_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(500))
    competition: Mapped[Competition] = relationship()
    asker: Mapped[Account] = relationship(foreign_keys=[asked_by])
    ender: Mapped[Account | None] = relationship(foreign_keys=[ended_by])
