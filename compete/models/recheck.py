"""复核: the draw, and what a second person entered without seeing the marks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.recheck import Ruling, Why
from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.competition import Event
from compete.models.enums import enum_text
from compete.models.sheets import Sheet
from compete.models.types import Points, UtcDateTime


class RecheckRound(Base):
    """The draw for one stage of an event, with all that is needed to draw it again.

    `ranking` is a list of [code, rank or null] in rank order, as it stood at
    the draw; shares and limit are per cent. `forced_at` says when too many
    errors made everybody's sheets be re-checked.
    """

    __tablename__ = "recheck_round"
    __table_args__ = (UniqueConstraint("event_id", "stage"),)
    id: Mapped[Id]
    event_id: Mapped[int] = ref("event")
    stage: Mapped[Code]
    seed: Mapped[str] = mapped_column(String(128))
    seed_from: Mapped[str | None] = mapped_column(String(200))
    top_share: Mapped[Decimal] = mapped_column(Points)
    rest_share: Mapped[Decimal] = mapped_column(Points)
    error_limit: Mapped[Decimal] = mapped_column(Points)
    ranking: Mapped[list[Any]] = mapped_column(JSON)
    drawn_at: Mapped[Instant] = mapped_column(default=utc_now)
    drawn_by: Mapped[int] = ref("account")
    forced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    event: Mapped[Event] = relationship()
    entries: Mapped[list[RecheckEntry]] = relationship(
        order_by="RecheckEntry.id", back_populates="round"
    )


class RecheckEntry(Base):
    """A sheet to be entered again, and what came of it.

    `entered` is {aspect: decimal text} as the second person read it from paper,
    `found` what the sheet said at that moment. Whoever ruled on a difference is
    never who entered it. `earlier` holds rulings that the chief judge corrected, the first one
    first: each with `ruling`, `by` (in words), `at` (ISO 8601) and `reason`.
    """

    __tablename__ = "recheck_entry"
    __table_args__ = (UniqueConstraint("round_id", "sheet_id"),)
    id: Mapped[Id]
    round_id: Mapped[int] = ref("recheck_round")
    sheet_id: Mapped[int] = ref("sheet")
    why: Mapped[Why] = mapped_column(enum_text(Why))
    entered: Mapped[dict[str, str] | None] = mapped_column(JSON)
    found: Mapped[dict[str, str] | None] = mapped_column(JSON)
    entered_by: Mapped[int | None] = ref("account")
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ruling: Mapped[Ruling | None] = mapped_column(enum_text(Ruling))
    ruled_by: Mapped[int | None] = ref("account")
    ruled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ruling_reason: Mapped[str | None] = mapped_column(String(500))
    earlier: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    round: Mapped[RecheckRound] = relationship(back_populates="entries")
    sheet: Mapped[Sheet] = relationship()
    person: Mapped[Account | None] = relationship(foreign_keys=[entered_by])
