"""What people are looked up by: pinyin, first letters, the last four of the number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0076"
branch_labels = None
depends_on = None

COLUMNS = {"spoken": 400, "initials": 100, "id_tail": 16}
INDEXES = {
    "ix_person_spoken": ["spoken"],
    "ix_person_initials": ["initials"],
    "ix_person_alike": ["id_tail", "spoken", "unit_key"],
}


def upgrade() -> None:
    # Filled by `compete db upgrade`, which has the key to the numbers.
    for column, length in COLUMNS.items():
        op.add_column("person", sa.Column(column, sa.String(length=length), nullable=True))
    for name, columns in INDEXES.items():
        op.create_index(name, "person", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "person")
    with op.batch_alter_table("person") as table:
        for column in COLUMNS:
            table.drop_column(column)
