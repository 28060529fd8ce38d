"""Jobs: work that nobody waits for with an open request: what was asked, its progress, its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import JobState
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition
from compete.models.enums import enum_text
from compete.models.types import EncryptedText, UtcDateTime

_OPEN = text("state IN ('waiting', 'running')")
_OPEN_ABOVE = text("state IN ('waiting', 'running') AND competition_id IS NULL")


class Job(Base):
    """One piece of work of a competition, or of the installation: what belongs to no competition.

    `private` is what of the arguments is about people: sealed, and gone when the job ends.
    `kind` names the work and `what` the thing it is done to: of the same two one
    job alone is open at a time. `seal` is a keyed digest over all that was asked.
    `tries` counts how often somebody began with it, and tells one try from
    another. `done` of `total` and `step` (a sentence) say how far it is; `kept` is
    what the work wants to find again when it is picked up. `result` belongs to a
    job that is done, `error` (a sentence) to one that failed.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "uq_job_open",
            *("competition_id", "kind", "what"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        # No two NULLs are alike, so the index above says nothing of the installation's.
        Index(
            "uq_job_open_above",
            *("kind", "what"),
            unique=True,
            sqlite_where=_OPEN_ABOVE,
            postgresql_where=_OPEN_ABOVE,
        ),
    )
    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    competition_id: Mapped[int | None] = ref("competition")
    kind: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(400), default="")
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    private: Mapped[str | None] = mapped_column(EncryptedText, deferred=True)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    seal: Mapped[str] = mapped_column(String(64))
    state: Mapped[JobState] = mapped_column(enum_text(JobState), default=JobState.WAITING)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    step: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    kept: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped_by: Mapped[int | None] = ref("account")
    owner: Mapped[Competition | None] = relationship()
    maker: Mapped[Account] = relationship(foreign_keys="Job.made_by")
    stopper: Mapped[Account | None] = relationship(foreign_keys="Job.stopped_by")

    @property
    def competition(self) -> Competition:
        """The competition whose it is; nothing asks it of a job of the installation."""
        assert self.owner is not None
        return self.owner
