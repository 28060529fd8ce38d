"""A share may be a long text: only its seal is known when it is handed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _retype(sa.String(200), sa.Text())


def downgrade() -> None:
    _retype(sa.Text(), sa.String(200))


def _retype(before: sa.types.TypeEngine[str], after: sa.types.TypeEngine[str]) -> None:
    with op.batch_alter_table("draw_share") as batch:
        batch.alter_column("share", existing_type=before, type_=after, existing_nullable=True)
