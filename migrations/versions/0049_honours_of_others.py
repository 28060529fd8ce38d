"""Honours that another body approves, with its document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedBytes, UtcDateTime

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_REFERENCES = {"competition_id": "competition", "event_id": "event", "made_by": "account"}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "honour_approval",
        sa.Column("id", _id(), nullable=False),
        *(sa.Column(name, _id(), nullable=False) for name in _REFERENCES),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("document", EncryptedBytes(), nullable=True),
        sa.Column("media", sa.String(length=20), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{table}.id"],
                name=op.f(f"fk_honour_approval_{name}_{table}"),
                ondelete="RESTRICT",
            )
            for name, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honour_approval")),
    )
    for name in _REFERENCES:
        op.create_index(op.f(f"ix_honour_approval_{name}"), "honour_approval", [name])


def downgrade() -> None:
    op.drop_table("honour_approval")
