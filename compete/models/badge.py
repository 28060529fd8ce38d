"""Replaced badges: a link is known and opens nothing any more."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, ref, utc_now


class ReplacedBadge(Base):
    """The hash of a link of an entrant's former badge, and who gave another one and why.

    `member_id` says whose of a crew it was; none: the link that all of them bore.
    """

    __tablename__ = "replaced_badge"
    id: Mapped[Id]
    entrant_id: Mapped[int] = ref("entrant")
    member_id: Mapped[int | None] = ref("member")
    badge_hash: Mapped[str] = mapped_column(String(64), unique=True)
    reason: Mapped[str] = mapped_column(String(500))
    replaced_by: Mapped[int] = ref("account")
    replaced_at: Mapped[Instant] = mapped_column(default=utc_now)
