"""The installation as the database knows it: its keys by check values, and its generations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, utc_now
from compete.models.types import EncryptedBytes, UtcDateTime


class KeyCheck(Base):
    """A value by which a key is known again, without giving it away.

    `name` is `field` or `secret`; `value` is an HMAC under that key.
    """

    __tablename__ = "key_check"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(20), unique=True)
    value: Mapped[str] = mapped_column(String(64))
    since: Mapped[Instant] = mapped_column(default=utc_now)


class FormerKey(Base):
    """A field key that another took the place of; nothing is under it any more.

    `form` is that of the chain's records from its time, and `look_up` what their
    hashes are made with: the key itself is not kept. `value` and `next_value`
    are the check values of it and of the one that followed. Until `done_at` the
    change is under way, and some of the data still under the former.
    """

    __tablename__ = "former_key"
    id: Mapped[Id]
    form: Mapped[int] = mapped_column(SmallInteger, unique=True)
    look_up: Mapped[bytes] = mapped_column(EncryptedBytes)
    value: Mapped[str] = mapped_column(String(64))
    next_value: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(500))
    begun_at: Mapped[Instant] = mapped_column(default=utc_now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Generation(Base):
    """A life of this database: one from its making, and a new one each time it is set back.

    A tablet remembers the generation that confirmed its marks. Meeting another,
    it offers them all again. The newest row counts.
    """

    __tablename__ = "generation"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(32), unique=True)
    since: Mapped[Instant] = mapped_column(default=utc_now)
    # Of the backup that was restored; nothing for the first, empty where none was.
    restored_from: Mapped[str | None] = mapped_column(String(200))
