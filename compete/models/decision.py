"""扣罚, 缺考, 退出, 取消: decisions that one person proposes and a second confirms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from compete.domain.values.states import DecisionState
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.entrant import Entrant
from compete.models.enums import enum_text
from compete.models.types import EncryptedBytes, Points, UtcDateTime


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

    @property
    def waits_to_end(self) -> bool:
        """True if somebody asked that what two decided is undone, and nobody agreed yet."""
        return self.ended_by is not None and self.ended_at is None
