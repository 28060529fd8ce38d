"""The hall's scoreboard: its settings, and every table it showed or will show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.hall import BoardPhase, SnapshotPurpose
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Event
from compete.models.enums import enum_text
from compete.models.types import EncryptedText, UtcDateTime


class HallBoard(Base):
    """One event's board. Its link is random and known to the database by hash alone.

    Live tables are shown `delay_seconds` late; `places` is how many ranks are
    shown. `stations` says who is at which station: in a blind event that lets
    the hall put a face to a code, so there it is off until it is asked for.
    `opens_at` is when the organiser means to open a frozen board, `revealed` how
    many rows the ceremony has opened, counted from the last.
    """

    __tablename__ = "hall_board"
    __table_args__ = (UniqueConstraint("event_id"),)
    id: Mapped[Id]
    event_id: Mapped[int] = ref("event")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(EncryptedText)
    switched_on: Mapped[bool] = mapped_column(Boolean, default=False)
    delay_seconds: Mapped[int] = mapped_column(Integer, default=0)
    places: Mapped[int] = mapped_column(Integer, default=9)
    stations: Mapped[bool] = mapped_column(Boolean, default=True)
    phase: Mapped[BoardPhase] = mapped_column(enum_text(BoardPhase), default=BoardPhase.LIVE)
    opens_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revealed: Mapped[int] = mapped_column(Integer, default=0)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    event: Mapped[Event] = relationship()


class BoardSnapshot(Base):
    """A table as it was worked out once, never changed.

    `content` is a `BoardTable`; `version` is how many rows the competition's
    audit chain had, which grows with every change that can move a result.
    """

    __tablename__ = "board_snapshot"
    __table_args__ = (Index("ix_board_snapshot_kind", "board_id", "purpose", "id"),)
    id: Mapped[Id]
    board_id: Mapped[int] = ref("hall_board")
    purpose: Mapped[SnapshotPurpose] = mapped_column(enum_text(SnapshotPurpose))
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    taken_at: Mapped[Instant] = mapped_column(default=utc_now)
