"""Which version of the file format a competition goes by; how equals of a stage were parted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None

_STATES = sa.Enum(
    "proposed", "confirmed", "withdrawn", name="decisionstate", native_enum=False, length=20
)


def _account(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [name], ["account.id"], name=op.f(f"fk_playoff_{name}_account"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    with op.batch_alter_table("competition") as batch:
        batch.add_column(
            sa.Column("format", sa.String(30), server_default="compete-bundle/1", nullable=False)
        )
    op.create_table(
        "playoff",
        sa.Column("id", BigId, nullable=False),
        sa.Column("competition_id", BigId, nullable=False),
        sa.Column("event_id", BigId, nullable=False),
        sa.Column("stage", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("order", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("at", sa.String(40), nullable=True),
        sa.Column("extra", sa.JSON(), nullable=True),
        sa.Column("state", _STATES, nullable=False),
        sa.Column("proposed_by", BigId, nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_by", BigId, nullable=True),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", BigId, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_why", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_playoff_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_playoff_event_id_event"), ondelete="RESTRICT"
        ),
        _account("proposed_by"),
        _account("confirmed_by"),
        _account("ended_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_playoff")),
    )
    with op.batch_alter_table("playoff") as batch:
        for column in ("competition_id", "event_id", "proposed_by", "confirmed_by", "ended_by"):
            batch.create_index(op.f(f"ix_playoff_{column}"), [column])


def downgrade() -> None:
    op.drop_table("playoff")
    with op.batch_alter_table("competition") as batch:
        batch.drop_column("format")
