"""The state of each event's results; working days entered by hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    op.create_table(
        "result_stand",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("event_id", _id(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("notice_from", sa.Date(), nullable=True),
        sa.Column("notice_until", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=True),
        sa.Column("asked_by", _id(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("asked_why", sa.String(length=500), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        _refers("result_stand", "competition_id", "competition"),
        _refers("result_stand", "event_id", "event"),
        _refers("result_stand", "asked_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_stand")),
        sa.UniqueConstraint("event_id", name=op.f("uq_result_stand_event_id")),
    )
    for column in ("competition_id", "event_id", "asked_by"):
        op.create_index(op.f(f"ix_result_stand_{column}"), "result_stand", [column])
    op.create_table(
        "working_year",
        sa.Column("id", _id(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("off", sa.JSON(), nullable=False),
        sa.Column("worked", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("entered_by", _id(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        _refers("working_year", "entered_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_year")),
        sa.UniqueConstraint("year", name=op.f("uq_working_year_year")),
    )
    op.create_index(op.f("ix_working_year_entered_by"), "working_year", ["entered_by"])


def downgrade() -> None:
    op.drop_table("working_year")
    op.drop_table("result_stand")
