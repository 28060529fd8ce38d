"""What was announced and decided: publications, awards, grades."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values import GradeState
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Competition, Event
from compete.models.entrant import Entrant
from compete.models.enums import enum_text
from compete.models.types import UtcDateTime


class Publication(Base):
    """A stored snapshot: bundle, results, rule versions, hash. Never a live view.

    `bundle` and `results` are deflated canonical JSON (`bundle` without ID
    numbers and phones); `sha256` is over both. A correction is a new version.
    """

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("competition_id", "version"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    version: Mapped[int] = mapped_column(Integer)
    bundle: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    results: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    rule_versions: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[Instant] = mapped_column(default=utc_now)
    published_by: Mapped[int] = ref("account")
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appeals_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(String(500))
    competition: Mapped[Competition] = relationship()


class GradeDecision(Base):
    """A proposed grade and what became of it; `reasons` as the results give them."""

    __tablename__ = "grade_decision"
    __table_args__ = (UniqueConstraint("entrant_id"),)
    id: Mapped[Id]
    event_id: Mapped[int] = ref("event")
    entrant_id: Mapped[int] = ref("entrant")
    grade: Mapped[int]
    held: Mapped[int | None]
    rule: Mapped[Code]
    rank: Mapped[int]
    reasons: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[GradeState] = mapped_column(enum_text(GradeState), default=GradeState.PROPOSED)
    decided_by: Mapped[int | None] = ref("account")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str | None] = mapped_column(String(500))
    entrant: Mapped[Entrant] = relationship()
    event: Mapped[Event] = relationship()
