"""What was decided of a consequence before it was decided anew stays on its row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("consequence") as batch:
        batch.add_column(sa.Column("earlier", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("consequence") as batch:
        batch.drop_column("earlier")
