"""What the database knows of its installation: its keys by check values, and its generations."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, utc_now


class KeyCheck(Base):
    """A value by which a key is known again, without giving it away.

    `name` is `field` or `secret`; `value` is an HMAC under that key.
    """

    __tablename__ = "key_check"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(20), unique=True)
    value: Mapped[str] = mapped_column(String(64))
    since: Mapped[Instant] = mapped_column(default=utc_now)


class Generation(Base):
    """A life of this database: one from its making, and a new one from each restore.

    A tablet remembers the generation that confirmed its marks. Meeting another,
    it offers them all again. The newest row counts.
    """

    __tablename__ = "generation"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(32), unique=True)
    since: Mapped[Instant] = mapped_column(default=utc_now)
    # Of the backup that was restored; nothing for the first.
    restored_from: Mapped[str | None] = mapped_column(String(200))
