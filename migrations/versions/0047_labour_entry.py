"""Labour competitions entered by departments and units: who, whence, why, and signed off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import Points, UtcDateTime

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _reference(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    op.create_table(
        "labour_department",
        sa.Column("id", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("indicators", sa.JSON(), nullable=False),
        sa.Column("reason_over", Points(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        _reference("labour_department", "competition_id", "competition"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_department")),
        sa.UniqueConstraint(
            "competition_id", "name", name=op.f("uq_labour_department_competition_id_name")
        ),
    )
    op.create_index(
        op.f("ix_labour_department_competition_id"), "labour_department", ["competition_id"]
    )
    op.create_table(
        "labour_sign_off",
        sa.Column("id", _id(), nullable=False),
        sa.Column("department_id", _id(), nullable=False),
        sa.Column("period", sa.String(length=80), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_by", _id(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_by", _id(), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=500), nullable=True),
        _reference("labour_sign_off", "department_id", "labour_department"),
        _reference("labour_sign_off", "signed_by", "account"),
        _reference("labour_sign_off", "withdrawn_by", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labour_sign_off")),
    )
    for column in ("department_id", "signed_by", "withdrawn_by"):
        op.create_index(op.f(f"ix_labour_sign_off_{column}"), "labour_sign_off", [column])
    with op.batch_alter_table("membership") as batch:
        batch.add_column(sa.Column("department_id", _id(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_membership_department_id_labour_department"),
            "labour_department",
            ["department_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch.create_index(op.f("ix_membership_department_id"), ["department_id"])
    with op.batch_alter_table("labour_value") as batch:
        batch.alter_column("value", existing_type=Points(), nullable=True)
        batch.add_column(sa.Column("uuid", sa.String(length=36), nullable=True))
        batch.add_column(sa.Column("source", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("text", sa.String(length=80), nullable=True))
        batch.add_column(sa.Column("reason", sa.String(length=500), nullable=True))
        batch.add_column(sa.Column("made_by", _id(), nullable=True))
        batch.add_column(sa.Column("said_at", UtcDateTime(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_labour_value_made_by_account"),
            "account",
            ["made_by"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch.create_index(op.f("ix_labour_value_made_by"), ["made_by"])
        batch.create_unique_constraint(op.f("uq_labour_value_uuid"), ["uuid"])


def downgrade() -> None:
    op.execute("DELETE FROM labour_value WHERE value IS NULL OR source = 'self'")
    with op.batch_alter_table("labour_value") as batch:
        batch.drop_constraint(op.f("uq_labour_value_uuid"), type_="unique")
        batch.drop_constraint(op.f("fk_labour_value_made_by_account"), type_="foreignkey")
        batch.drop_index(op.f("ix_labour_value_made_by"))
        for column in ("said_at", "made_by", "reason", "text", "source", "uuid"):
            batch.drop_column(column)
        batch.alter_column("value", existing_type=Points(), nullable=False)
    with op.batch_alter_table("membership") as batch:
        batch.drop_constraint(
            op.f("fk_membership_department_id_labour_department"), type_="foreignkey"
        )
        batch.drop_index(op.f("ix_membership_department_id"))
        batch.drop_column("department_id")
    op.drop_table("labour_sign_off")
    op.drop_table("labour_department")
