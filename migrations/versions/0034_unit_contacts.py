"""Units' contacts, and the people whom they enter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText, UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

REFERENCES = {
    "competition_id": "competition",
    "unit_id": "unit",
    "event_id": "event",
    "made_by": "account",
    "decided_by": "account",
    "entrant_id": "entrant",
}
OF_UNITS = ("membership", "import_batch")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in OF_UNITS:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("unit_id", _id(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_unit_id_unit"), "unit", ["unit_id"], ["id"], ondelete="RESTRICT"
            )
            batch.create_index(op.f(f"ix_{table}_unit_id"), ["unit_id"])
    op.create_table(
        "application",
        sa.Column("id", _id(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("unit_id", _id(), nullable=False),
        sa.Column("event_id", _id(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id_hash", sa.String(length=64), nullable=True),
        sa.Column("cells", EncryptedText(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", _id(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("entrant_id", _id(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_application_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("public_id", name=op.f("uq_application_public_id")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_application_{column}"), "application", [column])
    op.create_index("ix_application_competition_state", "application", ["competition_id", "state"])


def downgrade() -> None:
    op.drop_table("application")
    for table in reversed(OF_UNITS):
        with op.batch_alter_table(table) as batch:
            batch.drop_index(op.f(f"ix_{table}_unit_id"))
            batch.drop_constraint(op.f(f"fk_{table}_unit_id_unit"), type_="foreignkey")
            batch.drop_column("unit_id")
