"""认定费: what an applicant owes, and whether it was paid."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.entrant import Entrant


class Fee(Base):
    """An applicant's fee, in hundredths of a yuan; corrected in place, each list on record."""

    __tablename__ = "fee"
    __table_args__ = (UniqueConstraint("entrant_id"),)
    id: Mapped[Id]
    entrant_id: Mapped[int] = ref("entrant")
    cents: Mapped[int]
    is_paid: Mapped[bool] = mapped_column(default=False)
    entered_by: Mapped[int] = ref("account")
    entered_at: Mapped[Instant] = mapped_column(default=utc_now)
    entrant: Mapped[Entrant] = relationship()
    enterer: Mapped[Account] = relationship()
