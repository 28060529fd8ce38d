"""When tablets were last heard of."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Base, Id, Instant, ref, utc_now


class Contact(Base):
    """When a judge's tablet was last heard of, and how many acts it then had not sent yet."""

    __tablename__ = "contact"
    id: Mapped[Id]
    judge_id: Mapped[int] = ref("judge")
    heard_at: Mapped[Instant] = mapped_column(default=utc_now)
    waiting: Mapped[int | None]
