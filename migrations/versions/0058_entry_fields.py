"""What registration asks besides: department, education, mentor, coach and leader."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0056"
branch_labels = None
depends_on = None

_LENGTHS = {"department": 100, "education": 20, "mentor": 100, "coach": 100, "leader": 100}


def upgrade() -> None:
    for table in ("entrant", "member"):
        for name, length in _LENGTHS.items():
            op.add_column(table, sa.Column(name, sa.String(length=length), nullable=True))


def downgrade() -> None:
    for table in ("entrant", "member"):
        with op.batch_alter_table(table) as batch_op:
            for name in reversed(_LENGTHS):
                batch_op.drop_column(name)
