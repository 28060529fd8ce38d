"""Accidents that units of a labour competition report of themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedBytes, UtcDateTime

revision = "0087"
down_revision = "0083"
branch_labels = None
depends_on = None

REFERENCES = {
    "competition_id": "competition",
    "unit_id": "unit",
    "reported_by": "account",
    "correction_id": "period_correction",
    "refused_by": "account",
    "ended_by": "account",
}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "labour_accident",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("unit_id", _id(), nullable=False),
        sa.Column("period", sa.String(length=80), nullable=False),
        sa.Column("happened", sa.Date(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=True),
        sa.Column("filename", sa.String(length=120), nullable=True),
        sa.Column("document", EncryptedBytes(), nullable=True),
        sa.Column("media", sa.String(length=20), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reported_by", _id(), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("correction_id", _id(), nullable=True),
        sa.Column("refused_by", _id(), nullable=True),
        sa.Column("refused_at", UtcDateTime(), nullable=True),
        sa.Column("refused_why", sa.String(length=500), nullable=True),
        sa.Column("ended_by", _id(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{other}.id"],
                name=op.f(f"fk_labour_accident_{column}_{other}"),
                ondelete="RESTRICT",
            )
            for column, other in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_accident")),
        sa.UniqueConstraint("uuid", name=op.f("uq_labour_accident_uuid")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_labour_accident_{column}"), "labour_accident", [column])


def downgrade() -> None:
    op.drop_table("labour_accident")
