"""Long papers that a job has printed, until they are fetched or an hour is over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedBytes, UtcDateTime

revision = "0077"
down_revision = "0082"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "printed_piece",
        sa.Column("id", BigId, nullable=False),
        sa.Column("job_id", BigId, nullable=False),
        sa.Column("file", sa.Integer(), nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("content", EncryptedBytes(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["job.id"],
            name=op.f("fk_printed_piece_job_id_job"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_piece")),
        sa.UniqueConstraint(
            "job_id", "file", "piece", name=op.f("uq_printed_piece_job_id_file_piece")
        ),
    )
    with op.batch_alter_table("printed_piece") as batch:
        batch.create_index(batch.f("ix_printed_piece_job_id"), ["job_id"])


def downgrade() -> None:
    op.drop_table("printed_piece")
