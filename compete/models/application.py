"""Applications: people entered by units or themselves, outside the list until accepted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import ApplicationState
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, Name, ref, utc_now
from compete.models.competition import Competition, Event, Unit
from compete.models.enums import enum_text
from compete.models.types import EncryptedText, UtcDateTime


class Application(Base):
    """An application for an event; no entrant, and counted nowhere, until accepted.

    `cells` are the fields as typed, by the keys of the registration workbook's columns,
    sealed: ID number and phone are among them. `id_hash` finds a number again. `version`
    counts what was written, so that nobody decides what another has changed meanwhile.
    `by_person`: somebody entered themselves, without an account (`made_by` None), and holds the
    link of which `link_hash` is the hash; whose unit is on no list yet has none (`unit_id` None)
    and wrote its name into the fields. `confirmed_by` is who said for the unit that it is theirs.
    """

    __tablename__ = "application"
    __table_args__ = (Index("ix_application_competition_state", "competition_id", "state"),)
    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    competition_id: Mapped[int] = ref("competition")
    unit_id: Mapped[int | None] = ref("unit")
    event_id: Mapped[int | None] = ref("event")
    name: Mapped[Name]
    id_hash: Mapped[str | None] = mapped_column(String(64))
    cells: Mapped[str] = mapped_column(EncryptedText)
    state: Mapped[ApplicationState] = mapped_column(
        enum_text(ApplicationState), default=ApplicationState.DRAFT
    )
    version: Mapped[int] = mapped_column(default=1)
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    changed_at: Mapped[Instant] = mapped_column(default=utc_now)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = ref("account")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(500))
    entrant_id: Mapped[int | None] = ref("entrant")
    by_person: Mapped[bool] = mapped_column(default=False, server_default=false())
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    confirmed_by: Mapped[int | None] = ref("account")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    unit: Mapped[Unit | None] = relationship()
    event: Mapped[Event | None] = relationship()
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])
