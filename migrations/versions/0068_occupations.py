"""The catalogue of occupations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0068"
down_revision = "0072"
branch_labels = None
depends_on = None

_CODE_STANDS = sa.text("ended_at IS NULL AND code <> ''")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    people = ("made_by", "ended_by")
    op.create_table(
        "occupation",
        sa.Column("id", _id(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tracks", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.String(length=1), nullable=False),
        sa.Column("flags", sa.String(length=2), nullable=False),
        sa.Column("newer", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=True),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("words", sa.String(length=4000), nullable=False),
        sa.Column("spoken", sa.String(length=10000), nullable=False),
        sa.Column("initials", sa.String(length=4000), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, _id(), nullable=True) for name in people),
        *(
            sa.ForeignKeyConstraint(
                [name],
                ["account.id"],
                name=op.f(f"fk_occupation_{name}_account"),
                ondelete="RESTRICT",
            )
            for name in people
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupation")),
    )
    op.create_index(
        "uq_occupation_code",
        "occupation",
        ["edition", "code"],
        unique=True,
        sqlite_where=_CODE_STANDS,
        postgresql_where=_CODE_STANDS,
    )
    op.create_index("ix_occupation_code", "occupation", ["code"])
    op.create_index("uq_occupation_origin", "occupation", ["origin"], unique=True)
    for name in people:
        op.create_index(op.f(f"ix_occupation_{name}"), "occupation", [name])


def downgrade() -> None:
    op.drop_table("occupation")
