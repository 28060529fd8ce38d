"""Notes on a square of a labour competition, and the files that prove it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Unit
from compete.models.types import EncryptedBytes, UtcDateTime


class LabourNote(Base):
    """A comment on a square, a file of evidence, or both; kept when it is taken back.

    `own` says that the unit's contact made it, else its department. `document` is a PDF or a
    JPEG, sealed; `sha256` and `size` are of it before that, `filename` is what it was called.
    `uuid` is made by the page: sent twice it is one. After their purpose text, file and its name
    are erased (`erased_at`); who said something of which square, and `sha256`, stay.
    """

    __tablename__ = "labour_note"
    __table_args__ = (Index("ix_labour_note_key", "unit_id", "period", "indicator"),)
    id: Mapped[Id]
    unit_id: Mapped[int] = ref("unit")
    period: Mapped[Code]
    indicator: Mapped[Code]
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    own: Mapped[bool]
    text: Mapped[str | None] = mapped_column(String(500))
    filename: Mapped[str | None] = mapped_column(String(120))
    document: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)
    media: Mapped[str | None] = mapped_column(String(20))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(Integer)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    withdrawn_by: Mapped[int | None] = ref("account")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_why: Mapped[str | None] = mapped_column(String(500))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unit: Mapped[Unit] = relationship()
    maker: Mapped[Account] = relationship(foreign_keys=[made_by])
