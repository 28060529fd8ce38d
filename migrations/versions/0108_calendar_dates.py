"""Dates as they were last given out to the calendars of others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_date",
        sa.Column("id", BigId, nullable=False),
        sa.Column("competition_id", BigId, nullable=False),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_calendar_date_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_date")),
        sa.UniqueConstraint(
            "competition_id", "owner", "key", name=op.f("uq_calendar_date_competition_id_owner_key")
        ),
    )
    op.create_index(op.f("ix_calendar_date_competition_id"), "calendar_date", ["competition_id"])


def downgrade() -> None:
    op.drop_table("calendar_date")
