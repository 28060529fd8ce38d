"""Dossiers of competitions (竞赛档案, 批次档案): all that an inspection asks for, as one file."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition
from compete.models.types import EncryptedBytes, UtcDateTime


class Dossier(Base):
    """A dossier of a competition, as it was made; a later one of the same supersedes it.

    The file lies in the store under `file`, sealed with a key of its own; once its term is over
    the key goes, and nobody reads the file any more. `sha256` is over the file as it is fetched,
    `manifest` over its list of contents, `records` the number of the last record in it.
    """

    __tablename__ = "dossier"
    __table_args__ = (UniqueConstraint("competition_id", "number"),)
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    number: Mapped[int] = mapped_column(Integer)
    file: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[bytes | None] = mapped_column(EncryptedBytes)
    sha256: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    files: Mapped[int]
    records: Mapped[int]
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    maker: Mapped[Account] = relationship()
