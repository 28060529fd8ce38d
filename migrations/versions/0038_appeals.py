"""Appeals, their evidence and what was decided on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedBytes, Points, UtcDateTime

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

REFERENCES = {
    "appeal": {
        "competition_id": "competition",
        "entrant_id": "entrant",
        "filed_by": "account",
        "carried_by": "account",
    },
    "appeal_evidence": {"appeal_id": "appeal", "added_by": "account"},
    "appeal_decision": {"appeal_id": "appeal", "made_by": "account", "agreed_by": "account"},
}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _references(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"), ondelete="RESTRICT"
        )
        for column, of in REFERENCES[table].items()
    ]


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", _id(), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("entrant_id", _id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("aspect", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("matter", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("filed_by", _id(), nullable=True),
        sa.Column("filed_at", UtcDateTime(), nullable=False),
        sa.Column("filing_until", UtcDateTime(), nullable=True),
        sa.Column("answer_by", UtcDateTime(), nullable=False),
        sa.Column("second_until", UtcDateTime(), nullable=True),
        sa.Column("second_at", UtcDateTime(), nullable=True),
        sa.Column("second_why", sa.Text(), nullable=True),
        sa.Column("second_by", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("carried_at", UtcDateTime(), nullable=True),
        sa.Column("carried_by", _id(), nullable=True),
        sa.Column("carried_how", sa.String(length=500), nullable=True),
        *_references("appeal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appeal_public_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_appeal_uuid")),
        sa.UniqueConstraint(
            "competition_id", "number", name=op.f("uq_appeal_competition_id_number")
        ),
    )
    op.create_table(
        "appeal_evidence",
        sa.Column("id", _id(), nullable=False),
        sa.Column("appeal_id", _id(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("photo", EncryptedBytes(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("added_by", _id(), nullable=True),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        *_references("appeal_evidence"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_evidence")),
    )
    op.create_table(
        "appeal_decision",
        sa.Column("id", _id(), nullable=False),
        sa.Column("appeal_id", _id(), nullable=False),
        sa.Column("instance", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("value", Points(), nullable=True),
        sa.Column("orders", sa.String(length=500), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("marks", sa.String(length=64), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_by", _id(), nullable=True),
        sa.Column("stood_at", UtcDateTime(), nullable=True),
        sa.Column("dropped_at", UtcDateTime(), nullable=True),
        *_references("appeal_decision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_decision")),
    )
    for table, columns in REFERENCES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in reversed(REFERENCES):
        op.drop_table(table)
