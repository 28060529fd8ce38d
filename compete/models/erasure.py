"""Erasure of people's data once they are no longer needed: asked for by one, done by two."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition
from compete.models.entrant import Entrant, Member
from compete.models.examinee import Examinee
from compete.models.types import UtcDateTime


class Erasure(Base):
    """A request to erase personal data; a second person agrees, or it is answered no.

    Of a whole competition (nobody is named), of one entrant, of one of a crew (`member_id`),
    or of one examinee. `reason` says why, or who wanted it and how. Once it has ended, `agreed`
    says whether it was done, `people` to how many, `answer` why not (empty: taken back by who
    asked). The competition's lock keeps one open at most for each.
    """

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_competition", "competition_id", "ended_at"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int | None] = ref("entrant")
    member_id: Mapped[int | None] = ref("member")
    examinee_id: Mapped[int | None] = ref("examinee")
    reason: Mapped[str] = mapped_column(String(500))
    asked_by: Mapped[int] = ref("account")
    asked_at: Mapped[Instant] = mapped_column(default=utc_now)
    agreed: Mapped[bool | None]
    people: Mapped[int | None]
    answer: Mapped[str | None] = mapped_column(String(500))
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    entrant: Mapped[Entrant | None] = relationship()
    member: Mapped[Member | None] = relationship()
    examinee: Mapped[Examinee | None] = relationship()
    asker: Mapped[Account] = relationship(foreign_keys=[asked_by])
    ender: Mapped[Account | None] = relationship(foreign_keys=[ended_by])

    @property
    def holder(self) -> Entrant | Member | Examinee | None:
        """The person whose data it is about; None for everybody of the competition."""
        return self.member or self.entrant or self.examinee
