"""Members of crews, with grades and certificates of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ALONE = sa.text("member_id IS NULL")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("entrant_id", _id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=True),
        sa.Column("id_type", sa.String(length=20), nullable=False),
        sa.Column("id_number", EncryptedText(), nullable=True),
        sa.Column("id_hash", sa.String(length=64), nullable=True),
        sa.Column("group_name", sa.String(length=20), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("promoted", sa.Integer(), nullable=True),
        sa.Column("phone", EncryptedText(), nullable=True),
        sa.Column("gender", sa.String(length=10), nullable=True),
        sa.Column("birth", sa.Date(), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_member_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_member_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("competition_id", "code", name=op.f("uq_member_competition_id_code")),
        sa.UniqueConstraint("entrant_id", "position", name=op.f("uq_member_entrant_id_position")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_member_competition_id"), ["competition_id"])
        batch_op.create_index(batch_op.f("ix_member_entrant_id"), ["entrant_id"])
        batch_op.create_index("ix_member_id_hash", ["id_hash"])
    for table in ("certificate", "consequence", "grade_decision"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("member_id", _id(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_{table}_member_id"), ["member_id"])
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_member_id_member"),
                "member",
                ["member_id"],
                ["id"],
                ondelete="RESTRICT",
            )
    with op.batch_alter_table("grade_decision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_grade_decision_entrant_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_grade_decision_member_id"), ["member_id"])
        batch_op.create_index(
            "uq_grade_decision_alone",
            ["entrant_id"],
            unique=True,
            sqlite_where=ALONE,
            postgresql_where=ALONE,
        )


def downgrade() -> None:
    with op.batch_alter_table("grade_decision", schema=None) as batch_op:
        batch_op.drop_index("uq_grade_decision_alone")
        batch_op.drop_constraint(batch_op.f("uq_grade_decision_member_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_grade_decision_entrant_id"), ["entrant_id"]
        )
    for table in ("certificate", "consequence", "grade_decision"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_member_id_member"), type_="foreignkey")
            batch_op.drop_index(batch_op.f(f"ix_{table}_member_id"))
            batch_op.drop_column("member_id")
    op.drop_table("member")
