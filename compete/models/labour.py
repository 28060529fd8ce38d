"""What a labour competition enters: values, adjustments, vetoes. Later rows replace earlier."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Unit
from compete.models.types import Points


class LabourValueEntry(Base):
    """A unit's value of one indicator in one leaf period; append-only."""

    __tablename__ = "labour_value"
    __table_args__ = (Index("ix_labour_value_key", "unit_id", "period", "indicator"),)
    id: Mapped[Id]
    unit_id: Mapped[int] = ref("unit")
    period: Mapped[Code]
    indicator: Mapped[Code]
    value: Mapped[Decimal] = mapped_column(Points)
    target: Mapped[Decimal | None] = mapped_column(Points)
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    unit: Mapped[Unit] = relationship()


class AdjustmentEntry(Base):
    """加减分 of a unit in a period, with its reason."""

    __tablename__ = "labour_adjustment"
    id: Mapped[Id]
    unit_id: Mapped[int] = ref("unit")
    period: Mapped[Code]
    points: Mapped[Decimal] = mapped_column(Points)
    reason: Mapped[str | None] = mapped_column(String(500))
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    unit: Mapped[Unit] = relationship()


class VetoEntry(Base):
    """一票否决 of a unit in a period, with its reason."""

    __tablename__ = "labour_veto"
    id: Mapped[Id]
    unit_id: Mapped[int] = ref("unit")
    period: Mapped[Code]
    reason: Mapped[str | None] = mapped_column(String(500))
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    unit: Mapped[Unit] = relationship()
