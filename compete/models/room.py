"""Rooms (考场, 赛场) of the installation, and which timetable takes one and when."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Code, Id, Instant, Name, ref, utc_now
from compete.models.competition import Event
from compete.models.types import UtcDateTime

_STANDS = text("ended_at IS NULL")


class Room(Base):
    """A room that competitions share: where it is, and how many places it has.

    One that is closed is offered no more; who sits there stays until somebody moves them.
    """

    __tablename__ = "room"
    __table_args__ = (
        Index(
            "uq_room_name_key",
            "name_key",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    name: Mapped[Name]
    name_key: Mapped[str] = mapped_column(String(400))
    address: Mapped[str] = mapped_column(String(200), default="")
    places: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoomUse(Base):
    """A session of a module in a room, as its timetable has it; slots say it once people sit."""

    __tablename__ = "room_use"
    id: Mapped[Id]
    event_id: Mapped[int] = ref("event")
    stage: Mapped[Code]
    module: Mapped[Code]
    room_id: Mapped[int] = ref("room")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    event: Mapped[Event] = relationship()
