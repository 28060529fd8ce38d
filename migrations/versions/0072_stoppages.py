"""Equipment that stopped under somebody, and the time that they got back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0072"
down_revision = "0075"
branch_labels = None
depends_on = None

_OPEN = sa.text("settled_at IS NULL AND ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "stoppage",
        sa.Column("id", BigId, nullable=False),
        sa.Column("competition_id", BigId, nullable=False),
        sa.Column("entrant_id", BigId, nullable=False),
        sa.Column("stage", sa.String(length=80), nullable=False),
        sa.Column("module", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("stopped_at", UtcDateTime(), nullable=False),
        sa.Column("noted_by", BigId, nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("last", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("place", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("settled_by", BigId, nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by", BigId, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_stoppage_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_stoppage_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                ["account.id"],
                name=op.f(f"fk_stoppage_{column}_account"),
                ondelete="RESTRICT",
            )
            for column in ("noted_by", "settled_by", "ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stoppage")),
    )
    with op.batch_alter_table("stoppage") as batch:
        for column in ("competition_id", "entrant_id", "noted_by", "settled_by", "ended_by"):
            batch.create_index(batch.f(f"ix_stoppage_{column}"), [column])
        batch.create_index(
            "uq_stoppage_open",
            ["entrant_id", "stage", "module"],
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )


def downgrade() -> None:
    op.drop_table("stoppage")
