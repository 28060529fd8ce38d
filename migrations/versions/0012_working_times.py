"""Who takes the time at a station, and times that were ruled; readings stand in the acts alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Each stopped or corrected watch left a copy of its act, and the last copy to come in counted.
_COPIES = """
SELECT time_entry.id FROM time_entry
JOIN sheet ON sheet.entrant_id = time_entry.entrant_id
    AND sheet.stage = time_entry.stage AND sheet.module = time_entry.module
JOIN act ON act.sheet_id = sheet.id AND act.value = time_entry.seconds
    AND act.held_at = time_entry.made_at AND act.kind IN ('watch_stop', 'watch_correct')
"""
_MAKE_COPIES = """
INSERT INTO time_entry (entrant_id, stage, module, seconds, made_at)
SELECT sheet.entrant_id, sheet.stage, sheet.module, act.value, act.held_at
FROM act JOIN sheet ON sheet.id = act.sheet_id
WHERE act.kind IN ('watch_stop', 'watch_correct') AND act.value IS NOT NULL
ORDER BY act.id
"""


def upgrade() -> None:
    op.execute(f"DELETE FROM time_entry WHERE id IN ({_COPIES})")
    with op.batch_alter_table("time_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("timekeeper", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_column("timekeeper")
    op.execute("DELETE FROM time_entry WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("time_entry", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at")
    op.execute(_MAKE_COPIES)
