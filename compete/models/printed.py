"""Printed papers that a job has made, for as long as they are kept."""

from __future__ import annotations

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.types import EncryptedBytes


class PrintedPiece(Base):
    """A piece of a file that a job has made, small enough that no writer waits long for it.

    `file` counts the job's files, `piece` those of a file, both from 0. Sealed: papers name
    people. Gone within the hour (`services/jobs/papers`).
    """

    __tablename__ = "printed_piece"
    __table_args__ = (UniqueConstraint("job_id", "file", "piece"),)
    id: Mapped[Id]
    job_id: Mapped[int] = ref("job")
    file: Mapped[int] = mapped_column(Integer)
    piece: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
