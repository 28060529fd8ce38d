"""What was done at the check-in desk: one row for each act."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

REFERENCES = {"competition_id": "competition", "entrant_id": "entrant", "account_id": "account"}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "check_in",
        sa.Column("id", _id(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("entrant_id", _id(), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("session", sa.String(length=80), nullable=True),
        sa.Column("module", sa.String(length=80), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("undoes", sa.String(length=36), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("compared", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("account_id", _id(), nullable=False),
        sa.Column("tablet", sa.String(length=36), nullable=True),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_check_in_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("uuid", name=op.f("uq_check_in_uuid")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_check_in_{column}"), "check_in", [column])


def downgrade() -> None:
    op.drop_table("check_in")
