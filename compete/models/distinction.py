"""Distinctions: awards given by hand: 优秀组织奖, 优秀裁判员, the best of the young."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.identity.masks import winner_pseudonym
from compete.domain.values.distinction_states import DistinctionKind, DistinctionState
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition, Event, Judge, Unit
from compete.models.entrant import Entrant, Member
from compete.models.enums import enum_text
from compete.models.types import UtcDateTime

_STANDS = text("state IN ('proposed', 'granted', 'recalling')")


class Distinction(Base):
    """One award to one unit, official, coach or contestant: nominated by one, granted by two.

    `holder` tells who has it (`unit:7`, `judge:3`, `entrant:12`, `member:4`, others by unit and
    name): of one title nobody has two that stand. A coach, a team (班组) and a worker of a labour
    competition are a `name` of a unit. `full_name` says that the person agreed to be named in
    full; a contestant's own consent is asked elsewhere.
    `new_name` is a correction of it that waits for a second person, asked for in `asked_*`.
    `basis` is empty for what was chosen freely; else `rank`, `total`, `age` and what was asked
    (`age_to`, `on`, `gender`, `places`) as they were when it was granted; of a unit that got it for
    its place in a table over several events `table`, `named`, `rank` and `total`.
    """

    __tablename__ = "distinction"
    __table_args__ = (
        Index(
            "uq_distinction_stands",
            "competition_id",
            "title",
            "holder",
            unique=True,
            sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
    )
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    event_id: Mapped[int | None] = ref("event")
    kind: Mapped[DistinctionKind] = mapped_column(enum_text(DistinctionKind))
    title: Mapped[str] = mapped_column(String(60))
    unit_id: Mapped[int | None] = ref("unit")
    judge_id: Mapped[int | None] = ref("judge")
    entrant_id: Mapped[int | None] = ref("entrant")
    member_id: Mapped[int | None] = ref("member")
    name: Mapped[str | None] = mapped_column(String(60))
    new_name: Mapped[str | None] = mapped_column(String(60))
    holder: Mapped[str] = mapped_column(String(160))
    full_name: Mapped[bool] = mapped_column(default=False)
    basis: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[DistinctionState] = mapped_column(
        enum_text(DistinctionState), default=DistinctionState.PROPOSED
    )
    proposed_by: Mapped[int] = ref("account")
    proposed_at: Mapped[Instant] = mapped_column(default=utc_now)
    agreed_by: Mapped[int | None] = ref("account")
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_by: Mapped[int | None] = ref("account")
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_why: Mapped[str | None] = mapped_column(String(500))
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_why: Mapped[str | None] = mapped_column(String(500))
    competition: Mapped[Competition] = relationship()
    event: Mapped[Event | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    judge: Mapped[Judge | None] = relationship()
    entrant: Mapped[Entrant | None] = relationship()
    member: Mapped[Member | None] = relationship()
    proposer: Mapped[Account] = relationship(foreign_keys="Distinction.proposed_by")
    agreer: Mapped[Account | None] = relationship(foreign_keys="Distinction.agreed_by")
    asker: Mapped[Account | None] = relationship(foreign_keys="Distinction.asked_by")
    ender: Mapped[Account | None] = relationship(foreign_keys="Distinction.ended_by")

    @property
    def called(self) -> str:
        """The holder's name as it stands now."""
        if self.name is not None:
            return self.name
        holder = self.member or self.entrant or self.judge or self.unit
        assert holder is not None
        return holder.name

    @property
    def is_erased(self) -> bool:
        """True if the name gave way to a pseudonym: a certificate alone still knows it."""
        if self.name is not None:
            return self.name == winner_pseudonym(self.id)
        holder = self.member or self.entrant
        return holder is not None and holder.erased_at is not None

    @property
    def of_unit(self) -> str:
        """The holder's unit; empty for a unit, and for an official who has none."""
        if self.kind is DistinctionKind.UNIT:
            return ""
        unit = self.entrant.unit if self.entrant is not None else self.unit
        return unit.name if unit is not None else ""
