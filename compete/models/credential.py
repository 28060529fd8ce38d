"""Certificates as signed credentials, and the issuer's keys that sign them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.types import BigId, EncryptedText, UtcDateTime


class IssuerKey(Base):
    """A key of the installation that signs credentials; the newest without an end signs.

    `public_key` is 64 hexadecimal digits; the private half is sealed under the
    field key, so that backups and moves carry it and `field.key` alone opens it.
    `retired_at`: signs no more, what it signed holds. `withdrawn_at`: somebody else may
    have it, nothing that it signed counts.
    """

    __tablename__ = "issuer_key"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(20), unique=True)
    public_key: Mapped[str] = mapped_column(String(64))
    private_key: Mapped[str] = mapped_column(EncryptedText)
    since: Mapped[Instant] = mapped_column(default=utc_now)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Credential(Base):
    """The one credential of a certificate, in both forms, as it was signed once.

    `status_list` and `place` say where its bits stand; no two share a place. Signed anew only
    where its key was withdrawn, and then it says the same. `certificate_id` is no foreign key:
    a row that led to a competition would be sealed in its chain, and whoever fetches a
    credential first would make the competition's stored pages stale.
    """

    __tablename__ = "credential"
    __table_args__ = (UniqueConstraint("status_list", "place"),)
    id: Mapped[Id]
    certificate_id: Mapped[int] = mapped_column(BigId, unique=True)
    key_id: Mapped[int] = ref("issuer_key")
    status_list: Mapped[int] = mapped_column(Integer)
    place: Mapped[int] = mapped_column(Integer)
    document: Mapped[str] = mapped_column(EncryptedText)
    token: Mapped[str] = mapped_column(EncryptedText)
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    key: Mapped[IssuerKey] = relationship()
