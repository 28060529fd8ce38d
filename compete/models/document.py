"""Documents of applicants, which lie in the file store."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.evaluation.documents import DocumentKind, DocumentState
from compete.models.accounts import Account
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition
from compete.models.enums import enum_text
from compete.models.types import EncryptedBytes, UtcDateTime


class ApplicantDocument(Base):
    """A document of one entrant, or of one who is entered: of exactly one of them.

    The file lies in the store under `file`, the hash of what lies there, sealed with a key of its
    own, so that it can be read by nobody once the row is gone. `sha256` is over the document.
    `source` says how it came: `own`, `unit`, `desk`; `made_by` is None where somebody without an
    account sent their own. Who gave it back says why, and until when another is to come.
    """

    __tablename__ = "applicant_document"
    id: Mapped[Id]
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    competition_id: Mapped[int] = ref("competition")
    entrant_id: Mapped[int | None] = ref("entrant")
    application_id: Mapped[int | None] = ref("application")
    kind: Mapped[DocumentKind] = mapped_column(enum_text(DocumentKind))
    file: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[bytes] = mapped_column(EncryptedBytes)
    sha256: Mapped[str] = mapped_column(String(64))
    media: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    source: Mapped[str] = mapped_column(String(10))
    made_by: Mapped[int | None] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    state: Mapped[DocumentState] = mapped_column(
        enum_text(DocumentState), default=DocumentState.SENT
    )
    reason: Mapped[str | None] = mapped_column(String(500))
    until: Mapped[date | None]
    decided_by: Mapped[int | None] = ref("account")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    competition: Mapped[Competition] = relationship()
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])
