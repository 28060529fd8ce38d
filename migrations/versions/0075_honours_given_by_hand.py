"""Honours given by hand that another body approves: an approval of no event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0065"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("honour_approval") as table:
        table.alter_column("event_id", existing_type=_NUMBER, nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM honour_approval WHERE event_id IS NULL")
    with op.batch_alter_table("honour_approval") as table:
        table.alter_column("event_id", existing_type=_NUMBER, nullable=False)
