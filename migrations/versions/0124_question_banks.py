"""Question banks: syllabus, questions in versions, reviews, uses, looks, files taken out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedText, UtcDateTime

revision = "0124"
down_revision = "0123"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_bank",
        sa.Column("id", BigId, nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("brought_at", UtcDateTime(), nullable=True),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_question_bank_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_bank")),
        sa.UniqueConstraint("code", name=op.f("uq_question_bank_code")),
    )
    with op.batch_alter_table("question_bank") as batch_op:
        batch_op.create_index(batch_op.f("ix_question_bank_made_by"), ["made_by"], unique=False)

    op.create_table(
        "bank_export",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bank_id", BigId, nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_by", BigId, nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_by", BigId, nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreed_by"],
            ["account.id"],
            name=op.f("fk_bank_export_agreed_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["account.id"],
            name=op.f("fk_bank_export_asked_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["question_bank.id"],
            name=op.f("fk_bank_export_bank_id_question_bank"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_export")),
    )
    with op.batch_alter_table("bank_export") as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_export_agreed_by"), ["agreed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_export_asked_by"), ["asked_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_export_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "bank_part",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bank_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "author",
                "reviewer",
                "assembler",
                "keeper",
                name="bankrole",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", BigId, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_bank_part_account_id_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["question_bank.id"],
            name=op.f("fk_bank_part_bank_id_question_bank"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["ended_by"],
            ["account.id"],
            name=op.f("fk_bank_part_ended_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_bank_part_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_part")),
    )
    with op.batch_alter_table("bank_part") as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_part_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_part_bank_id"), ["bank_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_part_ended_by"), ["ended_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_part_made_by"), ["made_by"], unique=False)
        batch_op.create_index(
            "uq_bank_part",
            ["bank_id", "account_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "question_look",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bank_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_question_look_account_id_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["question_bank.id"],
            name=op.f("fk_question_look_bank_id_question_bank"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_look")),
    )
    with op.batch_alter_table("question_look") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_look_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_question_look_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "syllabus_node",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bank_id", BigId, nullable=False),
        sa.Column("parent_id", BigId, nullable=True),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("weight", sa.String(length=40), nullable=True),
        sa.Column(
            "importance",
            sa.Enum("X", "Y", "Z", name="importance", native_enum=False, length=20),
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["question_bank.id"],
            name=op.f("fk_syllabus_node_bank_id_question_bank"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["syllabus_node.id"],
            name=op.f("fk_syllabus_node_parent_id_syllabus_node"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_syllabus_node")),
        sa.UniqueConstraint("bank_id", "code", name=op.f("uq_syllabus_node_bank_id_code")),
    )
    with op.batch_alter_table("syllabus_node") as batch_op:
        batch_op.create_index(batch_op.f("ix_syllabus_node_bank_id"), ["bank_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_syllabus_node_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bank_id", BigId, nullable=False),
        sa.Column("node_id", BigId, nullable=False),
        sa.Column("code", sa.String(length=100), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "single",
                "multiple",
                "true_false",
                "blank",
                "numeric",
                "essay",
                name="questionkind",
                native_enum=False,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("family", sa.String(length=100), nullable=True),
        sa.Column(
            "pool",
            sa.Enum("secret", "practice", name="pool", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "in_use", "withdrawn", name="questionstate", native_enum=False, length=20
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("extra", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["question_bank.id"],
            name=op.f("fk_question_bank_id_question_bank"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_question_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["node_id"],
            ["syllabus_node.id"],
            name=op.f("fk_question_node_id_syllabus_node"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("bank_id", "code", name=op.f("uq_question_bank_id_code")),
    )
    with op.batch_alter_table("question") as batch_op:
        batch_op.create_index(batch_op.f("ix_question_bank_id"), ["bank_id"], unique=False)
        batch_op.create_index("ix_question_bank_id_state", ["bank_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_made_by"), ["made_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_node_id"), ["node_id"], unique=False)

    op.create_table(
        "question_use",
        sa.Column("id", BigId, nullable=False),
        sa.Column("question_id", BigId, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("paper", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_use_question_id_question"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_use")),
    )
    with op.batch_alter_table("question_use") as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_use_question_id"), ["question_id"], unique=False
        )

    op.create_table(
        "question_version",
        sa.Column("id", BigId, nullable=False),
        sa.Column("question_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("answer", EncryptedText(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_question_version_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_version_question_id_question"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_version")),
        sa.UniqueConstraint(
            "question_id", "number", name=op.f("uq_question_version_question_id_number")
        ),
    )
    with op.batch_alter_table("question_version") as batch_op:
        batch_op.create_index(batch_op.f("ix_question_version_made_by"), ["made_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_question_version_question_id"), ["question_id"], unique=False
        )

    op.create_table(
        "question_review",
        sa.Column("id", BigId, nullable=False),
        sa.Column("version_id", BigId, nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_question_review_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["question_version.id"],
            name=op.f("fk_question_review_version_id_question_version"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_review")),
        sa.UniqueConstraint(
            "version_id", "made_by", name=op.f("uq_question_review_version_id_made_by")
        ),
    )
    with op.batch_alter_table("question_review") as batch_op:
        batch_op.create_index(batch_op.f("ix_question_review_made_by"), ["made_by"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_question_review_version_id"), ["version_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("question_review") as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_review_version_id"))
        batch_op.drop_index(batch_op.f("ix_question_review_made_by"))

    op.drop_table("question_review")
    with op.batch_alter_table("question_version") as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_version_question_id"))
        batch_op.drop_index(batch_op.f("ix_question_version_made_by"))

    op.drop_table("question_version")
    with op.batch_alter_table("question_use") as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_use_question_id"))

    op.drop_table("question_use")
    with op.batch_alter_table("question") as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_node_id"))
        batch_op.drop_index(batch_op.f("ix_question_made_by"))
        batch_op.drop_index("ix_question_bank_id_state")
        batch_op.drop_index(batch_op.f("ix_question_bank_id"))

    op.drop_table("question")
    with op.batch_alter_table("syllabus_node") as batch_op:
        batch_op.drop_index(batch_op.f("ix_syllabus_node_parent_id"))
        batch_op.drop_index(batch_op.f("ix_syllabus_node_bank_id"))

    op.drop_table("syllabus_node")
    with op.batch_alter_table("question_look") as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_look_bank_id"))
        batch_op.drop_index(batch_op.f("ix_question_look_account_id"))

    op.drop_table("question_look")
    with op.batch_alter_table("bank_part") as batch_op:
        batch_op.drop_index(
            "uq_bank_part",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_bank_part_made_by"))
        batch_op.drop_index(batch_op.f("ix_bank_part_ended_by"))
        batch_op.drop_index(batch_op.f("ix_bank_part_bank_id"))
        batch_op.drop_index(batch_op.f("ix_bank_part_account_id"))

    op.drop_table("bank_part")
    with op.batch_alter_table("bank_export") as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_export_bank_id"))
        batch_op.drop_index(batch_op.f("ix_bank_export_asked_by"))
        batch_op.drop_index(batch_op.f("ix_bank_export_agreed_by"))

    op.drop_table("bank_export")
    with op.batch_alter_table("question_bank") as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_bank_made_by"))

    op.drop_table("question_bank")
