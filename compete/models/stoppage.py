"""停机: stoppages of equipment through no fault of the entrant, and what they got."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Code, Id, Instant, ref, utc_now
from compete.models.entrant import Entrant
from compete.models.types import UtcDateTime

_OPEN = text("settled_at IS NULL AND ended_at IS NULL")


class Stoppage(Base):
    """An entrant lost time in a module; the row stays when it is taken back (`ended_at`).

    Settled it says the `seconds` that were given back, or that they go on as the `last` of
    their station, with the times of before in `place`. `stopped_at` is what was said at the
    desk, `noted_at` when it was written down.
    """

    __tablename__ = "stoppage"
    __table_args__ = (
        Index(
            "uq_stoppage_open",
            *("entrant_id", "stage", "module"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int] = ref("entrant")
    stage: Mapped[Code]
    module: Mapped[Code]
    reason: Mapped[str] = mapped_column(String(500))
    stopped_at: Mapped[Instant]
    noted_by: Mapped[int] = ref("account")
    noted_at: Mapped[Instant] = mapped_column(default=utc_now)
    seconds: Mapped[int | None]
    last: Mapped[bool] = mapped_column(default=False, server_default=false())
    place: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    settled_by: Mapped[int | None] = ref("account")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entrant: Mapped[Entrant] = relationship()
    noter: Mapped[Account] = relationship(foreign_keys=[noted_by])
    settler: Mapped[Account | None] = relationship(foreign_keys=[settled_by])
