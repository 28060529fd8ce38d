"""Each record says how its hash was made; those of the first days are found out by trying."""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# As it was when this was written; it must never follow the models.
ENTRY = sa.table(
    "audit_entry",
    sa.column("id", BigId),
    sa.column("competition_id", sa.BigInteger()),
    sa.column("seq", sa.Integer()),
    sa.column("at", UtcDateTime()),
    sa.column("actor_id", sa.BigInteger()),
    sa.column("actor", sa.String()),
    sa.column("action", sa.String()),
    sa.column("subject", sa.String()),
    sa.column("before", sa.JSON()),
    sa.column("after", sa.JSON()),
    sa.column("reason", sa.String()),
    sa.column("prev_hash", sa.String()),
    sa.column("hash", sa.String()),
    sa.column("form", sa.SmallInteger()),
)
NAMES = (
    *("seq", "actor_id", "actor", "action", "subject", "before", "after", "reason"),
    *("competition_id", "at", "prev_hash"),
)
KEYS = {"competition_id": "competition", "prev_hash": "prev"}


def upgrade() -> None:
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("form", sa.SmallInteger(), server_default=sa.text("2"), nullable=False)
        )
    connection = op.get_bind()
    columns = [ENTRY.c[name] for name in ("id", "hash", *NAMES)]
    plain = []
    query = sa.select(*columns).order_by(ENTRY.c.competition_id, ENTRY.c.seq)
    try:
        for row in connection.execute(query).mappings():
            content = {KEYS.get(name, name): row[name] for name in NAMES}
            content["at"] = row["at"].isoformat(timespec="microseconds")
            text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            if hashlib.sha256(text.encode()).hexdigest() == row["hash"]:
                plain.append(row["id"])
    except (ValueError, TypeError):
        # A record that somebody spoilt cannot be read: `compete verify` names it.
        plain = plain[:]
    for start in range(0, len(plain), 500):
        chunk = plain[start : start + 500]
        connection.execute(sa.update(ENTRY).where(ENTRY.c.id.in_(chunk)).values(form=1))


def downgrade() -> None:
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_column("form")
