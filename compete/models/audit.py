"""The audit chain and uploaded workbooks that wait for a word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.domain.values.states import ImportState
from compete.models.base import Base, Id, Instant, ref, utc_now
from compete.models.competition import Competition
from compete.models.enums import enum_text
from compete.models.types import BigId, EncryptedBytes, EncryptedText, UtcDateTime


class AuditEntry(Base):
    """An entry of the audit chain: who, what, before, after, why, when.

    `hash` is over this row and the hash of the row before it in the same
    competition; `competition_id` is empty for what concerns the installation.
    `rows` vouches for the row seals that the change left. `form` says how
    `hash` was made (`kernel.audit`); rows keep the form that they began with.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("competition_id", "seq"),)
    id: Mapped[Id]
    competition_id: Mapped[int | None] = ref("competition")
    seq: Mapped[int] = mapped_column(Integer)
    at: Mapped[Instant]
    actor_id: Mapped[int | None] = ref("account")
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    before: Mapped[Any | None] = mapped_column(JSON)
    after: Mapped[Any | None] = mapped_column(JSON)
    reason: Mapped[str | None] = mapped_column(String(500))
    rows: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    form: Mapped[int] = mapped_column(SmallInteger, default=2)


class ImportBatch(Base):
    """An uploaded registration workbook, kept sealed until it is written or discarded.

    One of a unit's contact names the unit; it makes drafts, and the desk does not see it.
    A `large` one is looked through by a job, which leaves a `summary` and the rows that the
    preview shows (`ImportRow`). `written` counts the rows that were written, up to `place`.
    `answers` is what was said of the file on the page, `heads` by what its kind is known again.
    """

    __tablename__ = "import_batch"
    id: Mapped[Id]
    competition_id: Mapped[int] = ref("competition")
    unit_id: Mapped[int | None] = ref("unit")
    filename: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes | None] = mapped_column(EncryptedBytes, deferred=True)
    state: Mapped[ImportState] = mapped_column(
        enum_text(ImportState), default=ImportState.PREVIEWED
    )
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    large: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    written: Mapped[int] = mapped_column(Integer, default=0)
    place: Mapped[int] = mapped_column(Integer, default=0)
    answers: Mapped[str | None] = mapped_column(EncryptedText)
    heads: Mapped[str | None] = mapped_column(String(16))
    competition: Mapped[Competition] = relationship()


class ImportRow(Base):
    """A row of a large upload as its preview shows it, until it is written or thrown away.

    `place` says when it is written, `code` what number the preview promised, `id_key` whose
    it is, `mark` what it would do; `content` is what the page shows, sealed.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        Index("ix_import_row_shown", "batch_id", "rank", "number"),
        Index("ix_import_row_place", "batch_id", "place"),
    )
    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(BigId, ForeignKey("import_batch.id", ondelete="RESTRICT"))
    number: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(20))
    rank: Mapped[int] = mapped_column(Integer)
    place: Mapped[int | None] = mapped_column(Integer)
    code: Mapped[str | None] = mapped_column(String(80))
    id_key: Mapped[str | None] = mapped_column(String(64))
    mark: Mapped[str] = mapped_column(String(16))
    content: Mapped[str] = mapped_column(EncryptedText)


class RememberedColumns(Base):
    """The columns of a kind of file, as somebody said them; the file's headings tell the kind.

    `kind` is what the file is read for, `heads` a short mark of its headings, `columns` by
    heading the field, empty for none.
    """

    __tablename__ = "remembered_columns"
    __table_args__ = (UniqueConstraint("kind", "heads"),)
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    heads: Mapped[str] = mapped_column(String(16))
    columns: Mapped[dict[str, str]] = mapped_column(JSON)
    made_by: Mapped[int] = ref("account")
    made_at: Mapped[Instant] = mapped_column(default=utc_now)
