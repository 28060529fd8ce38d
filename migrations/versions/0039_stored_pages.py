"""Published pages and files, stored once and served many times."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedBytes, UtcDateTime

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "stored_page",
        sa.Column("id", _id(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("release", sa.String(length=32), nullable=False),
        sa.Column("content", EncryptedBytes(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_stored_page_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_page")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_page_key")),
    )
    op.create_index(op.f("ix_stored_page_competition_id"), "stored_page", ["competition_id"])


def downgrade() -> None:
    op.drop_table("stored_page")
