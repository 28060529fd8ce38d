"""Check-ins: acts at the check-in desk, added and never changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, Date, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import CheckInKind
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.entrant import Entrant
from compete.models.enums import enum_text


class CheckIn(Base):
    """An act at check-in: an entrant let in to one session or module-day, or not, or that undone.

    `uuid` was made on the device: what is sent twice counts once. `items` are those ticked;
    `compared` says that person, photo and paper were compared. Of a crew `seen` has the numbers
    of the members of whom they were, and `without` of those without whom it begins all the same;
    both are None of one person, and where an earlier version of the program compared a crew as
    one. `module` is empty where the plan names a session, and no earlier one of that name that
    day. `undoes` is the uuid of the act that is taken back. `said_at` is the device's time,
    `received_at` the server's.
    """

    __tablename__ = "check_in"
    id: Mapped[Id]
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int] = ref("entrant")
    stage: Mapped[Code]
    session: Mapped[str | None] = mapped_column(String(80))
    module: Mapped[str | None] = mapped_column(String(80))
    day: Mapped[date | None] = mapped_column(Date)
    kind: Mapped[CheckInKind] = mapped_column(enum_text(CheckInKind))
    undoes: Mapped[str | None] = mapped_column(String(36))
    items: Mapped[list[str]] = mapped_column(JSON, default=list)
    compared: Mapped[bool] = mapped_column(default=False)
    seen: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    without: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str | None] = mapped_column(String(500))
    account_id: Mapped[int] = ref("account")
    tablet: Mapped[str | None] = mapped_column(String(36))
    said_at: Mapped[Instant]
    received_at: Mapped[Instant] = mapped_column(default=utc_now)
    entrant: Mapped[Entrant] = relationship()
    account: Mapped[Account] = relationship()
