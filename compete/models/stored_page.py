"""Published pages and files as they were made once, to be handed out many times."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.types import EncryptedBytes


class StoredPage(Base):
    """A stored answer: `key` says of what (`services.results.stored_pages`), `content` is it.

    All that decides whether it may be handed out stands inside the seal of `content`, so
    that a row that somebody changed or put in another's place is of no use.
    """

    __tablename__ = "stored_page"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    competition_id: Mapped[int] = ref("competition")
    release: Mapped[str] = mapped_column(String(32))
    content: Mapped[bytes] = mapped_column(EncryptedBytes)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
