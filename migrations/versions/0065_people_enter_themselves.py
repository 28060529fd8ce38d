"""People who enter themselves: by a link of their own, without an account, perhaps of no unit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0065"
down_revision = "0062"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("application") as batch_op:
        batch_op.add_column(
            sa.Column("by_person", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("link_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by", _id(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", UtcDateTime(), nullable=True))
        batch_op.alter_column("unit_id", existing_type=_id(), nullable=True)
        batch_op.alter_column("made_by", existing_type=_id(), nullable=True)
        batch_op.create_unique_constraint(op.f("uq_application_link_hash"), ["link_hash"])
        batch_op.create_foreign_key(
            op.f("fk_application_confirmed_by_account"),
            "account",
            ["confirmed_by"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_index(op.f("ix_application_confirmed_by"), ["confirmed_by"])
    with op.batch_alter_table("portrait") as batch_op:
        batch_op.alter_column("made_by", existing_type=_id(), nullable=True)


def downgrade() -> None:
    gone = "SELECT id FROM application WHERE unit_id IS NULL OR made_by IS NULL"
    op.execute(f"DELETE FROM portrait WHERE made_by IS NULL OR application_id IN ({gone})")
    op.execute("DELETE FROM application WHERE unit_id IS NULL OR made_by IS NULL")
    with op.batch_alter_table("portrait") as batch_op:
        batch_op.alter_column("made_by", existing_type=_id(), nullable=False)
    with op.batch_alter_table("application") as batch_op:
        batch_op.drop_index(op.f("ix_application_confirmed_by"))
        batch_op.drop_constraint(op.f("fk_application_confirmed_by_account"), type_="foreignkey")
        batch_op.drop_constraint(op.f("uq_application_link_hash"), type_="unique")
        batch_op.alter_column("made_by", existing_type=_id(), nullable=False)
        batch_op.alter_column("unit_id", existing_type=_id(), nullable=False)
        for name in ("confirmed_at", "confirmed_by", "link_hash", "by_person"):
            batch_op.drop_column(name)
