"""撤销 of certificates, and giving a void one again: one asks, a second agrees."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.certificate import Certificate
from compete.models.types import UtcDateTime

_OPEN = text("ended_at IS NULL")


class Revocation(Base):
    """A request that a certificate be made void; it ends when a second agrees, or is dropped.

    `again`: the other way round, that one which is void be given again under a new number.
    `strike`: with it the result it rests on is struck, and all that the holder has by place.
    A certificate has one that is open at most. Who ended it is `ended_by`, and
    whether it came to be stands in `agreed`.
    """

    __tablename__ = "revocation"
    __table_args__ = (
        Index(
            "uq_revocation_open",
            "certificate_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )
    id: Mapped[Id]
    certificate_id: Mapped[int] = ref("certificate")
    again: Mapped[bool] = mapped_column(default=False, server_default=false())
    strike: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(String(500))
    asked_by: Mapped[int] = ref("account")
    asked_at: Mapped[Instant] = mapped_column(default=utc_now)
    agreed: Mapped[bool | None]
    ended_by: Mapped[int | None] = ref("account")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    certificate: Mapped[Certificate] = relationship()
    asker: Mapped[Account] = relationship(foreign_keys="Revocation.asked_by")
