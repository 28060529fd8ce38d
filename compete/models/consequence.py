"""Consequences: things that no longer follow from the results in force, and how they end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import ConsequenceState
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.certificate import Certificate
from compete.models.competition import Competition
from compete.models.entrant import Entrant, Team
from compete.models.enums import enum_text
from compete.models.publications import Publication
from compete.models.types import UtcDateTime


class Consequence(Base):
    """A document or decision of an earlier version that a new publication does not bear out.

    `kind` is `award` or `grade` for a certificate, `approval` for a grade that was
    approved and not yet certified, `given` for an award by hand that was granted and not
    yet certified (`why["distinction"]` is its row). `was` is what it says and `now` what the
    results in force say instead, None for nothing; both hold `award`, `item` or
    `grade`, and what stands on the paper beside it. `why` holds what moved: a
    pair of old and new for each, or the outcome under `status`. `earlier` holds
    what was decided before and then decided anew, the first one first: each with
    `state`, `by` (in words), `at` (ISO 8601) and `reason`.
    """

    __tablename__ = "consequence"
    __table_args__ = (UniqueConstraint("publication_id", "certificate_id"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    publication_id: Mapped[int] = ref("publication")
    kind: Mapped[str] = mapped_column(String(10))
    certificate_id: Mapped[int | None] = ref("certificate")
    entrant_id: Mapped[int | None] = ref("entrant")
    member_id: Mapped[int | None] = ref("member")
    team_id: Mapped[int | None] = ref("team")
    was: Mapped[dict[str, Any]] = mapped_column(JSON)
    now: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[ConsequenceState] = mapped_column(
        enum_text(ConsequenceState), default=ConsequenceState.OPEN
    )
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    settled_by: Mapped[int | None] = ref("account")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(500))
    agreed_by: Mapped[int | None] = ref("account")
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    earlier: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    competition: Mapped[Competition] = relationship()
    publication: Mapped[Publication] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
    entrant: Mapped[Entrant | None] = relationship()
    team: Mapped[Team | None] = relationship()
    settler: Mapped[Account | None] = relationship(foreign_keys="Consequence.settled_by")
    agreer: Mapped[Account | None] = relationship(foreign_keys="Consequence.agreed_by")
