"""A badge is replaced: the link of the old one is kept as one that opens nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

REFERENCES = {"entrant_id": "entrant", "replaced_by": "account"}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "replaced_badge",
        sa.Column("id", _id(), nullable=False),
        sa.Column("entrant_id", _id(), nullable=False),
        sa.Column("badge_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("replaced_by", _id(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_replaced_badge_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replaced_badge")),
        sa.UniqueConstraint("badge_hash", name=op.f("uq_replaced_badge_badge_hash")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_replaced_badge_{column}"), "replaced_badge", [column])


def downgrade() -> None:
    op.drop_table("replaced_badge")
