"""What the chief judge does beside the marks: rulings, decisions by two, 回避, locks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from compete.domain.values import DecisionState
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Event, Judge, Unit
from compete.models.entrant import Entrant
from compete.models.enums import enum_text
from compete.models.people import Account
from compete.models.types import EncryptedBytes, Points, UtcDateTime


class Ruling(Base):
    """裁定: the chief judge's value for one aspect of a disputed module.

    It is written onto each judge's sheet as an act of kind `ruling`; `before`
    holds the judges' own values by judge code, as texts.
    """

    __tablename__ = "ruling"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int] = ref("entrant")
    stage: Mapped[Code]
    module: Mapped[Code]
    aspect: Mapped[Code]
    value: Mapped[Decimal] = mapped_column(Points)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500))
    judge_id: Mapped[int] = ref("judge")
    account_id: Mapped[int] = ref("account")
    ruled_at: Mapped[Instant] = mapped_column(default=utc_now)
    entrant: Mapped[Entrant] = relationship()
    judge: Mapped[Judge] = relationship()


class Decision(Base):
    """扣罚, 缺考, 退出 or 取消: proposed by one person, in force once a second has confirmed it.

    `kind` is `penalty` or one of the outcomes `dns`, `dnf`, `dsq`. Nothing
    counts before it is confirmed: only then is the penalty or outcome written.
    """

    __tablename__ = "decision"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int] = ref("entrant")
    stage: Mapped[Code]
    module: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    points: Mapped[Decimal | None] = mapped_column(Points)
    seconds: Mapped[Decimal | None] = mapped_column(Points)
    reason: Mapped[str] = mapped_column(String(500))
    evidence: Mapped[str] = mapped_column(Text)
    photo: Mapped[bytes | None] = deferred(mapped_column(EncryptedBytes))
    state: Mapped[DecisionState] = mapped_column(
        enum_text(DecisionState), default=DecisionState.PROPOSED
    )
    proposed_by: Mapped[int] = ref("account")
    proposed_at: Mapped[Instant] = mapped_column(default=utc_now)
    confirmed_by: Mapped[int | None] = ref("account")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(500))
    outcome_id: Mapped[int | None] = ref("outcome_entry")
    penalty_id: Mapped[int | None] = ref("penalty_entry")
    entrant: Mapped[Entrant] = relationship()
    proposer: Mapped[Account] = relationship(foreign_keys="Decision.proposed_by")
    confirmer: Mapped[Account | None] = relationship(foreign_keys="Decision.confirmed_by")
    ender: Mapped[Account | None] = relationship(foreign_keys="Decision.ended_by")


class Recusal(Base):
    """回避: a judge withdraws from one entrant, or from all of one unit, with a reason.

    `sheets` are the public ids of the sheets that were closed by it.
    """

    __tablename__ = "recusal"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    judge_id: Mapped[int] = ref("judge")
    entrant_id: Mapped[int | None] = ref("entrant")
    unit_id: Mapped[int | None] = ref("unit")
    sheets: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500))
    account_id: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    judge: Mapped[Judge] = relationship()
    entrant: Mapped[Entrant | None] = relationship()
    unit: Mapped[Unit | None] = relationship()


class LockEntry(Base):
    """One version of a module, or of one session of it, as it was locked.

    `sha256` is over what every sheet in it said. A lock stands until two
    people have opened it with a reason; the next lock is the next version.
    """

    __tablename__ = "lock_entry"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int] = ref("event")
    stage: Mapped[Code]
    module: Mapped[Code]
    session: Mapped[str | None] = mapped_column(String(80))
    version: Mapped[int]
    sheets: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    locked_by: Mapped[int] = ref("account")
    locked_at: Mapped[Instant] = mapped_column(default=utc_now)
    asked_by: Mapped[int | None] = ref("account")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_why: Mapped[str | None] = mapped_column(String(500))
    unlocked_by: Mapped[int | None] = ref("account")
    unlocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    event: Mapped[Event] = relationship()
    locker: Mapped[Account] = relationship(foreign_keys="LockEntry.locked_by")
    asker: Mapped[Account | None] = relationship(foreign_keys="LockEntry.asked_by")


class Contact(Base):
    """When a judge's tablet was last heard of, and how many acts it then had not sent yet."""

    __tablename__ = "contact"
    id: Mapped[Id]
    judge_id: Mapped[int] = ref("judge")
    heard_at: Mapped[Instant] = mapped_column(default=utc_now)
    waiting: Mapped[int | None]


class PaperEntry(Base):
    """One recorder's reading of a paper sheet, without sight of the other's.

    `values` are texts by aspect code, null where the paper has none. A reading
    again is a new row; the last row of each recorder stands until the sheet is
    settled.
    """

    __tablename__ = "paper_entry"
    id: Mapped[Id]
    sheet_id: Mapped[int] = ref("sheet")
    account_id: Mapped[int] = ref("account")
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    signed: Mapped[bool]
    entered_at: Mapped[Instant] = mapped_column(default=utc_now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()
