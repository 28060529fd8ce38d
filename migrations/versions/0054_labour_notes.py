"""Comments and files of evidence on the squares of a labour competition."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedBytes, UtcDateTime

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column],
        [f"{other}.id"],
        name=op.f(f"fk_labour_note_{column}_{other}"),
        ondelete="RESTRICT",
    )


def upgrade() -> None:
    op.create_table(
        "labour_note",
        sa.Column("id", _id(), nullable=False),
        sa.Column("unit_id", _id(), nullable=False),
        sa.Column("period", sa.String(length=80), nullable=False),
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=True),
        sa.Column("filename", sa.String(length=120), nullable=True),
        sa.Column("document", EncryptedBytes(), nullable=True),
        sa.Column("media", sa.String(length=20), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_by", _id(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=True),
        _reference("unit_id", "unit"),
        _reference("made_by", "account"),
        _reference("withdrawn_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_note")),
        sa.UniqueConstraint("uuid", name=op.f("uq_labour_note_uuid")),
    )
    for column in ("unit_id", "made_by", "withdrawn_by"):
        op.create_index(op.f(f"ix_labour_note_{column}"), "labour_note", [column])
    op.create_index("ix_labour_note_key", "labour_note", ["unit_id", "period", "indicator"])


def downgrade() -> None:
    op.drop_table("labour_note")
