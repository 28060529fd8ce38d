"""Marks and what surrounds them. A judge's act is a row that is never changed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import SheetState
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Judge
from compete.models.entrant import Entrant
from compete.models.enums import enum_text
from compete.models.types import EncryptedText, Points, UtcDateTime


class Assignment(Base):
    """A judge marks a module; with `station`, only who is drawn to that station.

    `timekeeper` says that this judge's reading alone is the working time there.
    """

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("event_id", "stage", "module", "judge_id", "station"),)
    id: Mapped[Id]
    event_id: Mapped[int] = ref("event")
    stage: Mapped[Code]
    module: Mapped[Code]
    judge_id: Mapped[int] = ref("judge")
    station: Mapped[str] = mapped_column(String(80), default="")
    timekeeper: Mapped[bool] = mapped_column(default=False, server_default=false())
    judge: Mapped[Judge] = relationship()


class Sheet(Base):
    """One judge's sheet for one entrant in one module.

    `public_id` is random and all that a link or an API shows; `label` is what
    the judge sees: the entrant's number, or in a blind event the blind code.
    `state` follows the acts and is written in the same transaction.
    `reminded_at` is when the judge was last reminded of a sheet sent back.
    """

    __tablename__ = "sheet"
    __table_args__ = (UniqueConstraint("entrant_id", "stage", "module", "judge_id"),)
    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int] = ref("entrant")
    judge_id: Mapped[int] = ref("judge")
    stage: Mapped[Code]
    module: Mapped[Code]
    label: Mapped[Code]
    state: Mapped[SheetState] = mapped_column(enum_text(SheetState), default=SheetState.NOT_BEGUN)
    version: Mapped[int] = mapped_column(default=0)
    return_reason: Mapped[str | None] = mapped_column(String(500))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entrant: Mapped[Entrant] = relationship()
    judge: Mapped[Judge] = relationship()


class Act(Base):
    """One act of a judge on a sheet: mark, clear, submit, watch, note, comment.

    `uuid` is made on the tablet: the same act sent twice is one row. The
    server's order, `id`, decides which of two acts stands; `said_at` is the
    tablet's own clock, as it said it. `prints` lets `compete verify` name a spoilt column.
    """

    __tablename__ = "act"
    __table_args__ = (Index("ix_act_sheet_id_aspect_id", "sheet_id", "aspect", "id"),)
    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    sheet_id: Mapped[int] = ref("sheet")
    judge_id: Mapped[int] = ref("judge")
    kind: Mapped[str] = mapped_column(String(20))
    aspect: Mapped[str | None] = mapped_column(String(80))
    value: Mapped[Decimal | None] = mapped_column(Points)
    note: Mapped[str | None] = mapped_column(String(2000))
    said_at: Mapped[str | None] = mapped_column(String(40))
    tablet: Mapped[str | None] = mapped_column(String(64))
    tablet_seq: Mapped[int | None]
    held_at: Mapped[Instant] = mapped_column(default=utc_now)
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    prints: Mapped[str | None] = mapped_column(String(64))


class SheetComment(Base):
    """A judge's comment to the contestant, said by the act of that UUID; the last one stands.

    The words stand here and not in the act, which nobody may change: they are erased with the
    personal data of who they are about. An empty text takes the comment back.
    """

    __tablename__ = "sheet_comment"
    id: Mapped[Id]
    act_uuid: Mapped[str] = mapped_column(String(36), unique=True)
    sheet_id: Mapped[int] = ref("sheet")
    text: Mapped[str | None] = mapped_column(EncryptedText)
    held_at: Mapped[Instant] = mapped_column(default=utc_now)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OutcomeEntry(Base):
    """缺考, 中途退出 or 取消成绩 for a module, or for a whole stage (no module)."""

    __tablename__ = "outcome_entry"
    id: Mapped[Id]
    entrant_id: Mapped[int] = ref("entrant")
    stage: Mapped[Code]
    module: Mapped[str | None] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(500))
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entrant: Mapped[Entrant] = relationship()


class PenaltyEntry(Base):
    """扣罚: points off a module, or seconds onto its times."""

    __tablename__ = "penalty_entry"
    id: Mapped[Id]
    entrant_id: Mapped[int] = ref("entrant")
    stage: Mapped[Code]
    module: Mapped[Code]
    points: Mapped[Decimal | None] = mapped_column(Points)
    seconds: Mapped[Decimal | None] = mapped_column(Points)
    reason: Mapped[str | None] = mapped_column(String(500))
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entrant: Mapped[Entrant] = relationship()


class TimeEntry(Base):
    """用时 in a module, for tie keys alone: what a bundle brought, or the chief judge ruled.

    The later row replaces the earlier. What watches read stands in the acts; a ruled
    time has `ruled_by` and `reason` in `extra` and stands above them.
    """

    __tablename__ = "time_entry"
    id: Mapped[Id]
    entrant_id: Mapped[int] = ref("entrant")
    stage: Mapped[Code]
    module: Mapped[Code]
    seconds: Mapped[Decimal] = mapped_column(Points)
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entrant: Mapped[Entrant] = relationship()


class DifficultyEntry(Base):
    """难度系数: what an entrant attempted in an aspect. The later row replaces the earlier."""

    __tablename__ = "difficulty_entry"
    id: Mapped[Id]
    entrant_id: Mapped[int] = ref("entrant")
    stage: Mapped[Code]
    module: Mapped[Code]
    aspect: Mapped[Code]
    difficulty: Mapped[Decimal] = mapped_column(Points)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    entrant: Mapped[Entrant] = relationship()
