"""Certificates and the bodies that issue them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import CertificateState
from compete.models.base import Base, Code, Id, Instant, Name, ref, utc_now
from compete.models.competition import Competition
from compete.models.distinction import Distinction
from compete.models.entrant import Entrant, Member, Team
from compete.models.enums import enum_text
from compete.models.examinee import Examinee
from compete.models.grade_claim import GradeClaim
from compete.models.types import BigId, EncryptedText, UtcDateTime


class IssuingBody(Base):
    """评价机构: the parts of the certificate number that were given to it, and its scope.

    `scope` lists what it may certify: `{"code", "name", "grades": [5, 4, 3]}`.
    `codes` are its parts of a number in one text, borne by no other body; a body
    that was entered with another's codes has none and issues nothing.
    """

    __tablename__ = "issuing_body"
    id: Mapped[Id]
    name: Mapped[Name] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(1))
    body_code: Mapped[str] = mapped_column(String(4))
    province: Mapped[str] = mapped_column(String(2))
    site: Mapped[str] = mapped_column(String(6))
    codes: Mapped[str | None] = mapped_column(String(13), unique=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    scope: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class NumberSeries(Base):
    """The last number given in a series; taken and raised in the issuing transaction."""

    __tablename__ = "number_series"
    __table_args__ = (UniqueConstraint("series"),)
    id: Mapped[Id]
    series: Mapped[str] = mapped_column(String(120))
    last: Mapped[int] = mapped_column(Integer, default=0)


_VALID = text("state = 'valid'")
_ALONE = text("member_id IS NULL")
_REPLACES = text("replaces_id IS NOT NULL")


def _once(name: str, *columns: str) -> Index:
    """A unique index: at most one valid certificate for the same columns, on every database."""
    return Index(name, *columns, unique=True, sqlite_where=_VALID, postgresql_where=_VALID)


class Certificate(Base):
    """A grade certificate or an award certificate, with its face as it was issued.

    `face` is what is printed but the ID number, which is sealed beside it.
    `prize` says what it is for (`prize_key`, or `grade/` and whose id)
    and `place` which of the prize's certificates it is, from 1: a prize that is
    given three times has three places, and no place and no holder can have two
    valid certificates. Both are empty where a program from before them wrote the
    row. Each member of a crew has a prize of their own, which names the member; a certificate
    with `crew` members and no `member_id` was issued for the crew as one, by a program from
    before. `replaces` is the certificate whose stead it takes, alone, or of such a crew with
    the other members. One for an award that was given by
    hand names it (`distinction_id`): no such award has two valid certificates either,
    nor has a grade that rests on another ground than a place (`claim_id`).
    """

    __tablename__ = "certificate"
    __table_args__ = (
        _once("uq_certificate_valid_place", "competition_id", "prize", "place"),
        _once("uq_certificate_valid_entrant", "competition_id", "prize", "entrant_id"),
        _once("uq_certificate_valid_team", "competition_id", "prize", "team_id"),
        _once("uq_certificate_valid_distinction", "distinction_id"),
        _once("uq_certificate_valid_claim", "claim_id"),
        UniqueConstraint("replaces_id", "member_id"),
        Index(
            "uq_certificate_replaces_alone",
            "replaces_id",
            unique=True,
            sqlite_where=_ALONE,
            postgresql_where=_ALONE,
        ),
        # Nearly all replace none: with them in it no statistics would choose an index.
        Index(
            "ix_certificate_replaces",
            "replaces_id",
            sqlite_where=_REPLACES,
            postgresql_where=_REPLACES,
        ),
    )
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[Code] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(EncryptedText)
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int | None] = ref("entrant")
    member_id: Mapped[int | None] = ref("member")
    team_id: Mapped[int | None] = ref("team")
    body_id: Mapped[int | None] = ref("issuing_body")
    distinction_id: Mapped[int | None] = ref("distinction")
    claim_id: Mapped[int | None] = ref("grade_claim")
    subject: Mapped[str] = mapped_column(String(120))
    prize: Mapped[str | None] = mapped_column(String(500))
    place: Mapped[int | None] = mapped_column(Integer)
    replaces_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("certificate.id", ondelete="RESTRICT")
    )
    replaced_why: Mapped[str | None] = mapped_column(String(500))
    face: Mapped[dict[str, Any]] = mapped_column(JSON)
    id_number: Mapped[str | None] = mapped_column(EncryptedText)
    issued_on: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[Instant] = mapped_column(default=utc_now)
    state: Mapped[CertificateState] = mapped_column(
        enum_text(CertificateState), default=CertificateState.VALID
    )
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoke_reason: Mapped[str | None] = mapped_column(String(500))
    competition: Mapped[Competition] = relationship()
    entrant: Mapped[Entrant | None] = relationship()
    member: Mapped[Member | None] = relationship()
    team: Mapped[Team | None] = relationship()
    body: Mapped[IssuingBody | None] = relationship()
    distinction: Mapped[Distinction | None] = relationship()
    claim: Mapped[GradeClaim | None] = relationship()
    replaces: Mapped[Certificate | None] = relationship(
        remote_side="Certificate.id", back_populates="replaced_by"
    )
    replaced_by: Mapped[list[Certificate]] = relationship(
        back_populates="replaces", order_by="Certificate.id"
    )

    @property
    def person(self) -> Entrant | Member | Examinee | None:
        """The holder; of a crew's own award the crew, and None of a team's or one by hand."""
        examinee = self.claim.examinee if self.claim is not None else None
        return self.member or self.entrant or examinee


class CertificateSum(Base):
    """How many certificates in force bear a day, by kind; counted as they are issued and end.

    Kept for figures over many competitions; `certificate` itself says the same.
    """

    __tablename__ = "certificate_sum"
    __table_args__ = (UniqueConstraint("competition_id", "kind", "day"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("competition.id", ondelete="RESTRICT")
    )
    kind: Mapped[str] = mapped_column(String(10))
    day: Mapped[date] = mapped_column(Date)
    n: Mapped[int] = mapped_column(Integer)
