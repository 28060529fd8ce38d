"""Portraits of people, and the zips in which many arrive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import ImportState
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition
from compete.models.enums import enum_text
from compete.models.types import EncryptedBytes, EncryptedText, UtcDateTime


class Portrait(Base):
    """The photo of one entrant, one of a crew, or one who is entered: of exactly one of them.

    `picture` is a JPEG of 1-inch shape, sealed; `sha256` is over it as it is before sealing.
    `source` says how it came: `zip`, `desk`, `unit`, `own`; `made_by` is None where somebody
    without an account put their own.
    """

    __tablename__ = "portrait"
    __table_args__ = (
        UniqueConstraint("entrant_id"),
        UniqueConstraint("member_id"),
        UniqueConstraint("application_id"),
    )
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int | None] = ref("entrant")
    member_id: Mapped[int | None] = ref("member")
    application_id: Mapped[int | None] = ref("application")
    picture: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(10))
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)


class PortraitUpload(Base):
    """Photos of one zip, or sent one by one, until somebody says write or not.

    `filename` is the zip's; empty where there was none.
    """

    __tablename__ = "portrait_upload"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    filename: Mapped[str] = mapped_column(String(255))
    state: Mapped[ImportState] = mapped_column(
        enum_text(ImportState), default=ImportState.PREVIEWED
    )
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    files: Mapped[list[PortraitFile]] = relationship(
        order_by="PortraitFile.id", back_populates="upload"
    )


class PortraitFile(Base):
    """A file of an upload: a photo as it would be kept, or why it is none. Gone once decided.

    `name` is sealed: most are ID numbers. `fault` is a key of `portrait_zip.FAULTS`.
    """

    __tablename__ = "portrait_file"
    id: Mapped[Id]
    upload_id: Mapped[int] = ref("portrait_upload")
    name: Mapped[str] = mapped_column(EncryptedText)
    picture: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    fault: Mapped[str | None] = mapped_column(String(20))
    upload: Mapped[PortraitUpload] = relationship(back_populates="files")
