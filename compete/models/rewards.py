"""Reward schemes (激励办法): pay rules and months' lists, point rules, attendance, points."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Date, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.rewards.dues import Basis, Merit, Start
from compete.domain.rewards.points import PointSource
from compete.domain.values.kinds import Level
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, Name, ref, utc_now
from compete.models.enums import enum_text
from compete.models.installation_people import Organisation, Person
from compete.models.types import EncryptedText, Points, UtcDateTime

_STANDS = text("ended_at IS NULL")


class RewardScheme(Base):
    """The rules of an organisation, for its people and those of what stands beneath it.

    One account keeps them; nobody else is shown a list.
    """

    __tablename__ = "reward_scheme"
    __table_args__ = (UniqueConstraint("organisation_id"),)
    id: Mapped[Id]
    organisation_id: Mapped[int] = ref("organisation")
    keeper_id: Mapped[int] = ref("account")
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    reckoned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    organisation: Mapped[Organisation] = relationship()
    keeper: Mapped[Account] = relationship(foreign_keys=[keeper_id])


class PayRuleRow(Base):
    """A rule that pays for a grade or an honour; `first` and `last` are first days of months."""

    __tablename__ = "pay_rule"
    id: Mapped[Id]
    scheme_id: Mapped[int] = ref("reward_scheme")
    merit: Mapped[Merit] = mapped_column(enum_text(Merit))
    grade: Mapped[int | None]
    honour: Mapped[str] = mapped_column(String(80), default="")
    level: Mapped[Level | None] = mapped_column(enum_text(Level))
    amount: Mapped[Decimal] = mapped_column(Points)
    basis: Mapped[Basis] = mapped_column(enum_text(Basis))
    start: Mapped[Start] = mapped_column(enum_text(Start))
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date | None] = mapped_column(Date)
    document: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    scheme: Mapped[RewardScheme] = relationship()


class RewardList(Base):
    """The list of a month, as it was made; of several of one month the last counts.

    `lines` are sealed: whom, how much and why.
    """

    __tablename__ = "reward_list"
    __table_args__ = (Index("ix_reward_list_scheme_month", "scheme_id", "month"),)
    id: Mapped[Id]
    scheme_id: Mapped[int] = ref("reward_scheme")
    month: Mapped[date] = mapped_column(Date)
    lines: Mapped[str] = mapped_column(EncryptedText)
    people: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Points)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    scheme: Mapped[RewardScheme] = relationship()
    maker: Mapped[Account] = relationship(foreign_keys=[made_by])


class PointRuleRow(Base):
    """A rule that gives points for an act; `match` narrows which acts, empty: all of the source."""

    __tablename__ = "point_rule"
    id: Mapped[Id]
    scheme_id: Mapped[int] = ref("reward_scheme")
    source: Mapped[PointSource] = mapped_column(enum_text(PointSource))
    match: Mapped[str] = mapped_column(String(200), default="")
    points: Mapped[Decimal] = mapped_column(Points)
    by_hours: Mapped[bool] = mapped_column(default=False)
    cap: Mapped[Decimal | None] = mapped_column(Points)
    months: Mapped[int | None]
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date | None] = mapped_column(Date)
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    scheme: Mapped[RewardScheme] = relationship()


class Attendance(Base):
    """That somebody was at a training (培训), as a list said; one that was wrong is ended."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index(
            "uq_attendance_stands",
            *("scheme_id", "person_id", "course", "day"),
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    scheme_id: Mapped[int] = ref("reward_scheme")
    person_id: Mapped[int] = ref("person")
    course: Mapped[Name]
    day: Mapped[date] = mapped_column(Date)
    hours: Mapped[Decimal] = mapped_column(Points)
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    person: Mapped[Person] = relationship()


class PointEntry(Base):
    """Points of somebody by a rule for one act (`source_key`), which earns once.

    An entry whose act is gone is ended, and stands again where the act comes back.
    """

    __tablename__ = "point_entry"
    __table_args__ = (UniqueConstraint("rule_id", "person_id", "source_key"),)
    id: Mapped[Id]
    rule_id: Mapped[int] = ref("point_rule")
    person_id: Mapped[int] = ref("person")
    source_key: Mapped[str] = mapped_column(String(400))
    points: Mapped[Decimal] = mapped_column(Points)
    day: Mapped[date] = mapped_column(Date)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rule: Mapped[PointRuleRow] = relationship()


class PointConsent(Base):
    """That somebody lets their points be seen with their name, by whoever keeps the scheme."""

    __tablename__ = "point_consent"
    __table_args__ = (
        Index(
            "uq_point_consent_stands",
            "person_id",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    person_id: Mapped[int] = ref("person")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
