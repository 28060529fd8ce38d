"""Signed sheets, field records, and wrong PINs counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "field_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("drawing", EncryptedText(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("superseded_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_field_record_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_field_record_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"],
            ["judge.id"],
            name=op.f("fk_field_record_judge_id_judge"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_record")),
    )
    with op.batch_alter_table("field_record", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_field_record_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_field_record_entrant_id"), ["entrant_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_field_record_judge_id"), ["judge_id"], unique=False)

    op.create_table(
        "signed_sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("last_act", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drawing", sa.Text(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("superseded_at", UtcDateTime(), nullable=True),
        sa.Column("superseded_why", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_signed_sheet_account_id_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"],
            ["judge.id"],
            name=op.f("fk_signed_sheet_judge_id_judge"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["sheet.id"],
            name=op.f("fk_signed_sheet_sheet_id_sheet"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_sheet")),
    )
    with op.batch_alter_table("signed_sheet", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signed_sheet_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_signed_sheet_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_signed_sheet_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_signed_sheet_sheet_id"), ["sheet_id"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("pin_tries", sa.Integer(), server_default="0", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("pin_tries")

    with op.batch_alter_table("signed_sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signed_sheet_sheet_id"))
        batch_op.drop_index(batch_op.f("ix_signed_sheet_sha256"))
        batch_op.drop_index(batch_op.f("ix_signed_sheet_judge_id"))
        batch_op.drop_index(batch_op.f("ix_signed_sheet_account_id"))

    op.drop_table("signed_sheet")
    with op.batch_alter_table("field_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_field_record_judge_id"))
        batch_op.drop_index(batch_op.f("ix_field_record_entrant_id"))
        batch_op.drop_index(batch_op.f("ix_field_record_competition_id"))

    op.drop_table("field_record")
