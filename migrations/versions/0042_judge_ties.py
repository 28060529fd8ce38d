"""回避关系 that were declared between judges and contestants or units."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_REFERENCES = {
    "competition_id": "competition",
    "judge_id": "judge",
    "entrant_id": "entrant",
    "unit_id": "unit",
    "made_by": "account",
    "ended_by": "account",
}
_NULLABLE = ("entrant_id", "unit_id", "ended_by")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "judge_tie",
        sa.Column("id", _id(), nullable=False),
        *(sa.Column(name, _id(), nullable=name in _NULLABLE) for name in _REFERENCES),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{table}.id"],
                name=op.f(f"fk_judge_tie_{name}_{table}"),
                ondelete="RESTRICT",
            )
            for name, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge_tie")),
    )
    for name in _REFERENCES:
        op.create_index(op.f(f"ix_judge_tie_{name}"), "judge_tie", [name])


def downgrade() -> None:
    op.drop_table("judge_tie")
