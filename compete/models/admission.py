"""审核通过: who was passed into an evaluation, on what, by whom, and if it stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.entrant import Entrant
from compete.models.types import UtcDateTime

_STANDS = text("ended_at IS NULL")


class Admission(Base):
    """An applicant who was passed; the rows stay. Taken back, it has an end and counts no more.

    `basis` are marks of what the reviewer had before them, by part. Without a basis it was taken
    over from a time before there were admissions; without `made_by` nobody was asked then.
    """

    __tablename__ = "admission"
    __table_args__ = (
        Index(
            "uq_admission_standing",
            "entrant_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    entrant_id: Mapped[int] = ref("entrant")
    basis: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entrant: Mapped[Entrant] = relationship()
    maker: Mapped[Account | None] = relationship(foreign_keys=[made_by])
    ender: Mapped[Account | None] = relationship(foreign_keys=[ended_by])
