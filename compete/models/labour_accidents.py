"""Accidents (安全事故) that units of a labour competition report of themselves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.accident_states import AccidentState
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Unit
from compete.models.enums import enum_text
from compete.models.types import EncryptedBytes, UtcDateTime


class LabourAccident(Base):
    """An accident as its unit reported it, and what two persons made of it.

    `correction_id` is the veto or the points that one asked for; once another agrees to them it
    is confirmed. Or one wants it refused (`refused_by`, `refused_why`) and another agrees.
    `document` is a PDF or a JPEG, sealed; `uuid` is made with the form: sent twice it is one.
    After their purpose text, file, its name and the reason are erased (`erased_at`).
    """

    __tablename__ = "labour_accident"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    unit_id: Mapped[int] = ref("unit")
    period: Mapped[Code]
    happened: Mapped[date] = mapped_column(Date)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    text: Mapped[str | None] = mapped_column(String(500))
    filename: Mapped[str | None] = mapped_column(String(120))
    document: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)
    media: Mapped[str | None] = mapped_column(String(20))
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[AccidentState] = mapped_column(
        enum_text(AccidentState), default=AccidentState.REPORTED
    )
    reported_by: Mapped[int] = ref("account")
    reported_at: Mapped[Instant] = mapped_column(default=utc_now)
    correction_id: Mapped[int | None] = ref("period_correction")
    refused_by: Mapped[int | None] = ref("account")
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_why: Mapped[str | None] = mapped_column(String(500))
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unit: Mapped[Unit] = relationship()
    reporter: Mapped[Account] = relationship(foreign_keys=[reported_by])
    refuser: Mapped[Account | None] = relationship(foreign_keys=[refused_by])
    ender: Mapped[Account | None] = relationship(foreign_keys=[ended_by])
