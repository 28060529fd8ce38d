"""An issuing body's codes, borne by no other: of two with the same, the first keeps them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_BODY = sa.table(
    "issuing_body",
    sa.column("id", sa.BigInteger()),
    sa.column("kind", sa.String()),
    sa.column("body_code", sa.String()),
    sa.column("province", sa.String()),
    sa.column("site", sa.String()),
    sa.column("codes", sa.String()),
)


def upgrade() -> None:
    with op.batch_alter_table("issuing_body", schema=None) as batch_op:
        batch_op.add_column(sa.Column("codes", sa.String(length=13), nullable=True))
    connection = op.get_bind()
    seen = set()
    for row in connection.execute(sa.select(_BODY).order_by(_BODY.c.id)).all():
        codes = f"{row.kind}{row.body_code}{row.province}{row.site}"
        if codes not in seen:
            seen.add(codes)
            connection.execute(sa.update(_BODY).where(_BODY.c.id == row.id).values(codes=codes))
    with op.batch_alter_table("issuing_body", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_issuing_body_codes"), ["codes"])


def downgrade() -> None:
    with op.batch_alter_table("issuing_body", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_issuing_body_codes"), type_="unique")
        batch_op.drop_column("codes")
