"""Changes to an event's rules once judging has begun, by three."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0062"
down_revision = "0067"
branch_labels = None
depends_on = None

_TABLE = "rule_change"
_ACCOUNTS = ("asked_by", "chief_by", "supervisor_by", "ended_by")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{_TABLE}_{column}_{other}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("event_id", _id(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("moves", sa.JSON(), nullable=True),
        sa.Column("asked_by", _id(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("chief_by", _id(), nullable=True),
        sa.Column("chief_at", UtcDateTime(), nullable=True),
        sa.Column("supervisor_by", _id(), nullable=True),
        sa.Column("supervisor_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", _id(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=500), nullable=True),
        _reference("competition_id", "competition"),
        _reference("event_id", "event"),
        *(_reference(column, "account") for column in _ACCOUNTS),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("event_id", "number", name=op.f(f"uq_{_TABLE}_event_id_number")),
    )
    for column in ("competition_id", "event_id", *_ACCOUNTS):
        op.create_index(op.f(f"ix_{_TABLE}_{column}"), _TABLE, [column])


def downgrade() -> None:
    op.drop_table(_TABLE)
