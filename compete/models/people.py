"""Accounts, what they may do where, and the cards that sign them in."""

from __future__ import annotations

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import Boolean, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values import Role
from compete.models.base import Base, Id, Instant, Name, ref, utc_now
from compete.models.competition import Competition, Judge
from compete.models.enums import enum_text
from compete.models.types import EncryptedText, UtcDateTime


class Account(UserMixin, Base):  # type: ignore[misc]
    """Who signs in: by user name and password, or by a card.

    Raising `session_epoch` ends every session of the account at once.
    `pin_tries` counts wrong PINs since the last right one.
    """

    __tablename__ = "account"
    id: Mapped[Id]
    name: Mapped[Name]
    username: Mapped[str | None] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    pin_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    is_admin: Mapped[bool] = mapped_column(Boolean, default=False)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    session_epoch: Mapped[int] = mapped_column(default=0)
    language: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[Instant] = mapped_column(default=utc_now)
    memberships: Mapped[list[Membership]] = relationship(back_populates="account")

    def get_id(self) -> str:
        """What the session cookie carries: the account and its epoch."""
        return f"{self.id}:{self.session_epoch}"

    @property
    def is_active(self) -> bool:
        """A closed account signs nobody in."""
        return self.active


class Membership(Base):
    """One account's role in one competition; a judging role names the judge."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "competition_id", "role"),)
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    competition_id: Mapped[int] = ref("competition")
    role: Mapped[Role] = mapped_column(enum_text(Role))
    judge_id: Mapped[int | None] = ref("judge")
    account: Mapped[Account] = relationship(back_populates="memberships")
    competition: Mapped[Competition] = relationship()
    judge: Mapped[Judge | None] = relationship()


class SignInCard(Base):
    """A random link that signs an account in: once, or until it is cancelled.

    The link is found by its hash; the sealed token serves a second printing.
    """

    __tablename__ = "sign_in_card"
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(EncryptedText)
    one_time: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    account: Mapped[Account] = relationship()
