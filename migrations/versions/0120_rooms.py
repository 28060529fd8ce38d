"""Rooms that competitions share, when timetables take them, and the seat of a slot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "room",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_key", sa.String(400), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", BigId, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        *(
            sa.ForeignKeyConstraint(
                [name], ["account.id"], name=op.f(f"fk_room_{name}_account"), ondelete="RESTRICT"
            )
            for name in ("made_by", "ended_by")
        ),
    )
    for name in ("made_by", "ended_by"):
        op.create_index(op.f(f"ix_room_{name}"), "room", [name])
    stands = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_room_name_key",
        "room",
        ["name_key"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_table(
        "room_use",
        sa.Column("id", BigId, nullable=False),
        sa.Column("event_id", BigId, nullable=False),
        sa.Column("stage", sa.String(80), nullable=False),
        sa.Column("module", sa.String(80), nullable=False),
        sa.Column("room_id", BigId, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_use")),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=op.f(f"fk_room_use_{table}_id_{table}"),
                ondelete="RESTRICT",
            )
            for table in ("event", "room")
        ),
    )
    for table in ("event", "room"):
        op.create_index(op.f(f"ix_room_use_{table}_id"), "room_use", [f"{table}_id"])
    with op.batch_alter_table("slot") as batch:
        batch.add_column(sa.Column("room_id", BigId, nullable=True))
        batch.add_column(sa.Column("seat", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_slot_room_id_room"), "room", ["room_id"], ["id"], ondelete="RESTRICT"
        )
        batch.create_index(batch.f("ix_slot_room_id"), ["room_id"])


def downgrade() -> None:
    with op.batch_alter_table("slot") as batch:
        batch.drop_index(batch.f("ix_slot_room_id"))
        batch.drop_constraint(batch.f("fk_slot_room_id_room"), type_="foreignkey")
        batch.drop_column("seat")
        batch.drop_column("room_id")
    op.drop_table("room_use")
    op.drop_table("room")
