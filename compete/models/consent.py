"""Consent to publishing a whole name: every answer is kept, the last counts."""

from __future__ import annotations

from sqlalchemy import Boolean, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.entrant import Entrant, Member


class Consent(Base):
    """Consent given or withdrawn by an entrant, or by one of a crew; rows are added, never changed.

    `source` says how it came: `paper`, `told`, `unit`, `own` (the badge's own page, by nobody's
    account) or `import`.
    """

    __tablename__ = "consent"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int] = ref("entrant")
    member_id: Mapped[int | None] = ref("member")
    given: Mapped[bool] = mapped_column(Boolean)
    source: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(String(500))
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    entrant: Mapped[Entrant] = relationship()
    member: Mapped[Member | None] = relationship()
    maker: Mapped[Account | None] = relationship()
