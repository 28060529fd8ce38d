"""Answers of another body to an honour that is proposed to it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, Name, ref, utc_now
from compete.models.types import EncryptedBytes


class HonourApproval(Base):
    """A body's answer on an honour, for some of those who won it or to whom it was granted.

    Rows are added and never changed: of a person the newest holds. `people` are codes, of a
    crew the members'; of what is given by hand, which has no event, `distinction/` and its id.
    Where it is `approved`, `number`, `dated` and `document` (a PDF or a JPEG, sealed; `sha256`
    is over it before that) are the body's; else `reason` says why not.
    """

    __tablename__ = "honour_approval"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int | None] = ref("event")
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[Name]
    approved: Mapped[bool]
    people: Mapped[list[Any]] = mapped_column(JSON)
    number: Mapped[str | None] = mapped_column(String(100))
    dated: Mapped[date | None] = mapped_column(Date)
    document: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)
    media: Mapped[str | None] = mapped_column(String(20))
    sha256: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(500))
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    maker: Mapped[Account] = relationship()
