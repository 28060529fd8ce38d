"""States of an event's results, and the working days that were entered by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import ResultState
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Event
from compete.models.enums import enum_text
from compete.models.types import UtcDateTime


class ResultStand(Base):
    """The state of an event's results; an event without a row is provisional.

    `notice_from` is the first working day of the notice, `notice_until` its end;
    both empty where none is wanted. `withdrawn_why` tells why a notice was taken
    back, until the next one. `asked_*`: somebody wants the results final before
    the notice has ended, and waits for a second person. What led here stands in
    the audit chain.
    """

    __tablename__ = "result_stand"
    __table_args__ = (UniqueConstraint("event_id"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int] = ref("event")
    state: Mapped[ResultState] = mapped_column(
        enum_text(ResultState), default=ResultState.PROVISIONAL
    )
    notice_from: Mapped[date | None] = mapped_column(Date)
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_why: Mapped[str | None] = mapped_column(String(500))
    asked_by: Mapped[int | None] = ref("account")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_why: Mapped[str | None] = mapped_column(String(500))
    changed_at: Mapped[Instant] = mapped_column(default=utc_now)
    event: Mapped[Event] = relationship()
    asker: Mapped[Account | None] = relationship()


class WorkingYear(Base):
    """A year's holidays and make-up days as somebody entered them: dates as `2027-01-01`.

    What stands here goes before what the program brings along.
    """

    __tablename__ = "working_year"
    __table_args__ = (UniqueConstraint("year"),)
    id: Mapped[Id]
    year: Mapped[int] = mapped_column(Integer)
    off: Mapped[list[Any]] = mapped_column(JSON)
    worked: Mapped[list[Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(200))
    entered_by: Mapped[int | None] = ref("account")
    entered_at: Mapped[Instant] = mapped_column(default=utc_now)
