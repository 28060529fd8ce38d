"""Submissions: forms that made something, so that the same one sent again makes nothing."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, utc_now
from compete.models.types import EncryptedText


class Submission(Base):
    """One form that was carried out: `digest` is of its one-time key and all that it said.

    `answer` is the address that it led to, which may be a secret link, "" where it showed a page
    of its own; None until it is known.
    """

    __tablename__ = "submission"
    id: Mapped[Id]
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    answer: Mapped[str | None] = mapped_column(EncryptedText)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
