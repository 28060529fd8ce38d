"""Signatures: judges sign sheets, contestants sign field records."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Judge
from compete.models.entrant import Entrant
from compete.models.sheets import Sheet
from compete.models.types import BigId, EncryptedText, UtcDateTime


class SignedSheet(Base):
    """A sheet as its judge signed it: never changed, kept as evidence when it is sent back.

    `content` is canonical JSON and `sha256` is over it; it says what the acts
    up to `last_act` said. `account` is who signed, by `method` `paper` who entered what stands
    signed on paper. `drawing` is what `services.drawing` reads; by
    `method` `paper` or `typed` there is none. `superseded_at` says that it no
    longer stands.
    """

    __tablename__ = "signed_sheet"
    id: Mapped[Id]
    sheet_id: Mapped[int] = ref("sheet")
    judge_id: Mapped[int] = ref("judge")
    account_id: Mapped[int] = ref("account")
    method: Mapped[str] = mapped_column(String(10), default="tablet")
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    last_act: Mapped[int] = mapped_column(BigId)
    drawing: Mapped[str | None] = mapped_column(Text)
    signed_at: Mapped[Instant] = mapped_column(default=utc_now)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    superseded_why: Mapped[str | None] = mapped_column(String(500))
    sheet: Mapped[Sheet] = relationship()
    judge: Mapped[Judge] = relationship()
    account: Mapped[Account] = relationship()


class FieldRecord(Base):
    """现场记录 of one entrant in one module, signed by the contestant on the judge's tablet.

    The drawing is a name in the contestant's own hand: sealed, and never shown
    on a tablet. A record written again replaces the one before, which stays.
    """

    __tablename__ = "field_record"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int] = ref("entrant")
    judge_id: Mapped[int] = ref("judge")
    stage: Mapped[Code]
    module: Mapped[Code]
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    drawing: Mapped[str] = mapped_column(EncryptedText)
    signed_at: Mapped[Instant] = mapped_column(default=utc_now)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entrant: Mapped[Entrant] = relationship()
    judge: Mapped[Judge] = relationship()
