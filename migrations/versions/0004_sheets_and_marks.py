"""Score sheets, and every act, penalty, outcome and time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import Points, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outcome_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_outcome_entry_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_entry")),
    )
    with op.batch_alter_table("outcome_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outcome_entry_entrant_id"), ["entrant_id"], unique=False
        )
    op.create_table(
        "penalty_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("points", Points(), nullable=True),
        sa.Column("seconds", Points(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_penalty_entry_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_penalty_entry")),
    )
    with op.batch_alter_table("penalty_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_penalty_entry_entrant_id"), ["entrant_id"], unique=False
        )
    op.create_table(
        "sheet",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "not_begun",
                "begun",
                "complete",
                "submitted",
                "signed",
                "returned",
                name="sheetstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("return_reason", sa.String(length=500), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_sheet_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_sheet_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_sheet_judge_id_judge"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
        sa.UniqueConstraint(
            "entrant_id",
            "stage",
            "module",
            "judge_id",
            name=op.f("uq_sheet_entrant_id_stage_module_judge_id"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_sheet_public_id")),
    )
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sheet_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sheet_entrant_id"), ["entrant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_judge_id"), ["judge_id"], unique=False)
    op.create_table(
        "slot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("session", sa.String(length=80), nullable=True),
        sa.Column("station", sa.String(length=80), nullable=True),
        sa.Column("check_in_at", UtcDateTime(), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_slot_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint(
            "entrant_id", "stage", "module", name=op.f("uq_slot_entrant_id_stage_module")
        ),
    )
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_entrant_id"), ["entrant_id"], unique=False)
    op.create_table(
        "time_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "entrant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("seconds", Points(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_time_entry_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_entry")),
    )
    with op.batch_alter_table("time_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_time_entry_entrant_id"), ["entrant_id"], unique=False)
    op.create_table(
        "act",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("judge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("aspect", sa.String(length=80), nullable=True),
        sa.Column("value", Points(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=True),
        sa.Column("said_at", sa.String(length=40), nullable=True),
        sa.Column("tablet", sa.String(length=64), nullable=True),
        sa.Column("tablet_seq", sa.Integer(), nullable=True),
        sa.Column("held_at", UtcDateTime(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["judge_id"], ["judge.id"], name=op.f("fk_act_judge_id_judge"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["sheet.id"], name=op.f("fk_act_sheet_id_sheet"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_act")),
        sa.UniqueConstraint("uuid", name=op.f("uq_act_uuid")),
    )
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_act_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_act_sheet_id"), ["sheet_id"], unique=False)
        batch_op.create_index(
            "ix_act_sheet_id_aspect_id", ["sheet_id", "aspect", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.drop_index("ix_act_sheet_id_aspect_id")
        batch_op.drop_index(batch_op.f("ix_act_sheet_id"))
        batch_op.drop_index(batch_op.f("ix_act_judge_id"))

    op.drop_table("act")
    with op.batch_alter_table("time_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_entry_entrant_id"))

    op.drop_table("time_entry")
    with op.batch_alter_table("slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slot_entrant_id"))

    op.drop_table("slot")
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_judge_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_entrant_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_competition_id"))

    op.drop_table("sheet")
    with op.batch_alter_table("penalty_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_penalty_entry_entrant_id"))

    op.drop_table("penalty_entry")
    with op.batch_alter_table("outcome_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_entry_entrant_id"))

    op.drop_table("outcome_entry")
