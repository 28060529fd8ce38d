"""退赛 before judging: who withdrew, why, and if it was taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.entrant import Entrant
from compete.models.types import UtcDateTime

_STANDS = text("ended_at IS NULL")


class Withdrawal(Base):
    """A withdrawal of an entrant; the rows stay. Taken back, it has an end and counts no more.

    `onward`: True where the person goes on in the next batch of the evaluation, else None.
    """

    __tablename__ = "withdrawal"
    __table_args__ = (
        Index(
            "uq_withdrawal_standing",
            "entrant_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    entrant_id: Mapped[int] = ref("entrant")
    reason: Mapped[str] = mapped_column(String(500))
    onward: Mapped[bool | None]
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entrant: Mapped[Entrant] = relationship()
    maker: Mapped[Account] = relationship(foreign_keys=[made_by])
