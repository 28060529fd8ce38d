"""Who made a signed draw on paper void, who agreed, when and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None

_PEOPLE = ("ended_by", "agreed_by")


def upgrade() -> None:
    with op.batch_alter_table("paper_draw") as batch:
        batch.add_column(sa.Column("ended_at", UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("ended_by", BigId, nullable=True))
        batch.add_column(sa.Column("ended_why", sa.String(length=500), nullable=True))
        batch.add_column(sa.Column("agreed_by", BigId, nullable=True))
        for name in _PEOPLE:
            batch.create_foreign_key(
                op.f(f"fk_paper_draw_{name}_account"),
                "account",
                [name],
                ["id"],
                ondelete="RESTRICT",
            )
            batch.create_index(op.f(f"ix_paper_draw_{name}"), [name])


def downgrade() -> None:
    with op.batch_alter_table("paper_draw") as batch:
        for name in _PEOPLE:
            batch.drop_index(op.f(f"ix_paper_draw_{name}"))
            batch.drop_constraint(op.f(f"fk_paper_draw_{name}_account"), type_="foreignkey")
        for name in ("agreed_by", "ended_why", "ended_by", "ended_at"):
            batch.drop_column(name)
