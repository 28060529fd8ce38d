"""What a grade evaluation looks at of an entrant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("entrant") as batch:
        batch.add_column(sa.Column("grade_since", sa.Date(), nullable=True))
        for name in ("trade", "papers", "carried", "resit"):
            batch.add_column(sa.Column(name, sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("entrant") as batch:
        for name in ("resit", "carried", "papers", "trade", "grade_since"):
            batch.drop_column(name)
