"""二次抽查: the squares of a closed period that are held against their evidence once more."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import JSON, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.period_states import LookResult
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Unit
from compete.models.enums import enum_text
from compete.models.labour_months import PeriodCorrection
from compete.models.types import Points


class LabourLook(Base):
    """The draw for a leaf period, with all that is needed to draw it again.

    `pool` is every square that had a value, by the unit's code: the indicators' codes;
    `drawn` the [unit, indicator] of each that was drawn, in the order of the draw. `share` is
    per cent of the pool, `least` how many at least. `seed_from` is the text that somebody
    called out, of which the seed is the SHA-256; None: it is random.
    """

    __tablename__ = "labour_look"
    __table_args__ = (UniqueConstraint("competition_id", "period"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    period: Mapped[Code]
    share: Mapped[Decimal] = mapped_column(Points)
    least: Mapped[int] = mapped_column(Integer)
    seed: Mapped[str] = mapped_column(String(128))
    seed_from: Mapped[str | None] = mapped_column(String(200))
    pool: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    drawn: Mapped[list[list[str]]] = mapped_column(JSON)
    drawn_by: Mapped[int] = ref("account")
    drawn_at: Mapped[Instant] = mapped_column(default=utc_now)
    drawer: Mapped[Account] = relationship()
    findings: Mapped[list[LabourFinding]] = relationship(
        order_by="LabourFinding.id", back_populates="look"
    )


class LabourFinding(Base):
    """A second person's finding on a drawn square; a later one replaces an earlier.

    `value` and `target` are what stood in it then. `found` and `found_target` are what the
    evidence says where it differs; no `found` there: it should be empty. `correction_id` is the
    correction that was asked for with it.
    """

    __tablename__ = "labour_finding"
    __table_args__ = (Index("ix_labour_finding_key", "look_id", "unit_id", "indicator"),)
    id: Mapped[Id]
    look_id: Mapped[int] = ref("labour_look")
    unit_id: Mapped[int] = ref("unit")
    indicator: Mapped[Code]
    result: Mapped[LookResult] = mapped_column(enum_text(LookResult))
    value: Mapped[Decimal | None] = mapped_column(Points)
    target: Mapped[Decimal | None] = mapped_column(Points)
    found: Mapped[Decimal | None] = mapped_column(Points)
    found_target: Mapped[Decimal | None] = mapped_column(Points)
    reason: Mapped[str | None] = mapped_column(String(500))
    correction_id: Mapped[int | None] = ref("period_correction")
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    look: Mapped[LabourLook] = relationship(back_populates="findings")
    unit: Mapped[Unit] = relationship()
    maker: Mapped[Account] = relationship()
    correction: Mapped[PeriodCorrection | None] = relationship()
