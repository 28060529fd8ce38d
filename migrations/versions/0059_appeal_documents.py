"""Evidence of an appeal may be a PDF: of which media type it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appeal_evidence", sa.Column("media", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("appeal_evidence") as batch_op:
        batch_op.drop_column("media")
