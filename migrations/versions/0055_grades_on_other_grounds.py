"""Grades on other grounds than a place, with their evidence and certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedBytes, UtcDateTime

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_DOCUMENT = {"competition_id": "competition", "made_by": "account"}
_CLAIM = {
    "competition_id": "competition",
    "event_id": "event",
    "entrant_id": "entrant",
    "member_id": "member",
    "document_id": "claim_document",
    "proposed_by": "account",
    "decided_by": "account",
}
_MAY_LACK = {"member_id", "document_id", "decided_by"}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _references(table: str, columns: dict[str, str]) -> list[sa.schema.SchemaItem]:
    return [
        *(sa.Column(name, _id(), nullable=name in _MAY_LACK) for name in columns),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{other}.id"],
                name=op.f(f"fk_{table}_{name}_{other}"),
                ondelete="RESTRICT",
            )
            for name, other in columns.items()
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "claim_document",
        sa.Column("id", _id(), nullable=False),
        sa.Column("document", EncryptedBytes(), nullable=False),
        sa.Column("media", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        *_references("claim_document", _DOCUMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_document")),
    )
    op.create_table(
        "grade_claim",
        sa.Column("id", _id(), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("present_grade", sa.Integer(), nullable=True),
        sa.Column("facts", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("notice_from", sa.Date(), nullable=True),
        sa.Column("notice_until", UtcDateTime(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=True),
        *_references("grade_claim", _CLAIM),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grade_claim")),
    )
    for table, columns in (("claim_document", _DOCUMENT), ("grade_claim", _CLAIM)):
        for name in columns:
            op.create_index(op.f(f"ix_{table}_{name}"), table, [name])
    still_open = sa.text("state IN ('proposed', 'notice', 'held', 'approved', 'issued')")
    op.create_index(
        "uq_grade_claim_open",
        "grade_claim",
        ["competition_id", "holder"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    with op.batch_alter_table("certificate") as batch:
        batch.add_column(sa.Column("claim_id", _id(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_certificate_claim_id_grade_claim"),
            "grade_claim",
            ["claim_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch.create_index(op.f("ix_certificate_claim_id"), ["claim_id"])
    valid = sa.text("state = 'valid'")
    op.create_index(
        "uq_certificate_valid_claim",
        "certificate",
        ["claim_id"],
        unique=True,
        sqlite_where=valid,
        postgresql_where=valid,
    )


def downgrade() -> None:
    op.drop_index("uq_certificate_valid_claim", "certificate")
    with op.batch_alter_table("certificate") as batch:
        batch.drop_constraint(op.f("fk_certificate_claim_id_grade_claim"), "foreignkey")
        batch.drop_index(op.f("ix_certificate_claim_id"))
        batch.drop_column("claim_id")
    op.drop_table("grade_claim")
    op.drop_table("claim_document")
