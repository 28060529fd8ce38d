"""Grades on other grounds than a place: 考核认定, 直接认定, 自主评定, 复核换证."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.claim_states import ClaimState, GradeGround
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition, Event
from compete.models.entrant import Entrant, Member
from compete.models.enums import enum_text
from compete.models.examinee import Examinee
from compete.models.types import EncryptedBytes, Points, UtcDateTime

_OPEN = text("state IN ('proposed', 'notice', 'held', 'approved', 'issued')")


class ClaimDocument(Base):
    """The evidence for one or several grades: a PDF or a photo, checked, sealed; never changed.

    `sha256` is over what is kept.
    """

    __tablename__ = "claim_document"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    document: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    media: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)


class GradeClaim(Base):
    """One grade for one person, by a ground and its clause, until it is decided and certified.

    The occupation is that of the entrant's event; who takes no part is an examinee, of whom the
    claim says the occupation itself: `{"code", "name", "track"}`. `holder` tells whose it is
    (`entrant:12`, `member:4`, `examinee:2`): of a competition nobody has two that are open.
    From `notice_from` until `notice_until` outsiders may object; nothing is approved before.
    `present_grade` is the grade that the person came with, as it was then. Of an assessment
    `theory`, `practice` and, of the highest grades, `review` are its marks, `assessed_on` its day.
    """

    __tablename__ = "grade_claim"
    __table_args__ = (
        Index(
            "uq_grade_claim_open",
            "competition_id",
            "holder",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        CheckConstraint(
            "(entrant_id IS NULL) <> (examinee_id IS NULL)"
            " AND (event_id IS NULL) = (entrant_id IS NULL)",
            name="one_holder",
        ),
    )
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int | None] = ref("event")
    entrant_id: Mapped[int | None] = ref("entrant")
    member_id: Mapped[int | None] = ref("member")
    examinee_id: Mapped[int | None] = ref("examinee")
    occupation: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    holder: Mapped[str] = mapped_column(String(40))
    ground: Mapped[GradeGround] = mapped_column(enum_text(GradeGround))
    clause: Mapped[str] = mapped_column(String(200))
    grade: Mapped[int]
    present_grade: Mapped[int | None]
    facts: Mapped[str] = mapped_column(String(500))
    theory: Mapped[Decimal | None] = mapped_column(Points)
    practice: Mapped[Decimal | None] = mapped_column(Points)
    review: Mapped[Decimal | None] = mapped_column(Points)
    assessed_on: Mapped[date | None] = mapped_column(Date)
    document_id: Mapped[int | None] = ref("claim_document")
    state: Mapped[ClaimState] = mapped_column(enum_text(ClaimState), default=ClaimState.PROPOSED)
    proposed_by: Mapped[int] = ref("account")
    proposed_at: Mapped[Instant] = mapped_column(default=utc_now)
    notice_from: Mapped[date | None] = mapped_column(Date)
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = ref("account")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str | None] = mapped_column(String(500))
    competition: Mapped[Competition] = relationship()
    event: Mapped[Event | None] = relationship()
    entrant: Mapped[Entrant | None] = relationship()
    examinee: Mapped[Examinee | None] = relationship()
    member: Mapped[Member | None] = relationship()
    document: Mapped[ClaimDocument | None] = relationship()
    proposer: Mapped[Account] = relationship(foreign_keys="GradeClaim.proposed_by")
    decider: Mapped[Account | None] = relationship(foreign_keys="GradeClaim.decided_by")

    @property
    def person(self) -> Entrant | Member | Examinee:
        """The person who gets the grade: the entrant, a member of the crew, or an examinee."""
        person = self.member or self.entrant or self.examinee
        assert person is not None  # the table's own condition
        return person

    @property
    def unit_name(self) -> str:
        """The name of the unit where the person works."""
        if self.entrant is not None:
            return self.entrant.unit.name
        assert self.examinee is not None
        return self.examinee.unit_name
