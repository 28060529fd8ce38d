"""Reports of who oversees sessions, with photos in the file store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedBytes, UtcDateTime

revision = "0125"
down_revision = "0124"
branch_labels = None
depends_on = None

_REFERENCES = ("competition_id", "room_id", "made_by")


def upgrade() -> None:
    op.create_table(
        "oversight_report",
        sa.Column("id", BigId, nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("competition_id", BigId, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(80), nullable=False),
        sa.Column("room_id", BigId, nullable=True),
        sa.Column("text", sa.String(2000), nullable=True),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.Column("file_key", EncryptedBytes(), nullable=True),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_oversight_report_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["room.id"],
            name=op.f("fk_oversight_report_room_id_room"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_oversight_report_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_oversight_report_public_id")),
    )
    for column in _REFERENCES:
        op.create_index(op.f(f"ix_oversight_report_{column}"), "oversight_report", [column])


def downgrade() -> None:
    op.drop_table("oversight_report")
