"""A veto of a labour competition that two lifted again stays on record, with why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_LIFTED = "fk_labour_veto_lifted_with_period_correction"


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("labour_veto") as batch:
        batch.add_column(sa.Column("lifted_at", UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("lifted_why", sa.String(length=500), nullable=True))
        batch.add_column(sa.Column("lifted_with", _id(), nullable=True))
        batch.create_foreign_key(
            op.f(_LIFTED), "period_correction", ["lifted_with"], ["id"], ondelete="RESTRICT"
        )
    op.create_index(op.f("ix_labour_veto_lifted_with"), "labour_veto", ["lifted_with"])


def downgrade() -> None:
    op.drop_index(op.f("ix_labour_veto_lifted_with"), table_name="labour_veto")
    with op.batch_alter_table("labour_veto") as batch:
        batch.drop_constraint(op.f(_LIFTED), type_="foreignkey")
        batch.drop_column("lifted_with")
        batch.drop_column("lifted_why")
        batch.drop_column("lifted_at")
