"""Entrants, crews and teams, and when and where each is expected."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Date, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Code, Id, Instant, Name, ref, utc_now
from compete.models.competition import Competition, Event, Unit
from compete.models.installation_people import Person
from compete.models.types import EncryptedText, UtcDateTime


class Team(Base):
    """代表队 of one unit in one event."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("competition_id", "code"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int] = ref("event")
    unit_id: Mapped[int] = ref("unit")
    code: Mapped[Code]
    name: Mapped[Name]
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    unit: Mapped[Unit] = relationship()


class Entrant(Base):
    """One person in one event, or a crew with `members`, which has no personal columns but group.

    The ID number and the phone are sealed; `id_hash` finds a number again. The
    badge's link is random: found by its hash, printed from its sealed text. A crew's own link
    stands on no badge, its members have theirs, unless `badge_shared`: an earlier version of the
    program printed it on the badges of all of them.
    `name_key` is the pinyin by which lists are ordered. `spoken`, `initials` and `id_tail` (a
    keyed hash of the number's last four signs) are there to be searched by alone; they follow
    name and number, and are empty in rows of an earlier version until an upgrade fills them.
    `months` are of work in the occupation,
    `certificate` is the number of the certificate of the present grade, `education` a key of
    `EDUCATION_WORDS`; `mentor`, `coach` and `leader` are names. What an evaluation looks at
    besides stands as a file writes it, in `grade_since`, `trade`, `papers`, `carried` and
    `resit`. `person_id` says who it is in the installation; a crew is nobody, its members are.
    Since `erased_at` the name is a pseudonym and what was personal is gone.
    """

    __tablename__ = "entrant"
    __table_args__ = (
        UniqueConstraint("competition_id", "code"),
        UniqueConstraint("event_id", "id_hash"),
        Index("ix_entrant_id_hash", "id_hash"),
        # The lists of a competition of a hundred thousand are read and searched by these.
        Index("ix_entrant_by_name", "competition_id", "name_key", "code"),
        Index("ix_entrant_by_unit", "competition_id", "unit_id", "code"),
        Index("ix_entrant_by_person", "competition_id", "person_id"),
        Index("ix_entrant_by_event", "event_id", "code"),
        Index("ix_entrant_spoken", "competition_id", "spoken"),
        Index("ix_entrant_initials", "competition_id", "initials"),
        Index("ix_entrant_id_tail", "competition_id", "id_tail"),
    )
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int] = ref("event")
    unit_id: Mapped[int] = ref("unit")
    team_id: Mapped[int | None] = ref("team")
    person_id: Mapped[int | None] = ref("person")
    code: Mapped[Code]
    name: Mapped[Name]
    name_key: Mapped[str] = mapped_column(String(400), default="")
    spoken: Mapped[str | None] = mapped_column(String(400))
    initials: Mapped[str | None] = mapped_column(String(100))
    id_tail: Mapped[str | None] = mapped_column(String(16))
    id_type: Mapped[str] = mapped_column(String(20), default="citizen_id")
    id_number: Mapped[str | None] = mapped_column(EncryptedText)
    id_hash: Mapped[str | None] = mapped_column(String(64))
    group: Mapped[str] = mapped_column("group_name", String(20), default="worker")
    grade: Mapped[int | None]
    promoted: Mapped[int | None]
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    gender: Mapped[str | None] = mapped_column(String(10))
    birth: Mapped[date | None] = mapped_column(Date)
    post: Mapped[str | None] = mapped_column(String(100))
    months: Mapped[int | None]
    certificate: Mapped[str | None] = mapped_column(EncryptedText)
    department: Mapped[str | None] = mapped_column(String(100))
    education: Mapped[str | None] = mapped_column(String(20))
    mentor: Mapped[str | None] = mapped_column(String(100))
    coach: Mapped[str | None] = mapped_column(String(100))
    leader: Mapped[str | None] = mapped_column(String(100))
    grade_since: Mapped[date | None] = mapped_column(Date)
    trade: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    papers: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    carried: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    resit: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    badge_hash: Mapped[str] = mapped_column(String(64), unique=True)
    badge_token: Mapped[str] = mapped_column(EncryptedText)
    badge_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    registered_at: Mapped[Instant] = mapped_column(default=utc_now)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    event: Mapped[Event] = relationship()
    unit: Mapped[Unit] = relationship()
    team: Mapped[Team | None] = relationship()
    person: Mapped[Person | None] = relationship()
    members: Mapped[list[Member]] = relationship(
        order_by="Member.position", back_populates="entrant", cascade="all, delete-orphan"
    )
    slots: Mapped[list[Slot]] = relationship(order_by="Slot.starts_at", back_populates="entrant")


class Member(Base):
    """One of the people of a crew, in the crew's order from 0.

    `role` and `group` are empty where the crew's default stands. The code is
    unlike that of every entrant and every other member. The badge's link leads to the crew's
    page; it is empty in rows of an earlier version until an upgrade fills it.
    """

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("competition_id", "code"),
        UniqueConstraint("entrant_id", "position"),
        Index("ix_member_id_hash", "id_hash"),
        Index("ix_member_spoken", "competition_id", "spoken"),
        Index("ix_member_initials", "competition_id", "initials"),
        Index("ix_member_id_tail", "competition_id", "id_tail"),
    )
    grade_since: ClassVar[date | None] = None
    papers: ClassVar[list[dict[str, Any]] | None] = None
    """Asked by evaluations alone, which have no crews."""
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int] = ref("entrant")
    person_id: Mapped[int | None] = ref("person")
    position: Mapped[int]
    code: Mapped[Code]
    name: Mapped[Name]
    spoken: Mapped[str | None] = mapped_column(String(400))
    initials: Mapped[str | None] = mapped_column(String(100))
    id_tail: Mapped[str | None] = mapped_column(String(16))
    role: Mapped[str | None] = mapped_column(String(20))
    id_type: Mapped[str] = mapped_column(String(20), default="citizen_id")
    id_number: Mapped[str | None] = mapped_column(EncryptedText)
    id_hash: Mapped[str | None] = mapped_column(String(64))
    group: Mapped[str | None] = mapped_column("group_name", String(20))
    grade: Mapped[int | None]
    promoted: Mapped[int | None]
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    gender: Mapped[str | None] = mapped_column(String(10))
    birth: Mapped[date | None] = mapped_column(Date)
    post: Mapped[str | None] = mapped_column(String(100))
    months: Mapped[int | None]
    certificate: Mapped[str | None] = mapped_column(EncryptedText)
    department: Mapped[str | None] = mapped_column(String(100))
    education: Mapped[str | None] = mapped_column(String(20))
    mentor: Mapped[str | None] = mapped_column(String(100))
    coach: Mapped[str | None] = mapped_column(String(100))
    leader: Mapped[str | None] = mapped_column(String(100))
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    badge_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    badge_token: Mapped[str | None] = mapped_column(EncryptedText)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entrant: Mapped[Entrant] = relationship(back_populates="members")
    person: Mapped[Person | None] = relationship()


class Slot(Base):
    """The time and place of an entrant for one module: session, station, times.

    `seat` is the place within a station that is a whole room.
    """

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("entrant_id", "stage", "module"),)
    id: Mapped[Id]
    entrant_id: Mapped[int] = ref("entrant")
    stage: Mapped[Code]
    module: Mapped[Code]
    session: Mapped[str | None] = mapped_column(String(80))
    station: Mapped[str | None] = mapped_column(String(80))
    check_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    room_id: Mapped[int | None] = ref("room")
    seat: Mapped[int | None]
    entrant: Mapped[Entrant] = relationship(back_populates="slots")


class BlindCode(Base):
    """加密号 of one layer: what judges know an entrant by in a blind event."""

    __tablename__ = "blind_code"
    __table_args__ = (
        UniqueConstraint("entrant_id", "layer"),
        UniqueConstraint("event_id", "layer", "code"),
    )
    id: Mapped[Id]
    event_id: Mapped[int] = ref("event")
    entrant_id: Mapped[int] = ref("entrant")
    layer: Mapped[int]
    code: Mapped[Code]
    drawn_at: Mapped[Instant] = mapped_column(default=utc_now)
