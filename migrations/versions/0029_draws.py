"""Draws: ceremonies, the shares given under seal, and draws that were held on paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "draw_ceremony",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("layer", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("rule", sa.JSON(none_as_null=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "opening",
                "fixed",
                "drawn",
                "void",
                "ended",
                name="ceremonystate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("head", sa.String(length=64), nullable=True),
        sa.Column("openings", sa.String(length=64), nullable=True),
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("head_at", UtcDateTime(), nullable=True),
        sa.Column("openings_at", UtcDateTime(), nullable=True),
        sa.Column("drawn_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_why", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_draw_ceremony_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["account.id"],
            name=op.f("fk_draw_ceremony_ended_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_draw_ceremony_event_id_event"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_draw_ceremony_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_ceremony")),
        sa.UniqueConstraint(
            "event_id",
            "stage",
            "module",
            "layer",
            "number",
            name=op.f("uq_draw_ceremony_event_id_stage_module_layer_number"),
        ),
    )
    with op.batch_alter_table("draw_ceremony", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_draw_ceremony_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_draw_ceremony_ended_by"), ["ended_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_draw_ceremony_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_draw_ceremony_made_by"), ["made_by"], unique=False)

    op.create_table(
        "paper_draw",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("supervisor", sa.String(length=200), nullable=False),
        sa.Column("codes", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_paper_draw_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_paper_draw_event_id_event"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_paper_draw_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_draw")),
    )
    with op.batch_alter_table("paper_draw", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_paper_draw_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_paper_draw_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_draw_made_by"), ["made_by"], unique=False)

    op.create_table(
        "draw_share",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "competition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "ceremony_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("spare", sa.Boolean(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.Column("share", sa.String(length=200), nullable=True),
        sa.Column("key", sa.String(length=32), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("refused_at", UtcDateTime(), nullable=True),
        sa.Column("refused_why", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["ceremony_id"],
            ["draw_ceremony.id"],
            name=op.f("fk_draw_share_ceremony_id_draw_ceremony"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_draw_share_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw_share")),
        sa.UniqueConstraint("ceremony_id", "name", name=op.f("uq_draw_share_ceremony_id_name")),
    )
    with op.batch_alter_table("draw_share", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_draw_share_ceremony_id"), ["ceremony_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_draw_share_competition_id"), ["competition_id"], unique=False
        )


def downgrade() -> None:
    op.drop_table("draw_share")
    op.drop_table("paper_draw")
    op.drop_table("draw_ceremony")
