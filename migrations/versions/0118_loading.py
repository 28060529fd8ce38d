"""A competition of which not every part is loaded yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0118"
down_revision = "0117"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("competition", sa.Column("loading", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("competition", "loading")
