"""Periods of a labour competition: closed, announced, corrected by two."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import Points, UtcDateTime

revision = "0052"
down_revision = "0051"
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
        "period_stand",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("period", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("closed_by", _id(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_why", sa.String(length=500), nullable=True),
        sa.Column("publication_id", _id(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        _reference("period_stand", "competition_id", "competition"),
        _reference("period_stand", "closed_by", "account"),
        _reference("period_stand", "publication_id", "publication"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_stand")),
        sa.UniqueConstraint(
            "competition_id", "period", name=op.f("uq_period_stand_competition_id_period")
        ),
    )
    for column in ("competition_id", "closed_by", "publication_id"):
        op.create_index(op.f(f"ix_period_stand_{column}"), "period_stand", [column])
    op.create_table(
        "period_correction",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("unit_id", _id(), nullable=False),
        sa.Column("period", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("indicator", sa.String(length=80), nullable=True),
        sa.Column("points", Points(), nullable=True),
        sa.Column("target", Points(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("moves", sa.JSON(), nullable=True),
        sa.Column("asked_by", _id(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", _id(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        _reference("period_correction", "competition_id", "competition"),
        _reference("period_correction", "unit_id", "unit"),
        _reference("period_correction", "asked_by", "account"),
        _reference("period_correction", "ended_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_correction")),
    )
    for column in ("competition_id", "unit_id", "asked_by", "ended_by"):
        op.create_index(op.f(f"ix_period_correction_{column}"), "period_correction", [column])
    op.create_index("ix_period_correction_of", "period_correction", ["competition_id", "period"])
    with op.batch_alter_table("publication") as batch:
        batch.add_column(sa.Column("periods", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("publication") as batch:
        batch.drop_column("periods")
    op.drop_table("period_correction")
    op.drop_table("period_stand")
