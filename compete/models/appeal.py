"""申诉: appeals, with their evidence and what the arbiters said of them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from compete.domain.values.states import AppealState
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Competition
from compete.models.entrant import Entrant
from compete.models.enums import enum_text
from compete.models.types import EncryptedBytes, Points, UtcDateTime


class Appeal(Base):
    """An appeal by a contestant, or by the unit's contact, against a module or an aspect of it.

    `number` counts within the competition. `uuid` is made on the phone: sent twice it is one
    appeal. `filed_by` is the contact's account, None for the contestant. `filing_until` is the
    limit that held as it came in, `answer_by` until when the arbiters answer; `second_until`
    is how long the decision may be taken to the second instance, or when it was accepted,
    `second_by` until when that one answers. `carried_at`: what the decision orders has been done.
    """

    __tablename__ = "appeal"
    __table_args__ = (UniqueConstraint("competition_id", "number"),)
    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int] = ref("entrant")
    number: Mapped[int]
    stage: Mapped[Code]
    module: Mapped[Code]
    aspect: Mapped[str | None] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    matter: Mapped[str] = mapped_column(Text)
    state: Mapped[AppealState] = mapped_column(enum_text(AppealState), default=AppealState.FILED)
    filed_by: Mapped[int | None] = ref("account")
    filed_at: Mapped[Instant] = mapped_column(default=utc_now)
    filing_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_by: Mapped[Instant]
    second_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    second_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    second_why: Mapped[str | None] = mapped_column(Text)
    second_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    carried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    carried_by: Mapped[int | None] = ref("account")
    carried_how: Mapped[str | None] = mapped_column(String(500))
    competition: Mapped[Competition] = relationship()
    entrant: Mapped[Entrant] = relationship()
    filer: Mapped[Account | None] = relationship(foreign_keys=[filed_by])
    carrier: Mapped[Account | None] = relationship(foreign_keys=[carried_by])
    evidence: Mapped[list[AppealEvidence]] = relationship(
        order_by="AppealEvidence.id", back_populates="appeal"
    )
    decisions: Mapped[list[AppealDecision]] = relationship(
        order_by="AppealDecision.id", back_populates="appeal"
    )


class AppealEvidence(Base):
    """Words, or a photo, PDF or film, put with an appeal; added to, never replaced.

    A photo is drawn anew before it is kept, a PDF (of the media type `media`) stays as it is, a
    film but for what is said beside it, in the same column; `sha256` is over what is kept.
    """

    __tablename__ = "appeal_evidence"
    id: Mapped[Id]
    appeal_id: Mapped[int] = ref("appeal")
    words: Mapped[str] = mapped_column(Text, default="")
    photo: Mapped[bytes | None] = deferred(mapped_column(EncryptedBytes))
    sha256: Mapped[str | None] = mapped_column(String(64))
    media: Mapped[str | None] = mapped_column(String(40))
    added_by: Mapped[int | None] = ref("account")
    added_at: Mapped[Instant] = mapped_column(default=utc_now)
    appeal: Mapped[Appeal] = relationship(back_populates="evidence")
    adder: Mapped[Account | None] = relationship(foreign_keys=[added_by])


class AppealDecision(Base):
    """A decision that an arbiter proposed, first or second instance; it stands once enough agree.

    `value` is what the aspect is to say, `orders` what is to be done, in words. `marks` is a
    digest of the marks it was made on: where they change, it has to be looked at again.
    """

    __tablename__ = "appeal_decision"
    id: Mapped[Id]
    appeal_id: Mapped[int] = ref("appeal")
    instance: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    value: Mapped[Decimal | None] = mapped_column(Points)
    orders: Mapped[str | None] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(Text)
    marks: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    agreed_by: Mapped[int | None] = ref("account")
    stood_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appeal: Mapped[Appeal] = relationship(back_populates="decisions")
    maker: Mapped[Account] = relationship(foreign_keys=[made_by])
    agreer: Mapped[Account | None] = relationship(foreign_keys=[agreed_by])
