"""特准: exemptions from conditions: for whom, by whose word, and if they stand."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.entrant import Entrant
from compete.models.types import UtcDateTime


class Exemption(Base):
    """One rule that is waived for an entrant or for one member of a crew.

    Taken back, it has an end and counts no more. That of a level's conditions takes two: it
    counts from `agreed_at` on, and has no `made_by` where it came with a file.
    """

    __tablename__ = "exemption"
    id: Mapped[Id]
    entrant_id: Mapped[int] = ref("entrant")
    member_id: Mapped[int | None] = ref("member")
    rule: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500))
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    agreed_by: Mapped[int | None] = ref("account")
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entrant: Mapped[Entrant] = relationship()
    maker: Mapped[Account | None] = relationship(foreign_keys=[made_by])
    second: Mapped[Account | None] = relationship(foreign_keys=[agreed_by])
