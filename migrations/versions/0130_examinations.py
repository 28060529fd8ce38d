"""Theory examinations in a hall: rooms, sittings, devices, acts, time added, corrected keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedText, UtcDateTime

revision = "0130"
down_revision = "0129"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "examination",
        sa.Column("id", BigId, nullable=False),
        sa.Column("competition_id", BigId, nullable=False),
        sa.Column("event_id", BigId, nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("paper_id", BigId, nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("content", EncryptedText(), nullable=False),
        sa.Column("papers", sa.JSON(), nullable=False),
        sa.Column("paper_keys", EncryptedText(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("marked_by", BigId, nullable=True),
        sa.Column("marked_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", BigId, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_examination_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["account.id"],
            name=op.f("fk_examination_ended_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_examination_event_id_event"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_examination_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["marked_by"],
            ["account.id"],
            name=op.f("fk_examination_marked_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["exam_paper.id"],
            name=op.f("fk_examination_paper_id_exam_paper"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examination")),
    )
    with op.batch_alter_table("examination", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_examination_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_examination_ended_by"), ["ended_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_examination_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_examination_made_by"), ["made_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_examination_marked_by"), ["marked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_examination_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(
            "uq_examination",
            ["event_id", "stage", "module"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "exam_key",
        sa.Column("id", BigId, nullable=False),
        sa.Column("competition_id", BigId, nullable=False),
        sa.Column("examination_id", BigId, nullable=False),
        sa.Column("question", sa.String(length=100), nullable=False),
        sa.Column("content", EncryptedText(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "state",
            sa.Enum("asked", "agreed", "dropped", name="keystate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("asked_by", BigId, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_by", BigId, nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreed_by"],
            ["account.id"],
            name=op.f("fk_exam_key_agreed_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["account.id"],
            name=op.f("fk_exam_key_asked_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_exam_key_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["examination_id"],
            ["examination.id"],
            name=op.f("fk_exam_key_examination_id_examination"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_key")),
    )
    with op.batch_alter_table("exam_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_key_agreed_by"), ["agreed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_exam_key_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_exam_key_competition_id"), ["competition_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_exam_key_examination_id"), ["examination_id"], unique=False
        )

    op.create_table(
        "exam_room",
        sa.Column("id", BigId, nullable=False),
        sa.Column("examination_id", BigId, nullable=False),
        sa.Column("session", sa.String(length=80), nullable=False),
        sa.Column("station", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("opened_by", BigId, nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("started_by", BigId, nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", BigId, nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closed_by"],
            ["account.id"],
            name=op.f("fk_exam_room_closed_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["examination_id"],
            ["examination.id"],
            name=op.f("fk_exam_room_examination_id_examination"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"],
            ["account.id"],
            name=op.f("fk_exam_room_opened_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["started_by"],
            ["account.id"],
            name=op.f("fk_exam_room_started_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_room")),
        sa.UniqueConstraint(
            "examination_id",
            "session",
            "station",
            name=op.f("uq_exam_room_examination_id_session_station"),
        ),
    )
    with op.batch_alter_table("exam_room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_room_closed_by"), ["closed_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_exam_room_examination_id"), ["examination_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_exam_room_opened_by"), ["opened_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_exam_room_started_by"), ["started_by"], unique=False)

    op.create_table(
        "exam_sitting",
        sa.Column("id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("examination_id", BigId, nullable=False),
        sa.Column("room_id", BigId, nullable=False),
        sa.Column("entrant_id", BigId, nullable=False),
        sa.Column("blind", sa.String(length=8), nullable=False),
        sa.Column("form", sa.String(length=100), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "expected",
                "sat_down",
                "begun",
                "handed_in",
                "void",
                name="sittingstate",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", UtcDateTime(), nullable=True),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("handed_in_at", UtcDateTime(), nullable=True),
        sa.Column("handed_in_device", sa.String(length=20), nullable=True),
        sa.Column("handed_in_number", sa.Integer(), nullable=True),
        sa.Column("let_in", sa.String(length=500), nullable=True),
        sa.Column("void_reason", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_exam_sitting_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["examination_id"],
            ["examination.id"],
            name=op.f("fk_exam_sitting_examination_id_examination"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["exam_room.id"],
            name=op.f("fk_exam_sitting_room_id_exam_room"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_sitting")),
        sa.UniqueConstraint(
            "examination_id", "blind", name=op.f("uq_exam_sitting_examination_id_blind")
        ),
        sa.UniqueConstraint(
            "examination_id", "entrant_id", name=op.f("uq_exam_sitting_examination_id_entrant_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_exam_sitting_public_id")),
    )
    with op.batch_alter_table("exam_sitting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exam_sitting_entrant_id"), ["entrant_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_exam_sitting_examination_id"), ["examination_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_exam_sitting_room_id"), ["room_id"], unique=False)

    op.create_table(
        "exam_act",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("sitting_id", BigId, nullable=False),
        sa.Column("device", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("item", sa.String(length=100), nullable=True),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.Column("held_at", UtcDateTime(), nullable=False),
        sa.Column("clock_at", UtcDateTime(), nullable=True),
        sa.Column("clock_number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["exam_sitting.id"],
            name=op.f("fk_exam_act_sitting_id_exam_sitting"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_act")),
        sa.UniqueConstraint(
            "sitting_id", "device", "number", name=op.f("uq_exam_act_sitting_id_device_number")
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_exam_act_uuid")),
    )
    with op.batch_alter_table("exam_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_act_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "exam_device",
        sa.Column("id", BigId, nullable=False),
        sa.Column("sitting_id", BigId, nullable=False),
        sa.Column("device", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("clock_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("heard_at", UtcDateTime(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["exam_sitting.id"],
            name=op.f("fk_exam_device_sitting_id_exam_sitting"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_exam_device_token_hash")),
    )
    with op.batch_alter_table("exam_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_device_sitting_id"), ["sitting_id"], unique=False)

    op.create_table(
        "exam_grant",
        sa.Column("id", BigId, nullable=False),
        sa.Column("room_id", BigId, nullable=False),
        sa.Column("sitting_id", BigId, nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_exam_grant_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["room_id"],
            ["exam_room.id"],
            name=op.f("fk_exam_grant_room_id_exam_room"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["exam_sitting.id"],
            name=op.f("fk_exam_grant_sitting_id_exam_sitting"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_grant")),
    )
    with op.batch_alter_table("exam_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_grant_made_by"), ["made_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_exam_grant_room_id"), ["room_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exam_grant_sitting_id"), ["sitting_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("exam_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_grant_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_exam_grant_room_id"))
        batch_op.drop_index(batch_op.f("ix_exam_grant_made_by"))

    op.drop_table("exam_grant")
    with op.batch_alter_table("exam_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_device_sitting_id"))

    op.drop_table("exam_device")
    with op.batch_alter_table("exam_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_act_sitting_id"))

    op.drop_table("exam_act")
    with op.batch_alter_table("exam_sitting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_sitting_room_id"))
        batch_op.drop_index(batch_op.f("ix_exam_sitting_examination_id"))
        batch_op.drop_index(batch_op.f("ix_exam_sitting_entrant_id"))

    op.drop_table("exam_sitting")
    with op.batch_alter_table("exam_room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_room_started_by"))
        batch_op.drop_index(batch_op.f("ix_exam_room_opened_by"))
        batch_op.drop_index(batch_op.f("ix_exam_room_examination_id"))
        batch_op.drop_index(batch_op.f("ix_exam_room_closed_by"))

    op.drop_table("exam_room")
    with op.batch_alter_table("exam_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_key_examination_id"))
        batch_op.drop_index(batch_op.f("ix_exam_key_competition_id"))
        batch_op.drop_index(batch_op.f("ix_exam_key_asked_by"))
        batch_op.drop_index(batch_op.f("ix_exam_key_agreed_by"))

    op.drop_table("exam_key")
    with op.batch_alter_table("examination", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_examination",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_examination_paper_id"))
        batch_op.drop_index(batch_op.f("ix_examination_marked_by"))
        batch_op.drop_index(batch_op.f("ix_examination_made_by"))
        batch_op.drop_index(batch_op.f("ix_examination_event_id"))
        batch_op.drop_index(batch_op.f("ix_examination_ended_by"))
        batch_op.drop_index(batch_op.f("ix_examination_competition_id"))

    op.drop_table("examination")
