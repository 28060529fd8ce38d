"""Sums for figures: certificates by day, verdicts of a version by unit; stages of the loop."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId

revision = "0139"
down_revision = "0138"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate_sum",
        sa.Column("id", BigId, nullable=False),
        sa.Column("competition_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_certificate_sum_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_sum")),
        sa.UniqueConstraint(
            "competition_id", "kind", "day", name=op.f("uq_certificate_sum_competition_id_kind_day")
        ),
    )
    op.add_column("publication", sa.Column("sums", sa.JSON(), nullable=True))
    op.add_column("organisation", sa.Column("stages", sa.JSON(), nullable=True))
    op.execute(
        """
        INSERT INTO certificate_sum (competition_id, kind, day, n)
        SELECT competition_id, ground, issued_on, count(*)
        FROM (
            SELECT competition_id, issued_on,
                CASE WHEN kind = 'grade' AND claim_id IS NOT NULL THEN 'claim' ELSE kind END
                AS ground
            FROM certificate WHERE state = 'valid'
        ) AS valid
        GROUP BY competition_id, ground, issued_on
        ORDER BY competition_id, ground, issued_on
        """
    )


def downgrade() -> None:
    op.drop_column("organisation", "stages")
    op.drop_column("publication", "sums")
    op.drop_table("certificate_sum")
