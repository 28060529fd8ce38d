"""回避关系: ties of a judge to a contestant or a unit, as somebody declared them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.seating import ClashKind
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Judge, Unit
from compete.models.entrant import Entrant
from compete.models.enums import enum_text
from compete.models.types import UtcDateTime


class JudgeTie(Base):
    """A tie: a judge is kin, teacher or coach of a contestant, or coach or member of a unit.

    `year` is the last in which it was so; None: it still is. Taken back, it has an end.
    """

    __tablename__ = "judge_tie"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    judge_id: Mapped[int] = ref("judge")
    entrant_id: Mapped[int | None] = ref("entrant")
    unit_id: Mapped[int | None] = ref("unit")
    kind: Mapped[ClashKind] = mapped_column(enum_text(ClashKind))
    year: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    judge: Mapped[Judge] = relationship()
    entrant: Mapped[Entrant | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
