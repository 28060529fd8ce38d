"""The server's own shares of a draw, who agreed to its end, photos of draws on paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None

_NUMBERED = {"sqlite_autoincrement": True}
"""An address of one that was discarded must not lead to another."""


def upgrade() -> None:
    with op.batch_alter_table("draw_share", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("paper_draw", schema=None) as batch_op:
        batch_op.add_column(sa.Column("photo", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("draw_ceremony", table_kwargs=_NUMBERED) as batch_op:
        batch_op.add_column(sa.Column("agreed_by", BigId, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_draw_ceremony_agreed_by_account"),
            "account",
            ["agreed_by"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch_op.create_index(batch_op.f("ix_draw_ceremony_agreed_by"), ["agreed_by"])


def downgrade() -> None:
    with op.batch_alter_table("draw_ceremony", table_kwargs=_NUMBERED) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draw_ceremony_agreed_by"))
        batch_op.drop_constraint(
            batch_op.f("fk_draw_ceremony_agreed_by_account"), type_="foreignkey"
        )
        batch_op.drop_column("agreed_by")
    with op.batch_alter_table("paper_draw", schema=None) as batch_op:
        batch_op.drop_column("photo")
    with op.batch_alter_table("draw_share", schema=None) as batch_op:
        batch_op.drop_column("kept")
