"""Second looks at a closed period of a labour competition: the draw, and what was found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import Points, UtcDateTime

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    op.create_table(
        "labour_look",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("period", sa.String(length=80), nullable=False),
        sa.Column("share", Points(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=128), nullable=False),
        sa.Column("seed_from", sa.String(length=200), nullable=True),
        sa.Column("pool", sa.JSON(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("drawn_by", _id(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        _reference("labour_look", "competition_id", "competition"),
        _reference("labour_look", "drawn_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_look")),
        sa.UniqueConstraint(
            "competition_id", "period", name=op.f("uq_labour_look_competition_id_period")
        ),
    )
    for column in ("competition_id", "drawn_by"):
        op.create_index(op.f(f"ix_labour_look_{column}"), "labour_look", [column])
    op.create_table(
        "labour_finding",
        sa.Column("id", _id(), nullable=False),
        sa.Column("look_id", _id(), nullable=False),
        sa.Column("unit_id", _id(), nullable=False),
        sa.Column("indicator", sa.String(length=80), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("value", Points(), nullable=True),
        sa.Column("target", Points(), nullable=True),
        sa.Column("found", Points(), nullable=True),
        sa.Column("found_target", Points(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("correction_id", _id(), nullable=True),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        _reference("labour_finding", "look_id", "labour_look"),
        _reference("labour_finding", "unit_id", "unit"),
        _reference("labour_finding", "correction_id", "period_correction"),
        _reference("labour_finding", "made_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_finding")),
    )
    for column in ("look_id", "unit_id", "correction_id", "made_by"):
        op.create_index(op.f(f"ix_labour_finding_{column}"), "labour_finding", [column])
    op.create_index("ix_labour_finding_key", "labour_finding", ["look_id", "unit_id", "indicator"])


def downgrade() -> None:
    op.drop_table("labour_finding")
    op.drop_table("labour_look")
