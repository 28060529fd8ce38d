"""What entrants attempted in aspects whose marks are multiplied by a difficulty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import Points, UtcDateTime

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "difficulty_entry",
        sa.Column("id", _id(), nullable=False),
        sa.Column("entrant_id", _id(), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("aspect", sa.String(length=80), nullable=False),
        sa.Column("difficulty", Points(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_difficulty_entry_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difficulty_entry")),
    )
    op.create_index(op.f("ix_difficulty_entry_entrant_id"), "difficulty_entry", ["entrant_id"])


def downgrade() -> None:
    op.drop_table("difficulty_entry")
