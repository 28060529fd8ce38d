"""The ladders of skill grades of the installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0080"
down_revision = "0081"
branch_labels = None
depends_on = None

_STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    pointing = {"organisation_id": "organisation", "made_by": "account", "ended_by": "account"}
    op.create_table(
        "grade_ladder",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("rungs", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, BigId, nullable=True) for name in pointing),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{table}.id"],
                name=op.f(f"fk_grade_ladder_{name}_{table}"),
                ondelete="RESTRICT",
            )
            for name, table in pointing.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_ladder")),
    )
    for name in pointing:
        op.create_index(op.f(f"ix_grade_ladder_{name}"), "grade_ladder", [name])
    op.create_index("uq_grade_ladder_key", "grade_ladder", ["key"], unique=True)
    op.create_index(
        "uq_grade_ladder_name_key",
        "grade_ladder",
        ["name_key"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )


def downgrade() -> None:
    op.drop_table("grade_ladder")
