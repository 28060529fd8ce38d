"""What people are looked up by in long lists, and the indexes of these."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

INDEXES = {
    "entrant": {
        "ix_entrant_by_name": ["competition_id", "name_key", "code"],
        "ix_entrant_by_unit": ["competition_id", "unit_id", "code"],
        "ix_entrant_by_event": ["event_id", "code"],
        "ix_entrant_spoken": ["competition_id", "spoken"],
        "ix_entrant_initials": ["competition_id", "initials"],
        "ix_entrant_id_tail": ["competition_id", "id_tail"],
    },
    "member": {
        "ix_member_spoken": ["competition_id", "spoken"],
        "ix_member_initials": ["competition_id", "initials"],
        "ix_member_id_tail": ["competition_id", "id_tail"],
    },
}
COLUMNS = {"spoken": 400, "initials": 100, "id_tail": 16}


def upgrade() -> None:
    for table, indexes in INDEXES.items():
        # Filled by `compete db upgrade`, which has the key to the numbers.
        for column, length in COLUMNS.items():
            op.add_column(table, sa.Column(column, sa.String(length=length), nullable=True))
        for name, columns in indexes.items():
            op.create_index(name, table, columns)


def downgrade() -> None:
    for table, indexes in INDEXES.items():
        for name in indexes:
            op.drop_index(name, table)
        with op.batch_alter_table(table) as batch_op:
            for column in COLUMNS:
                batch_op.drop_column(column)
