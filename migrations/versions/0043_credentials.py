"""The issuer's keys, and the credentials that they signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText, UtcDateTime

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "issuer_key",
        sa.Column("id", _id(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("private_key", EncryptedText(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuer_key")),
        sa.UniqueConstraint("name", name=op.f("uq_issuer_key_name")),
    )
    op.create_table(
        "credential",
        sa.Column("id", _id(), nullable=False),
        sa.Column("certificate_id", _id(), nullable=False),
        sa.Column("key_id", _id(), nullable=False),
        sa.Column("status_list", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("document", EncryptedText(), nullable=False),
        sa.Column("token", EncryptedText(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["issuer_key.id"],
            name=op.f("fk_credential_key_id_issuer_key"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_credential_certificate_id")),
        sa.UniqueConstraint("status_list", "place", name=op.f("uq_credential_status_list_place")),
    )
    op.create_index(op.f("ix_credential_key_id"), "credential", ["key_id"])


def downgrade() -> None:
    op.drop_table("credential")
    op.drop_table("issuer_key")
