"""Entries of a labour competition: values, adjustments, vetoes. Later rows replace earlier.

Beside them the departments that enter, each its own indicators, and what they signed off.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Code, Id, Instant, Name, ref, utc_now
from compete.models.competition import Competition, Unit
from compete.models.types import Points, UtcDateTime

SELF = "self"
"""The `source` of a unit's self-assessment, which stands beside the values and scores nothing."""


class LabourDepartment(Base):
    """A department that enters some indicators for all units.

    `indicators` are codes; `reason_over`: a loss of more points wants a reason before sign-off.
    """

    __tablename__ = "labour_department"
    __table_args__ = (UniqueConstraint("competition_id", "name"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    name: Mapped[Name]
    indicators: Mapped[list[str]] = mapped_column(JSON)
    reason_over: Mapped[Decimal | None] = mapped_column(Points)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    competition: Mapped[Competition] = relationship()


class LabourSignOff(Base):
    """A department's word that its indicators of one leaf period are right; kept when withdrawn.

    `units` and `cells` are its size, `sha256` is over what stood in the cells.
    """

    __tablename__ = "labour_sign_off"
    id: Mapped[Id]
    department_id: Mapped[int] = ref("labour_department")
    period: Mapped[Code]
    units: Mapped[int]
    cells: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    signed_by: Mapped[int] = ref("account")
    signed_at: Mapped[Instant] = mapped_column(default=utc_now)
    withdrawn_by: Mapped[int | None] = ref("account")
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_why: Mapped[str | None] = mapped_column(String(500))
    department: Mapped[LabourDepartment] = relationship()


class LabourValueEntry(Base):
    """A unit's value of one indicator in one leaf period; append-only.

    `value` None empties the square; `text` is then what was written there and not accepted.
    `source` is `department`, `workbook` or `self` (a self-assessment, which scores nothing);
    None for what came with the competition. `uuid` is made by the page: sent twice it is one.
    """

    __tablename__ = "labour_value"
    __table_args__ = (Index("ix_labour_value_key", "unit_id", "period", "indicator"),)
    id: Mapped[Id]
    unit_id: Mapped[int] = ref("unit")
    period: Mapped[Code]
    indicator: Mapped[Code]
    value: Mapped[Decimal | None] = mapped_column(Points)
    target: Mapped[Decimal | None] = mapped_column(Points)
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    uuid: Mapped[str | None] = mapped_column(String(36), unique=True)
    source: Mapped[str | None] = mapped_column(String(20))
    text: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(String(500))
    made_by: Mapped[int | None] = ref("account")
    said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
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
    """一票否决 of a unit in a period, with its reason; kept when two have lifted it again."""

    __tablename__ = "labour_veto"
    id: Mapped[Id]
    unit_id: Mapped[int] = ref("unit")
    period: Mapped[Code]
    reason: Mapped[str | None] = mapped_column(String(500))
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_why: Mapped[str | None] = mapped_column(String(500))
    lifted_with: Mapped[int | None] = ref("period_correction")
    unit: Mapped[Unit] = relationship()
