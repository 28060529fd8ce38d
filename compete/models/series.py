"""Series (系列赛): nodes from the works to the nation, what they reported, who goes up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.series.types import BerthTies
from compete.domain.values.kinds import Level
from compete.domain.values.series_states import NominationStep
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, Name, ref, utc_now
from compete.models.competition import Competition
from compete.models.enums import enum_text
from compete.models.types import UtcDateTime


class Series(Base):
    """A year's series; `level` is that of who runs it: what is held above is not in its sums."""

    __tablename__ = "series"
    id: Mapped[Id]
    name: Mapped[Name]
    year: Mapped[int | None]
    organiser: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[Level] = mapped_column(enum_text(Level))
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)


class SeriesNode(Base):
    """A place of a series (站): a competition here, one held elsewhere, or one that only gathers.

    `organisation_id` says who holds it in the installation's tree, where it stands there.
    """

    __tablename__ = "series_node"
    __table_args__ = (UniqueConstraint("series_id", "competition_id"),)
    id: Mapped[Id]
    series_id: Mapped[int] = ref("series")
    parent_id: Mapped[int | None] = ref("series_node")
    name: Mapped[Name]
    level: Mapped[Level] = mapped_column(enum_text(Level))
    organiser: Mapped[str] = mapped_column(String(200), default="")
    organisation_id: Mapped[int | None] = ref("organisation")
    competition_id: Mapped[int | None] = ref("competition")
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    series: Mapped[Series] = relationship()
    competition: Mapped[Competition | None] = relationship()


class SessionReport(Base):
    """The counts of a node that is held elsewhere, as they were reported: never people.

    Rows are added; one that is put right is replaced by a later one.
    """

    __tablename__ = "session_report"
    __table_args__ = (UniqueConstraint("replaces_id"),)
    id: Mapped[Id]
    node_id: Mapped[int] = ref("series_node")
    sessions: Mapped[int]
    people: Mapped[int]
    examined: Mapped[int] = mapped_column(default=0)
    passed: Mapped[int] = mapped_column(default=0)
    day: Mapped[date] = mapped_column(Date)
    told_by: Mapped[str] = mapped_column(String(80))
    replaces_id: Mapped[int | None] = ref("session_report")
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    maker: Mapped[Account | None] = relationship(foreign_keys=[made_by])


class SeriesBerth(Base):
    """Places (名额) of an event further up for people of an event of a node.

    `conditions` are the keys of `when` as the series file writes them.
    """

    __tablename__ = "series_berth"
    id: Mapped[Id]
    series_id: Mapped[int] = ref("series")
    from_node_id: Mapped[int] = ref("series_node")
    event: Mapped[Code]
    to_node_id: Mapped[int] = ref("series_node")
    to_event: Mapped[Code]
    places: Mapped[int]
    per_unit: Mapped[int | None]
    substitutes: Mapped[int] = mapped_column(default=0)
    ties: Mapped[BerthTies] = mapped_column(enum_text(BerthTies), default=BerthTies.UNDECIDED)
    conditions: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    begun: Mapped[bool] = mapped_column(default=False, server_default=false())
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    series: Mapped[Series] = relationship()
    source: Mapped[SeriesNode] = relationship(foreign_keys=[from_node_id])
    target: Mapped[SeriesNode] = relationship(foreign_keys=[to_node_id])


class Nomination(Base):
    """A step of somebody's nomination; rows are added, and the last of a berth's person counts.

    `person` is the code that the series file has for who stands in the results. `application`
    is the public number of what was written into the event further up, where that is held here.
    """

    __tablename__ = "nomination"
    __table_args__ = (Index("ix_nomination_berth_person", "berth_id", "person"),)
    id: Mapped[Id]
    berth_id: Mapped[int] = ref("series_berth")
    person: Mapped[str] = mapped_column(String(40))
    step: Mapped[NominationStep] = mapped_column(enum_text(NominationStep))
    day: Mapped[date] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(String(500))
    application: Mapped[str | None] = mapped_column(String(32), index=True)
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    maker: Mapped[Account | None] = relationship(foreign_keys=[made_by])


class SeriesSettled(Base):
    """People of one rank of a berth put in order, and by what; the last of a rank counts."""

    __tablename__ = "series_settled"
    id: Mapped[Id]
    berth_id: Mapped[int] = ref("series_berth")
    people: Mapped[list[str]] = mapped_column(JSON)
    method: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)


class SeriesReminder(Base):
    """That a node was reminded to report (催): when, by whom, in which words."""

    __tablename__ = "series_reminder"
    id: Mapped[Id]
    node_id: Mapped[int] = ref("series_node")
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)


class OutsideResult(Base):
    """A place in a contest of somebody else's, by its document; it counts once a second agreed.

    `competition_id` is where the person took part here, whose organisers enter it. `replaces_id` is
    what it corrects: that one counts until a second agreed. `entered` says of how many the rank is.
    Of somebody whose data were erased it is nobody's.
    """

    __tablename__ = "outside_result"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    person_id: Mapped[int | None] = ref("person")
    name: Mapped[Name]
    contest: Mapped[Name]
    host: Mapped[Name]
    level: Mapped[Level] = mapped_column(enum_text(Level))
    day: Mapped[date] = mapped_column(Date)
    event: Mapped[Name]
    rank: Mapped[int | None]
    entered: Mapped[int | None]
    honours: Mapped[list[str]] = mapped_column(JSON, default=list)
    document: Mapped[str] = mapped_column(String(200))
    entered_by: Mapped[int] = ref("account")
    entered_at: Mapped[Instant] = mapped_column(default=utc_now)
    agreed_by: Mapped[int | None] = ref("account")
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaces_id: Mapped[int | None] = ref("outside_result")
    drop_asked_by: Mapped[int | None] = ref("account")
    drop_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    drop_why: Mapped[str | None] = mapped_column(String(500))
    dropped_by: Mapped[int | None] = ref("account")
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    enterer: Mapped[Account] = relationship(foreign_keys=[entered_by])
    agreer: Mapped[Account | None] = relationship(foreign_keys=[agreed_by])
