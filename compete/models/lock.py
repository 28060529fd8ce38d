"""锁定: modules and sessions as they were locked, version by version."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Event
from compete.models.types import UtcDateTime


class LockEntry(Base):
    """One version of a module, or of one session of it, as it was locked.

    `sha256` is over what every sheet in it said. A lock stands until two
    people have opened it with a reason; the next lock is the next version.
    """

    __tablename__ = "lock_entry"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int] = ref("event")
    stage: Mapped[Code]
    module: Mapped[Code]
    session: Mapped[str | None] = mapped_column(String(80))
    version: Mapped[int]
    sheets: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    locked_by: Mapped[int] = ref("account")
    locked_at: Mapped[Instant] = mapped_column(default=utc_now)
    asked_by: Mapped[int | None] = ref("account")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_why: Mapped[str | None] = mapped_column(String(500))
    unlocked_by: Mapped[int | None] = ref("account")
    unlocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    event: Mapped[Event] = relationship()
    locker: Mapped[Account] = relationship(foreign_keys="LockEntry.locked_by")
    asker: Mapped[Account | None] = relationship(foreign_keys="LockEntry.asked_by")
