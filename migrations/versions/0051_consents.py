"""Whether people agree that their whole names are published: every word of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_REFERENCES = {
    "competition_id": "competition",
    "entrant_id": "entrant",
    "member_id": "member",
    "made_by": "account",
}
_NULLABLE = ("member_id", "made_by")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", _id(), nullable=False),
        *(sa.Column(name, _id(), nullable=name in _NULLABLE) for name in _REFERENCES),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{table}.id"],
                name=op.f(f"fk_consent_{name}_{table}"),
                ondelete="RESTRICT",
            )
            for name, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    for name in _REFERENCES:
        op.create_index(op.f(f"ix_consent_{name}"), "consent", [name])


def downgrade() -> None:
    op.drop_table("consent")
