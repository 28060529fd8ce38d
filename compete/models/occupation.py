"""The catalogue of occupations (职业) of the installation, as the national list codes them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, Name, ref, utc_now
from compete.models.types import UtcDateTime

_CODE_STANDS = text("ended_at IS NULL AND code <> ''")


class Occupation(Base):
    """An occupation in one edition of the list; `code` is empty while nobody knows it.

    `tracks` are its 工种, which have no codes. `newer` is the code of the same job in a later
    edition. `confidence` is H, M or L; `flags` L (绿色职业), S (数字职业) or both. `origin` is the
    key in the list that ships with the program, so that what was corrected or closed is
    never brought again. What people look for is in `words`, `spoken` and `initials`.
    """

    __tablename__ = "occupation"
    __table_args__ = (
        Index(
            "uq_occupation_code",
            "edition",
            "code",
            unique=True,
            sqlite_where=_CODE_STANDS,
            postgresql_where=_CODE_STANDS,
        ),
        Index("ix_occupation_code", "code"),
        Index("uq_occupation_origin", "origin", unique=True),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(10), default="")
    edition: Mapped[int]
    name: Mapped[Name]
    tracks: Mapped[list[str]] = mapped_column(JSON, default=list)
    confidence: Mapped[str] = mapped_column(String(1))
    flags: Mapped[str] = mapped_column(String(2), default="")
    newer: Mapped[str] = mapped_column(String(10), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    origin: Mapped[str | None] = mapped_column(String(40))
    name_key: Mapped[str] = mapped_column(String(400), default="")
    words: Mapped[str] = mapped_column(String(4000), default="")
    spoken: Mapped[str] = mapped_column(String(10000), default="")
    initials: Mapped[str] = mapped_column(String(4000), default="")
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
