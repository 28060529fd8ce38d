"""A certificate is made void by two people: one asks, a second agrees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_at IS NULL")
REFERENCES = {"certificate_id": "certificate", "asked_by": "account", "ended_by": "account"}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "revocation",
        sa.Column("id", _id(), nullable=False),
        sa.Column("certificate_id", _id(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by", _id(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("ended_by", _id(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_revocation_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revocation")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_revocation_{column}"), "revocation", [column])
    op.create_index(
        "uq_revocation_open",
        "revocation",
        ["certificate_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_table("revocation")
