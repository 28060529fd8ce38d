"""Which certificate took another's place is found by an index of those alone that did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0080"
branch_labels = None
depends_on = None

_REPLACES = sa.text("replaces_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_certificate_replaces",
        "certificate",
        ["replaces_id"],
        sqlite_where=_REPLACES,
        postgresql_where=_REPLACES,
    )


def downgrade() -> None:
    op.drop_index("ix_certificate_replaces", "certificate")
