"""加赛 and 抽签: playoffs of a stage's equals, proposed by one and confirmed by a second."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import DecisionState
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Event
from compete.models.enums import enum_text
from compete.models.types import UtcDateTime


class Playoff(Base):
    """The order of a stage's equals; `order` as a bundle's `playoffs` writes it.

    A playoff parts nobody before it is confirmed. One from a file has no proposer.
    """

    __tablename__ = "playoff"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int] = ref("event")
    stage: Mapped[Code]
    kind: Mapped[str] = mapped_column(String(10))
    order: Mapped[list[Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[str | None] = mapped_column(String(40))
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    state: Mapped[DecisionState] = mapped_column(
        enum_text(DecisionState), default=DecisionState.PROPOSED
    )
    proposed_by: Mapped[int | None] = ref("account")
    proposed_at: Mapped[Instant] = mapped_column(default=utc_now)
    confirmed_by: Mapped[int | None] = ref("account")
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(500))
    event: Mapped[Event] = relationship()
    proposer: Mapped[Account | None] = relationship(foreign_keys="Playoff.proposed_by")
    confirmer: Mapped[Account | None] = relationship(foreign_keys="Playoff.confirmed_by")
    ender: Mapped[Account | None] = relationship(foreign_keys="Playoff.ended_by")

    @property
    def waits_to_end(self) -> bool:
        """True if somebody asked that what two decided is undone, and nobody agreed yet."""
        return self.ended_by is not None and self.ended_at is None
