"""Rulings of the chief judge on disputed modules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Judge
from compete.models.entrant import Entrant
from compete.models.types import Points


class Ruling(Base):
    """裁定: the chief judge's value for one aspect of a disputed module.

    It is written onto each judge's sheet as an act of kind `ruling`; `before`
    holds the judges' own values by judge code, as texts.
    """

    __tablename__ = "ruling"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int] = ref("entrant")
    stage: Mapped[Code]
    module: Mapped[Code]
    aspect: Mapped[Code]
    value: Mapped[Decimal] = mapped_column(Points)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500))
    judge_id: Mapped[int] = ref("judge")
    account_id: Mapped[int] = ref("account")
    ruled_at: Mapped[Instant] = mapped_column(default=utc_now)
    entrant: Mapped[Entrant] = relationship()
    judge: Mapped[Judge] = relationship()
