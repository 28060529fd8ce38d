"""What conditions of entry ask about people, and who was exempted from one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText, UtcDateTime

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

REFERENCES = {
    "entrant_id": "entrant",
    "member_id": "member",
    "made_by": "account",
    "ended_by": "account",
}
PEOPLE = ("entrant", "member")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in PEOPLE:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("post", sa.String(length=100), nullable=True))
            batch.add_column(sa.Column("months", sa.Integer(), nullable=True))
            batch.add_column(sa.Column("certificate", EncryptedText(), nullable=True))
    op.create_table(
        "exemption",
        sa.Column("id", _id(), nullable=False),
        sa.Column("entrant_id", _id(), nullable=False),
        sa.Column("member_id", _id(), nullable=True),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", _id(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_exemption_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_exemption_{column}"), "exemption", [column])


def downgrade() -> None:
    op.drop_table("exemption")
    for table in reversed(PEOPLE):
        with op.batch_alter_table(table) as batch:
            for column in ("certificate", "months", "post"):
                batch.drop_column(column)
