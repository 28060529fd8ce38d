"""Proofs that somebody is a second person of the same day: presence, papers, own devices."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition
from compete.models.types import EncryptedBytes, UtcDateTime


class DeviceUse(Base):
    """An account on a device: signed in there (`sign_in`), or set its own PIN or password (`set`).

    `device` is the digest of a random id in the browser's cookie. Of each only the newest stands.
    """

    __tablename__ = "device_use"
    __table_args__ = (UniqueConstraint("account_id", "device", "kind"),)
    id: Mapped[Id]
    account_id: Mapped[int] = ref("account")
    device: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[Instant] = mapped_column(default=utc_now)


class Presence(Base):
    """A presence: somebody said by PIN or password that they are there; rows are only added."""

    __tablename__ = "presence"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    account_id: Mapped[int] = ref("account")
    at: Mapped[Instant] = mapped_column(default=utc_now)


class SignedPaper(Base):
    """A paper on which a second person agreed, photographed by the first.

    `act` says which act it was (`lock:12`), `what` in words. It is open until somebody who
    counts as another person than the first has countersigned it, which is due at `due_at`.
    """

    __tablename__ = "signed_paper"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    act: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(500))
    first_id: Mapped[int] = ref("account")
    second_id: Mapped[int] = ref("account")
    photo: Mapped[bytes] = deferred(mapped_column(EncryptedBytes, nullable=False))
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    countersigned_by: Mapped[int | None] = ref("account")
    countersigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    first: Mapped[Account] = relationship(foreign_keys=[first_id])
    second: Mapped[Account] = relationship(foreign_keys=[second_id])
    countersigner: Mapped[Account | None] = relationship(foreign_keys=[countersigned_by])
