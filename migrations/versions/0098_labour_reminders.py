"""Who was reminded of what is missing in a labour competition's period."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None

REFERENCES = {
    "competition_id": "competition",
    "unit_id": "unit",
    "department_id": "labour_department",
    "made_by": "account",
}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "labour_reminder",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("period", sa.String(length=80), nullable=False),
        sa.Column("unit_id", _id(), nullable=True),
        sa.Column("department_id", _id(), nullable=True),
        sa.Column("lacking", sa.Integer(), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{other}.id"],
                name=op.f(f"fk_labour_reminder_{column}_{other}"),
                ondelete="RESTRICT",
            )
            for column, other in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_reminder")),
    )
    op.create_index("ix_labour_reminder_of", "labour_reminder", ["competition_id", "period"])
    for column in REFERENCES:
        op.create_index(op.f(f"ix_labour_reminder_{column}"), "labour_reminder", [column])


def downgrade() -> None:
    op.drop_table("labour_reminder")
