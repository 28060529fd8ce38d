"""Announcements and decisions: publications, awards, grades."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import GradeState
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Competition, Event
from compete.models.entrant import Entrant, Member
from compete.models.enums import enum_text
from compete.models.types import EncryptedBytes, UtcDateTime


class Publication(Base):
    """A stored snapshot: bundle, results, rule versions, hash. Never a live view.

    `bundle` and `results` are deflated canonical JSON (`bundle` in its public
    form); `sha256` is over both. `also_told` are the columns that the organiser
    let go out although no rule asks for them, None in versions from before there
    was a choice. `names` are the whole names of
    that day, which `bundle` masks: deflated JSON, sealed, empty in versions from
    before there were any. `grades` is what had been decided of each proposed
    grade: `{entrant: [grade, state]}`. A correction is a new version. `erased` are the codes of
    those whose names no page shows any more (`["*"]`: nobody's); what was stored stays.
    `periods` are the codes of a labour competition's periods that it announces, None for all.
    `sums` are an evaluation's verdicts counted by event and unit, kept for figures over many.
    """

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("competition_id", "version"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    version: Mapped[int] = mapped_column(Integer)
    bundle: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    results: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    names: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)
    rule_versions: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[Instant] = mapped_column(default=utc_now)
    published_by: Mapped[int] = ref("account")
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appeals_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(String(500))
    grades: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    also_told: Mapped[list[str] | None] = mapped_column(JSON)
    erased: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    periods: Mapped[list[str] | None] = mapped_column(JSON)
    sums: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    competition: Mapped[Competition] = relationship()


class GradeDecision(Base):
    """A proposed grade and what became of it; `reasons` as the results give them.

    One for each entrant; of a crew one for each member. Where two approve, the first of them
    `asked` for it.
    """

    __tablename__ = "grade_decision"
    __table_args__ = (
        UniqueConstraint("member_id"),
        Index(
            "uq_grade_decision_alone",
            "entrant_id",
            unique=True,
            sqlite_where=text("member_id IS NULL"),
            postgresql_where=text("member_id IS NULL"),
        ),
    )
    id: Mapped[Id]
    event_id: Mapped[int] = ref("event")
    entrant_id: Mapped[int] = ref("entrant")
    member_id: Mapped[int | None] = ref("member")
    grade: Mapped[int]
    present_grade: Mapped[int | None] = mapped_column("held")
    rule: Mapped[Code]
    rank: Mapped[int]
    reasons: Mapped[list[Any]] = mapped_column(JSON)
    state: Mapped[GradeState] = mapped_column(enum_text(GradeState), default=GradeState.PROPOSED)
    asked_by: Mapped[int | None] = ref("account")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = ref("account")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str | None] = mapped_column(String(500))
    entrant: Mapped[Entrant] = relationship()
    member: Mapped[Member | None] = relationship()
    event: Mapped[Event] = relationship()

    @property
    def person(self) -> Entrant | Member:
        """The person who gets the grade: the entrant, or a member of the crew."""
        return self.member or self.entrant
