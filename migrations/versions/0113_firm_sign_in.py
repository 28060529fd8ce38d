"""Accounts connected to the firm's sign-in, and the logout tokens that it sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0113"
down_revision = "0110"
branch_labels = None
depends_on = None

_STANDING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "firm_identity",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("issuer", sa.String(300), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_firm_identity_account_id_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_identity")),
    )
    op.create_index(op.f("ix_firm_identity_account_id"), "firm_identity", ["account_id"])
    for name, columns in (("standing", ["issuer", "subject"]), ("account", ["account_id"])):
        op.create_index(
            f"uq_firm_identity_{name}",
            "firm_identity",
            columns,
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        )
    op.create_table(
        "firm_sign_out",
        sa.Column("id", BigId, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_sign_out")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_firm_sign_out_token_hash")),
    )
    with op.batch_alter_table("signed_in_session") as batch:
        batch.add_column(sa.Column("firm_session", sa.String(64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("signed_in_session") as batch:
        batch.drop_column("firm_session")
    op.drop_table("firm_sign_out")
    op.drop_table("firm_identity")
