"""Who was passed into an evaluation.

The upgrade's step (`admit_those_under_way`) then passes who sits or is judged there already.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None

_REFERENCES = {"entrant_id": "entrant", "made_by": "account", "ended_by": "account"}
_STANDS = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "admission",
        sa.Column("id", BigId, nullable=False),
        sa.Column("entrant_id", BigId, nullable=False),
        sa.Column("basis", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_by", BigId, nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", BigId, nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_admission_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admission")),
    )
    for column in _REFERENCES:
        op.create_index(op.f(f"ix_admission_{column}"), "admission", [column])
    op.create_index(
        "uq_admission_standing",
        "admission",
        ["entrant_id"],
        unique=True,
        sqlite_where=_STANDS,
        postgresql_where=_STANDS,
    )


def downgrade() -> None:
    op.drop_table("admission")
