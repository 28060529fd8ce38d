"""Who withdraws before judging stays registered and takes no part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

REFERENCES = {"entrant_id": "entrant", "made_by": "account", "ended_by": "account"}
STANDS = sa.text("ended_at IS NULL")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "withdrawal",
        sa.Column("id", _id(), nullable=False),
        sa.Column("entrant_id", _id(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", _id(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_withdrawal_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_withdrawal_{column}"), "withdrawal", [column])
    op.create_index(
        "uq_withdrawal_standing",
        "withdrawal",
        ["entrant_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    op.drop_table("withdrawal")
