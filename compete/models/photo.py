"""Photos that judges put with a sheet or an aspect of it."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Judge
from compete.models.sheets import Sheet


class SheetPhoto(Base):
    """A photo: never changed, never taken away.

    `uuid` is made on the tablet, so that the same photo sent twice is one row.
    The picture lies in the file store under `sha256`, which is over what is
    kept, not over what was sent; `width` and `height` are its pixels.
    """

    __tablename__ = "sheet_photo"
    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    sheet_id: Mapped[int] = ref("sheet")
    judge_id: Mapped[int] = ref("judge")
    aspect: Mapped[str | None] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    said_at: Mapped[str | None] = mapped_column(String(40))
    held_at: Mapped[Instant] = mapped_column(default=utc_now)
    sheet: Mapped[Sheet] = relationship()
    judge: Mapped[Judge] = relationship()
