"""What other systems are told in order, and what they were answered."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.types import EncryptedBytes


class FeedEntry(Base):
    """A line of a competition's feed; numbered without gaps, never changed.

    There are two feeds: one is `open` to anybody, the other for who may read results before they
    are out. `seq` is the last record of the audit chain that had been read then, `subject` whose
    row a `standing` line is.
    """

    __tablename__ = "feed_entry"
    __table_args__ = (
        UniqueConstraint("competition_id", "open", "number"),
        Index("ix_feed_entry_subject", "competition_id", "open", "subject", "id"),
    )
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    open: Mapped[bool]
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[Instant]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)


class ApiAnswer(Base):
    """The answer to a request that must not be carried out twice, by the key that it bore.

    `key_hash` is over the key, `digest` over the request; kept for a day.
    """

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("token_id", "key_hash"),)
    id: Mapped[Id]
    token_id: Mapped[int] = ref("api_token")
    key_hash: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(EncryptedBytes)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
