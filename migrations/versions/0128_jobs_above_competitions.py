"""Jobs that belong to no competition but to the installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId

revision = "0128"
down_revision = "0127"
branch_labels = None
depends_on = None

_OPEN_ABOVE = sa.text("state IN ('waiting', 'running') AND competition_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("job") as table:
        table.alter_column("competition_id", existing_type=BigId, nullable=True)
    op.create_index(
        "uq_job_open_above",
        "job",
        ["kind", "what"],
        unique=True,
        sqlite_where=_OPEN_ABOVE,
        postgresql_where=_OPEN_ABOVE,
    )


def downgrade() -> None:
    op.drop_index("uq_job_open_above", "job")
    above = "competition_id IS NULL"
    op.execute(f"DELETE FROM printed_piece WHERE job_id IN (SELECT id FROM job WHERE {above})")
    op.execute(f"DELETE FROM job WHERE {above}")
    with op.batch_alter_table("job") as table:
        table.alter_column("competition_id", existing_type=BigId, nullable=False)
