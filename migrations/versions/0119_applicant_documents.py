"""Documents of applicants, which lie in the file store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedBytes, UtcDateTime

revision = "0119"
down_revision = "0118"
branch_labels = None
depends_on = None

_REFERENCES = ("competition_id", "entrant_id", "application_id", "made_by", "decided_by")


def upgrade() -> None:
    op.create_table(
        "applicant_document",
        sa.Column("id", BigId, nullable=False),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("competition_id", BigId, nullable=False),
        sa.Column("entrant_id", BigId, nullable=True),
        sa.Column("application_id", BigId, nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("file_key", EncryptedBytes(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(10), nullable=False),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("decided_by", BigId, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_applicant_document_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_applicant_document_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_applicant_document_application_id_application"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_applicant_document_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["account.id"],
            name=op.f("fk_applicant_document_decided_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applicant_document")),
        sa.UniqueConstraint("public_id", name=op.f("uq_applicant_document_public_id")),
    )
    for column in _REFERENCES:
        op.create_index(op.f(f"ix_applicant_document_{column}"), "applicant_document", [column])


def downgrade() -> None:
    op.drop_table("applicant_document")
