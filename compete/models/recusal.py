"""回避: judges who withdraw from an entrant or a unit."""

from __future__ import annotations

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Judge, Unit
from compete.models.entrant import Entrant


class Recusal(Base):
    """回避: a judge withdraws from one entrant, or from all of one unit, with a reason.

    `sheets` are the public ids of the sheets that were closed by it.
    """

    __tablename__ = "recusal"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    judge_id: Mapped[int] = ref("judge")
    entrant_id: Mapped[int | None] = ref("entrant")
    unit_id: Mapped[int | None] = ref("unit")
    sheets: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500))
    account_id: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    judge: Mapped[Judge] = relationship()
    entrant: Mapped[Entrant | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
