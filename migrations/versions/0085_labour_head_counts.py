"""How many workers of each unit take part in a labour competition, as it is reported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0085"
down_revision = "0087"
branch_labels = None
depends_on = None

REFERENCES = {"competition_id": "competition", "unit_id": "unit", "said_by": "account"}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "labour_head_count",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("unit_id", _id(), nullable=False),
        sa.Column("period", sa.String(length=80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("said_by", _id(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{other}.id"],
                name=op.f(f"fk_labour_head_count_{column}_{other}"),
                ondelete="RESTRICT",
            )
            for column, other in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_head_count")),
    )
    op.create_index("ix_labour_head_count_of", "labour_head_count", ["competition_id", "period"])
    for column in REFERENCES:
        op.create_index(op.f(f"ix_labour_head_count_{column}"), "labour_head_count", [column])


def downgrade() -> None:
    op.drop_table("labour_head_count")
