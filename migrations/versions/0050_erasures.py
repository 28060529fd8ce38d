"""Personal data erased after their purpose: who asked, who agreed, whose are gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("entrant_id", _id(), nullable=True),
        sa.Column("member_id", _id(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by", _id(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("ended_by", _id(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_erasure_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in (
                ("competition_id", "competition"),
                ("entrant_id", "entrant"),
                ("member_id", "member"),
                ("asked_by", "account"),
                ("ended_by", "account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    for column in ("competition_id", "entrant_id", "member_id", "asked_by", "ended_by"):
        op.create_index(f"ix_erasure_{column}", "erasure", [column])
    op.create_index("ix_erasure_competition", "erasure", ["competition_id", "ended_at"])
    op.add_column("entrant", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.add_column("member", sa.Column("erased_at", UtcDateTime(), nullable=True))
    op.add_column("publication", sa.Column("erased", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    for table, column in (
        ("publication", "erased"),
        ("member", "erased_at"),
        ("entrant", "erased_at"),
    ):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)
    op.drop_table("erasure")
