"""Keys by which a tablet proves what it hands over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Judge
from compete.models.types import EncryptedText, UtcDateTime


class TabletKey(Base):
    """The key that one signed-in tablet got for one judge: random, with the name it goes by.

    `name` stands in what the tablet hands over; `key` is 256 bits as hexadecimal
    digits, sealed. `ended_at` says that it proves nothing from then on: the
    judge's card was cancelled.
    """

    __tablename__ = "tablet_key"
    id: Mapped[Id]
    judge_id: Mapped[int] = ref("judge")
    account_id: Mapped[int] = ref("account")
    name: Mapped[str] = mapped_column(String(32), unique=True)
    key: Mapped[str] = mapped_column(EncryptedText)
    given_at: Mapped[Instant] = mapped_column(default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    judge: Mapped[Judge] = relationship()
