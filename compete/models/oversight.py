"""督导's reports on sessions, with photos that lie in the file store."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition
from compete.models.room import Room
from compete.models.types import EncryptedBytes, UtcDateTime


class OversightReport(Base):
    """What somebody who oversees saw in a session, in one room or in all; never changed.

    `photos` are the files, each {file, sha256, size}: `file` is the hash of what lies in the
    store, sealed with the key of this row. After their purpose text, photos and key are erased
    (`erased_at`); who reported on which session stays.
    """

    __tablename__ = "oversight_report"
    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    competition_id: Mapped[int] = ref("competition")
    day: Mapped[date]
    session: Mapped[str] = mapped_column(String(80))
    room_id: Mapped[int | None] = ref("room")
    text: Mapped[str | None] = mapped_column(String(2000))
    photos: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    file_key: Mapped[bytes | None] = mapped_column(EncryptedBytes)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    room: Mapped[Room | None] = relationship()
    maker: Mapped[Account] = relationship(foreign_keys=[made_by])
