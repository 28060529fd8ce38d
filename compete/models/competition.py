"""The competition itself: units, officials, events and the rules they carry."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models.base import Base, Code, Id, Instant, Name, ref, utc_now
from compete.models.enums import enum_text
from compete.models.installation_people import Organisation, Person


class Competition(Base):
    """A competition. `labour` holds a labour competition's periods and indicators.

    `settings` are the organiser's own: contact, notice days, appeal hours, what
    to bring; `extra` is what a bundle brought beyond its named keys. `format` is the version of
    the file format by which it is read. `loading` is the hash of the bundle of which not every
    part is in yet: then nobody is shown it.
    """

    __tablename__ = "competition"
    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    format: Mapped[str] = mapped_column(
        String(30), default="compete-bundle/1", server_default="compete-bundle/1"
    )
    name: Mapped[Name]
    kind: Mapped[str] = mapped_column(String(10))
    level: Mapped[str] = mapped_column(String(20))
    year: Mapped[int | None]
    starts: Mapped[date | None] = mapped_column(Date)
    ends: Mapped[date | None] = mapped_column(Date)
    host: Mapped[str | None] = mapped_column(String(200))
    series: Mapped[str | None] = mapped_column(String(200))
    venue: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[CompetitionState] = mapped_column(
        enum_text(CompetitionState), default=CompetitionState.REGISTERING
    )
    labour: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    loading: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[Instant] = mapped_column(default=utc_now)
    units: Mapped[list[Unit]] = relationship(order_by="Unit.id")
    judges: Mapped[list[Judge]] = relationship(order_by="Judge.id")
    events: Mapped[list[Event]] = relationship(order_by="Event.id")

    @property
    def issuer(self) -> str:
        """In whose name its papers go out: the host's, or its own where it names none."""
        return self.host or self.name


class Unit(Base):
    """An organisation that sends people, or that is ranked in a labour competition.

    The name is that of the day; `organisation_id` says who it is in the installation's tree.
    """

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("competition_id", "code"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    code: Mapped[Code]
    name: Mapped[Name]
    parent_id: Mapped[int | None] = ref("unit")
    organisation_id: Mapped[int | None] = ref("organisation")
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    parent: Mapped[Unit | None] = relationship(remote_side="Unit.id")
    organisation: Mapped[Organisation | None] = relationship()


class Judge(Base):
    """An official of the competition, in the bundle's words: chief, judge, coder …"""

    __tablename__ = "judge"
    __table_args__ = (UniqueConstraint("competition_id", "code"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    code: Mapped[Code]
    name: Mapped[Name]
    unit_id: Mapped[int | None] = ref("unit")
    person_id: Mapped[int | None] = ref("person")
    role: Mapped[Role | None] = mapped_column(enum_text(Role))
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    unit: Mapped[Unit | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def unit_name(self) -> str:
        """The name of the unit that takes part, or of one that sends nobody; empty for none."""
        return self.unit.name if self.unit else str((self.extra or {}).get("unit_name", ""))


class Event(Base):
    """赛项: an event. Its rules stand in `RuleVersion`s; `rules` is the one in force."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("competition_id", "code"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    code: Mapped[Code]
    name: Mapped[Name]
    blind: Mapped[bool] = mapped_column(Boolean, default=False)
    competition: Mapped[Competition] = relationship(back_populates="events")
    versions: Mapped[list[RuleVersion]] = relationship(order_by="RuleVersion.number")

    @property
    def rules(self) -> RuleVersion:
        """The version in force: the last."""
        return self.versions[-1]


class RuleVersion(Base):
    """An event's rules as the bundle writes them; never changed, only followed."""

    __tablename__ = "rule_version"
    __table_args__ = (UniqueConstraint("event_id", "number"),)
    id: Mapped[Id]
    event_id: Mapped[int] = ref("event")
    number: Mapped[int] = mapped_column(Integer)
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(String(500))
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
