"""Who is there, on which devices people set their PINs, and papers signed by a second person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedBytes, UtcDateTime

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None


def _table(name: str, references: dict[str, str], *columns: sa.schema.SchemaItem) -> None:
    optional = {"countersigned_by"}
    op.create_table(
        name,
        sa.Column("id", BigId, nullable=False),
        *(sa.Column(key, BigId, nullable=key in optional) for key in references),
        *columns,
        *(
            sa.ForeignKeyConstraint(
                [key], [f"{other}.id"], name=op.f(f"fk_{name}_{key}_{other}"), ondelete="RESTRICT"
            )
            for key, other in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for key in references:
        op.create_index(op.f(f"ix_{name}_{key}"), name, [key])


def upgrade() -> None:
    _table(
        "device_use",
        {"account_id": "account"},
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.UniqueConstraint(
            "account_id", "device", "kind", name=op.f("uq_device_use_account_id_device_kind")
        ),
    )
    op.create_index(op.f("ix_device_use_device"), "device_use", ["device"])
    _table(
        "presence",
        {"competition_id": "competition", "account_id": "account"},
        sa.Column("at", UtcDateTime(), nullable=False),
    )
    _table(
        "signed_paper",
        {
            "competition_id": "competition",
            "first_id": "account",
            "second_id": "account",
            "countersigned_by": "account",
        },
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=500), nullable=False),
        sa.Column("photo", EncryptedBytes(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("countersigned_at", UtcDateTime(), nullable=True),
    )


def downgrade() -> None:
    for name in ("signed_paper", "presence", "device_use"):
        op.drop_table(name)
