"""师徒: agreements between a mentor and a pupil, visits, and the rules of an organisation."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.mentor_states import MentorOutcome, MentorshipState
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.enums import enum_text
from compete.models.installation_people import Organisation, Person
from compete.models.types import Points, UtcDateTime


class Mentorship(Base):
    """An agreement: somebody teaches somebody of an organisation, from a day to a day.

    Units are those of that day. `target_grade` and `mentor_grade` are 5 to 1; `why` says why a
    mentor below the target is right all the same. Ended, it has its last day and an outcome;
    withdrawn, it counts for nothing.
    """

    __tablename__ = "mentorship"
    __table_args__ = (Index("ix_mentorship_organisation_starts", "organisation_id", "starts"),)
    id: Mapped[Id]
    organisation_id: Mapped[int] = ref("organisation")
    mentor_id: Mapped[int] = ref("person")
    mentor_unit: Mapped[str] = mapped_column(String(200), default="")
    mentor_grade: Mapped[int | None]
    pupil_id: Mapped[int] = ref("person")
    pupil_unit: Mapped[str] = mapped_column(String(200), default="")
    occupation: Mapped[str] = mapped_column(String(100), default="")
    target_grade: Mapped[int | None]
    starts: Mapped[date] = mapped_column(Date)
    until: Mapped[date] = mapped_column(Date)
    aims: Mapped[str] = mapped_column(String(1000), default="")
    document: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[MentorshipState] = mapped_column(
        enum_text(MentorshipState), default=MentorshipState.OPEN
    )
    outcome: Mapped[MentorOutcome | None] = mapped_column(enum_text(MentorOutcome))
    ended_on: Mapped[date | None] = mapped_column(Date)
    ended_why: Mapped[str] = mapped_column(String(500), default="")
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    organisation: Mapped[Organisation] = relationship()
    mentor: Mapped[Person] = relationship(foreign_keys=[mentor_id])
    pupil: Mapped[Person] = relationship(foreign_keys=[pupil_id])
    maker: Mapped[Account] = relationship(foreign_keys=[made_by])

    @property
    def last_day(self) -> date:
        """The day on which it ended or is to end."""
        return self.ended_on or self.until


class MentorNote(Base):
    """A visit: who taught or looked, on which day, what was done, for how many hours.

    One that was written down by mistake is ended, and counts for nothing.
    """

    __tablename__ = "mentor_note"
    id: Mapped[Id]
    mentorship_id: Mapped[int] = ref("mentorship")
    by: Mapped[str] = mapped_column(String(60))
    day: Mapped[date] = mapped_column(Date)
    text: Mapped[str] = mapped_column(String(1000))
    hours: Mapped[Decimal | None] = mapped_column(Points)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(500))


class MentorRuleSet(Base):
    """The rules of an organisation and of those beneath it that have none of their own."""

    __tablename__ = "mentor_rules"
    __table_args__ = (UniqueConstraint("organisation_id"),)
    id: Mapped[Id]
    organisation_id: Mapped[int] = ref("organisation")
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
