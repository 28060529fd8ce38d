"""Papers by table from a question bank; one is taken out and looked at as a bank is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedText, UtcDateTime

revision = "0127"
down_revision = "0126"
branch_labels = None
depends_on = None

_BY_PAPER = ("bank_export", "question_look")


def upgrade() -> None:
    op.create_table(
        "paper_table",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bank_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["question_bank.id"],
            name=op.f("fk_paper_table_bank_id_question_bank"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_paper_table_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_table")),
    )
    op.create_index(op.f("ix_paper_table_bank_id"), "paper_table", ["bank_id"])
    op.create_index(op.f("ix_paper_table_made_by"), "paper_table", ["made_by"])
    op.create_index(
        "uq_paper_table",
        "paper_table",
        ["bank_id", "code"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "exam_paper",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bank_id", BigId, nullable=False),
        sa.Column("table_id", BigId, nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=False),
        sa.Column("content", EncryptedText(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("used_by", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["question_bank.id"],
            name=op.f("fk_exam_paper_bank_id_question_bank"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_exam_paper_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["table_id"],
            ["paper_table.id"],
            name=op.f("fk_exam_paper_table_id_paper_table"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["used_by"],
            ["account.id"],
            name=op.f("fk_exam_paper_used_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_paper")),
    )
    for column in "bank_id", "made_by", "table_id", "used_by":
        op.create_index(op.f(f"ix_exam_paper_{column}"), "exam_paper", [column])
    for name in _BY_PAPER:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("paper_id", BigId, nullable=True))
            table.create_foreign_key(
                op.f(f"fk_{name}_paper_id_exam_paper"),
                "exam_paper",
                ["paper_id"],
                ["id"],
                ondelete="RESTRICT",
            )
        op.create_index(op.f(f"ix_{name}_paper_id"), name, ["paper_id"])


def downgrade() -> None:
    for name in _BY_PAPER:
        op.drop_index(op.f(f"ix_{name}_paper_id"), name)
        op.execute(f"DELETE FROM {name} WHERE paper_id IS NOT NULL")
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"fk_{name}_paper_id_exam_paper"), type_="foreignkey")
            table.drop_column("paper_id")
    op.drop_table("exam_paper")
    op.drop_table("paper_table")
