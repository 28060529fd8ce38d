"""Rounds of re-checking, and the hall's scoreboard."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText, Points, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hall_board",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("token", EncryptedText(), nullable=False),
        sa.Column("switched_on", sa.Boolean(), nullable=False),
        sa.Column("delay_seconds", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "live",
                "frozen",
                "revealing",
                "opened",
                name="boardphase",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("opens_at", UtcDateTime(), nullable=True),
        sa.Column("revealed", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_hall_board_event_id_event"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_board")),
        sa.UniqueConstraint("event_id", name=op.f("uq_hall_board_event_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_hall_board_token_hash")),
    )
    with op.batch_alter_table("hall_board", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hall_board_event_id"), ["event_id"], unique=False)

    op.create_table(
        "recheck_round",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("seed", sa.String(length=128), nullable=False),
        sa.Column("seed_from", sa.String(length=200), nullable=True),
        sa.Column("top_share", Points(), nullable=False),
        sa.Column("rest_share", Points(), nullable=False),
        sa.Column("error_limit", Points(), nullable=False),
        sa.Column("ranking", sa.JSON(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.Column("drawn_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("forced_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["drawn_by"],
            ["account.id"],
            name=op.f("fk_recheck_round_drawn_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_recheck_round_event_id_event"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck_round")),
        sa.UniqueConstraint("event_id", "stage", name=op.f("uq_recheck_round_event_id_stage")),
    )
    with op.batch_alter_table("recheck_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recheck_round_drawn_by"), ["drawn_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_recheck_round_event_id"), ["event_id"], unique=False)

    op.create_table(
        "board_snapshot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("board_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "live", "frozen", "final", name="snapshotpurpose", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["board_id"],
            ["hall_board.id"],
            name=op.f("fk_board_snapshot_board_id_hall_board"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_snapshot")),
    )
    with op.batch_alter_table("board_snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_board_snapshot_board_id"), ["board_id"], unique=False)
        batch_op.create_index("ix_board_snapshot_kind", ["board_id", "purpose", "id"], unique=False)

    op.create_table(
        "recheck_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sheet_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "why",
            sa.Enum("top", "sample", "all", name="why", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("entered", sa.JSON(), nullable=True),
        sa.Column("found", sa.JSON(), nullable=True),
        sa.Column(
            "entered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("entered_at", UtcDateTime(), nullable=True),
        sa.Column(
            "ruling",
            sa.Enum("error", "misread", name="ruling", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("ruled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ruled_at", UtcDateTime(), nullable=True),
        sa.Column("ruling_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["account.id"],
            name=op.f("fk_recheck_entry_entered_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["recheck_round.id"],
            name=op.f("fk_recheck_entry_round_id_recheck_round"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ruled_by"],
            ["account.id"],
            name=op.f("fk_recheck_entry_ruled_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["sheet.id"],
            name=op.f("fk_recheck_entry_sheet_id_sheet"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recheck_entry")),
        sa.UniqueConstraint(
            "round_id", "sheet_id", name=op.f("uq_recheck_entry_round_id_sheet_id")
        ),
    )
    with op.batch_alter_table("recheck_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recheck_entry_entered_by"), ["entered_by"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_recheck_entry_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recheck_entry_ruled_by"), ["ruled_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_recheck_entry_sheet_id"), ["sheet_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("recheck_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recheck_entry_sheet_id"))
        batch_op.drop_index(batch_op.f("ix_recheck_entry_ruled_by"))
        batch_op.drop_index(batch_op.f("ix_recheck_entry_round_id"))
        batch_op.drop_index(batch_op.f("ix_recheck_entry_entered_by"))

    op.drop_table("recheck_entry")
    with op.batch_alter_table("board_snapshot", schema=None) as batch_op:
        batch_op.drop_index("ix_board_snapshot_kind")
        batch_op.drop_index(batch_op.f("ix_board_snapshot_board_id"))

    op.drop_table("board_snapshot")
    with op.batch_alter_table("recheck_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recheck_round_event_id"))
        batch_op.drop_index(batch_op.f("ix_recheck_round_drawn_by"))

    op.drop_table("recheck_round")
    with op.batch_alter_table("hall_board", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hall_board_event_id"))

    op.drop_table("hall_board")
