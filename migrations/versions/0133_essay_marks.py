"""Essays of an examination by two markers; how questions measured, in their banks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedText, Points, UtcDateTime

revision = "0133"
down_revision = "0132"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exam_marker",
        sa.Column("id", BigId, nullable=False),
        sa.Column("examination_id", BigId, nullable=False),
        sa.Column("judge_id", BigId, nullable=False),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", BigId, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["account.id"],
            name=op.f("fk_exam_marker_ended_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["examination_id"],
            ["examination.id"],
            name=op.f("fk_exam_marker_examination_id_examination"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"],
            ["judge.id"],
            name=op.f("fk_exam_marker_judge_id_judge"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_exam_marker_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_marker")),
    )
    with op.batch_alter_table("exam_marker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_marker_ended_by"), ["ended_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_exam_marker_examination_id"), ["examination_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_exam_marker_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exam_marker_made_by"), ["made_by"], unique=False)
        batch_op.create_index(
            "uq_exam_marker",
            ["examination_id", "judge_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "question_figure",
        sa.Column("id", BigId, nullable=False),
        sa.Column("question_id", BigId, nullable=False),
        sa.Column("examination_id", BigId, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("paper", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("figures", EncryptedText(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["examination_id"],
            ["examination.id"],
            name=op.f("fk_question_figure_examination_id_examination"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_figure_question_id_question"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_figure")),
    )
    with op.batch_alter_table("question_figure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_figure_examination_id"), ["examination_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_question_figure_question_id"), ["question_id"], unique=False
        )

    op.create_table(
        "exam_essay",
        sa.Column("id", BigId, nullable=False),
        sa.Column("public_id", sa.String(length=32), nullable=False),
        sa.Column("examination_id", BigId, nullable=False),
        sa.Column("sitting_id", BigId, nullable=False),
        sa.Column("question", sa.String(length=100), nullable=False),
        sa.Column("answer", EncryptedText(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["examination_id"],
            ["examination.id"],
            name=op.f("fk_exam_essay_examination_id_examination"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"],
            ["exam_sitting.id"],
            name=op.f("fk_exam_essay_sitting_id_exam_sitting"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_essay")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exam_essay_public_id")),
    )
    with op.batch_alter_table("exam_essay", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exam_essay_examination_id"), ["examination_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_exam_essay_sitting_id"), ["sitting_id"], unique=False)
        batch_op.create_index(
            "uq_exam_essay",
            ["sitting_id", "question"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "exam_mark",
        sa.Column("id", BigId, nullable=False),
        sa.Column("essay_id", BigId, nullable=False),
        sa.Column("judge_id", BigId, nullable=False),
        sa.Column("points", Points(), nullable=False),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["essay_id"],
            ["exam_essay.id"],
            name=op.f("fk_exam_mark_essay_id_exam_essay"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["judge_id"],
            ["judge.id"],
            name=op.f("fk_exam_mark_judge_id_judge"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_exam_mark_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_mark")),
    )
    with op.batch_alter_table("exam_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_mark_essay_id"), ["essay_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exam_mark_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exam_mark_made_by"), ["made_by"], unique=False)

    with op.batch_alter_table("examination", schema=None) as batch_op:
        batch_op.add_column(sa.Column("forms", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("essays_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("examination", schema=None) as batch_op:
        batch_op.drop_column("essays_at")
        batch_op.drop_column("forms")

    with op.batch_alter_table("exam_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_mark_made_by"))
        batch_op.drop_index(batch_op.f("ix_exam_mark_judge_id"))
        batch_op.drop_index(batch_op.f("ix_exam_mark_essay_id"))

    op.drop_table("exam_mark")
    with op.batch_alter_table("exam_essay", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_exam_essay",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_exam_essay_sitting_id"))
        batch_op.drop_index(batch_op.f("ix_exam_essay_examination_id"))

    op.drop_table("exam_essay")
    with op.batch_alter_table("question_figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_figure_question_id"))
        batch_op.drop_index(batch_op.f("ix_question_figure_examination_id"))

    op.drop_table("question_figure")
    with op.batch_alter_table("exam_marker", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_exam_marker",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_exam_marker_made_by"))
        batch_op.drop_index(batch_op.f("ix_exam_marker_judge_id"))
        batch_op.drop_index(batch_op.f("ix_exam_marker_examination_id"))
        batch_op.drop_index(batch_op.f("ix_exam_marker_ended_by"))

    op.drop_table("exam_marker")
