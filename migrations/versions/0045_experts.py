"""专家库: the installation's pool of experts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_REFERENCES = {"person_id": "person", "made_by": "account", "ended_by": "account"}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "expert",
        sa.Column("id", _id(), nullable=False),
        *(sa.Column(name, _id(), nullable=name == "ended_by") for name in _REFERENCES),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("unit_key", sa.String(length=400), nullable=False),
        sa.Column("occupation", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("certificate", sa.String(length=60), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{table}.id"],
                name=op.f(f"fk_expert_{name}_{table}"),
                ondelete="RESTRICT",
            )
            for name, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
    )
    for name in _REFERENCES:
        op.create_index(op.f(f"ix_expert_{name}"), "expert", [name])


def downgrade() -> None:
    op.drop_table("expert")
