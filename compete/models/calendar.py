"""Dates as the calendars of others know them: what each was last given out as."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, ref, utc_now


class CalendarDate(Base):
    """A date of one calendar, `owner` (`competition`, `entrant 12`), by its `key` there.

    `sequence` rises each time that `content` has changed since somebody fetched it. One that is
    no longer there stays, `cancelled`, so that whoever has it hears of it. It names nobody.
    """

    __tablename__ = "calendar_date"
    __table_args__ = (UniqueConstraint("competition_id", "owner", "key"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    owner: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    cancelled: Mapped[bool] = mapped_column(Boolean)
    changed_at: Mapped[Instant] = mapped_column(default=utc_now)
