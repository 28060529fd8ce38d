"""A certificate of a crew is replaced by one for each of its members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

_ALONE = sa.text("member_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("certificate") as batch:
        batch.drop_constraint(batch.f("uq_certificate_replaces_id"), type_="unique")
        batch.create_unique_constraint(
            batch.f("uq_certificate_replaces_id_member_id"), ["replaces_id", "member_id"]
        )
    op.create_index(
        "uq_certificate_replaces_alone",
        "certificate",
        ["replaces_id"],
        unique=True,
        sqlite_where=_ALONE,
        postgresql_where=_ALONE,
    )


def downgrade() -> None:
    op.drop_index("uq_certificate_replaces_alone", "certificate")
    with op.batch_alter_table("certificate") as batch:
        batch.drop_constraint(batch.f("uq_certificate_replaces_id_member_id"), type_="unique")
        batch.create_unique_constraint(batch.f("uq_certificate_replaces_id"), ["replaces_id"])
