"""Tokens with which other systems call the API."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, Name, ref, utc_now
from compete.models.types import UtcDateTime


class ApiToken(Base):
    """A token of the API: found by its keyed hash, shown once, kept nowhere.

    It may never do more than the account that made it (`account_id`) may at that moment.
    `competitions` are codes; None for all that the account may see. `used_at` and `used_from` move
    at most once a minute.
    """

    __tablename__ = "api_token"
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    name: Mapped[Name]
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    competitions: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    expires_at: Mapped[Instant]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_from: Mapped[str | None] = mapped_column(String(45))
    account: Mapped[Account] = relationship()
