"""Reminders of what is missing in a labour competition's period (催办)."""

from __future__ import annotations

from sqlalchemy import Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Code, Id, Instant, ref, utc_now


class LabourReminder(Base):
    """A reminder that a unit or a department lacks so many squares; one of the two is named."""

    __tablename__ = "labour_reminder"
    __table_args__ = (Index("ix_labour_reminder_of", "competition_id", "period"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    period: Mapped[Code]
    unit_id: Mapped[int | None] = ref("unit")
    department_id: Mapped[int | None] = ref("labour_department")
    lacking: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
