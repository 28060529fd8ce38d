"""Last contacts of tablets."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, ref, utc_now


class Contact(Base):
    """The last contact of a judge's tablet, and how many acts it then had not sent yet."""

    __tablename__ = "contact"
    id: Mapped[Id]
    judge_id: Mapped[int] = ref("judge")
    heard_at: Mapped[Instant] = mapped_column(default=utc_now)
    waiting: Mapped[int | None]
