"""Papers under seal, and secret questions let go into the practice pool, each by two."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0129"
down_revision = "0128"
branch_labels = None
depends_on = None

_STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "paper_seal",
        sa.Column("id", BigId, nullable=False),
        sa.Column("paper_id", BigId, nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by", BigId, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_by", BigId, nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("open_asked_by", BigId, nullable=True),
        sa.Column("open_asked_at", UtcDateTime(), nullable=True),
        sa.Column("opened_by", BigId, nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["exam_paper.id"],
            name=op.f("fk_paper_seal_paper_id_exam_paper"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["account.id"],
            name=op.f("fk_paper_seal_asked_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"],
            ["account.id"],
            name=op.f("fk_paper_seal_agreed_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["open_asked_by"],
            ["account.id"],
            name=op.f("fk_paper_seal_open_asked_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"],
            ["account.id"],
            name=op.f("fk_paper_seal_opened_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_seal")),
    )
    for column in "paper_id", "asked_by", "agreed_by", "open_asked_by", "opened_by":
        op.create_index(op.f(f"ix_paper_seal_{column}"), "paper_seal", [column])
    _one_stands("uq_paper_seal", "paper_seal", "paper_id")
    op.create_table(
        "question_release",
        sa.Column("id", BigId, nullable=False),
        sa.Column("question_id", BigId, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by", BigId, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_by", BigId, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_release_question_id_question"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["account.id"],
            name=op.f("fk_question_release_asked_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["agreed_by"],
            ["account.id"],
            name=op.f("fk_question_release_agreed_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_release")),
    )
    for column in "question_id", "asked_by", "agreed_by":
        op.create_index(op.f(f"ix_question_release_{column}"), "question_release", [column])
    _one_stands("uq_question_release", "question_release", "question_id")


def _one_stands(name: str, table: str, column: str) -> None:
    op.create_index(
        name, table, [column], unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS
    )


def downgrade() -> None:
    op.drop_table("question_release")
    op.drop_table("paper_seal")
