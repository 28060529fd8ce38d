"""Editions of the conditions of application for a grade, which an administrator confirms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

_TABLE = "condition_edition"
_STANDS = sa.text("ended_at IS NULL")
_ACCOUNTS = ("confirmed_by", "made_by", "ended_by")


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, BigId, nullable=True) for name in _ACCOUNTS),
        *(
            sa.ForeignKeyConstraint(
                [name],
                ["account.id"],
                name=op.f(f"fk_{_TABLE}_{name}_account"),
                ondelete="RESTRICT",
            )
            for name in _ACCOUNTS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
    )
    for name in _ACCOUNTS:
        op.create_index(op.f(f"ix_{_TABLE}_{name}"), _TABLE, [name])
    op.create_index(f"uq_{_TABLE}_key", _TABLE, ["key"], unique=True)
    op.create_index(
        f"uq_{_TABLE}_name_key",
        _TABLE,
        ["name_key"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )


def downgrade() -> None:
    op.drop_table(_TABLE)
