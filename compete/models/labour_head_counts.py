"""Head counts of a labour competition: workers of a unit who take part, as reported (上报人数)."""

from __future__ import annotations

from sqlalchemy import Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Code, Id, Instant, ref, utc_now


class LabourHeadCount(Base):
    """A report: from this leaf period on, so many; a later one for it replaces it.

    `people` None takes back what was reported for the period. Rows are added, never changed.
    """

    __tablename__ = "labour_head_count"
    __table_args__ = (Index("ix_labour_head_count_of", "competition_id", "period"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    unit_id: Mapped[int] = ref("unit")
    period: Mapped[Code]
    people: Mapped[int | None] = mapped_column(Integer)
    said_by: Mapped[int] = ref("account")
    said_at: Mapped[Instant] = mapped_column(default=utc_now)
