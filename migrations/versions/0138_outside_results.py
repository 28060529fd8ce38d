"""Results from outside are corrected and withdrawn by two; nodes are reminded to report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0138"
down_revision = "0137"
branch_labels = None
depends_on = None

_LINKS = {"replaces_id": "outside_result", "drop_asked_by": "account", "dropped_by": "account"}


def upgrade() -> None:
    with op.batch_alter_table("outside_result") as table:
        for column in _LINKS:
            table.add_column(sa.Column(column, BigId, nullable=True))
        table.add_column(sa.Column("drop_asked_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("drop_why", sa.String(length=500), nullable=True))
        for column, target in _LINKS.items():
            table.create_foreign_key(
                op.f(f"fk_outside_result_{column}_{target}"),
                target,
                [column],
                ["id"],
                ondelete="RESTRICT",
            )
            table.create_index(op.f(f"ix_outside_result_{column}"), [column])
    op.create_table(
        "series_reminder",
        sa.Column("id", BigId, nullable=False),
        sa.Column("node_id", BigId, nullable=False),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_series_reminder_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["node_id"],
            ["series_node.id"],
            name=op.f("fk_series_reminder_node_id_series_node"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_reminder")),
    )
    op.create_index(op.f("ix_series_reminder_made_by"), "series_reminder", ["made_by"])
    op.create_index(op.f("ix_series_reminder_node_id"), "series_reminder", ["node_id"])


def downgrade() -> None:
    op.drop_table("series_reminder")
    with op.batch_alter_table("outside_result") as table:
        for column, target in _LINKS.items():
            table.drop_index(op.f(f"ix_outside_result_{column}"))
            table.drop_constraint(op.f(f"fk_outside_result_{column}_{target}"), type_="foreignkey")
        for column in (*_LINKS, "drop_asked_at", "drop_why"):
            table.drop_column(column)
