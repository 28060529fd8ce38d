"""Field keys that others took the place of, and how the records of their time are hashed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedBytes, UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_key",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("form", sa.SmallInteger(), nullable=False),
        sa.Column("look_up", EncryptedBytes(), nullable=False),
        sa.Column("value", sa.String(length=64), nullable=False),
        sa.Column("next_value", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_key")),
        sa.UniqueConstraint("form", name=op.f("uq_former_key_form")),
    )


def downgrade() -> None:
    op.drop_table("former_key")
