"""Large registration workbooks: looked through by a job, their rows kept for the preview."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

COUNTS = ("written", "place")


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "import_batch",
        sa.Column("large", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("import_batch", sa.Column("summary", sa.JSON(none_as_null=True), nullable=True))
    for column in COUNTS:
        op.add_column(
            "import_batch", sa.Column(column, sa.Integer(), server_default="0", nullable=False)
        )
    op.create_table(
        "import_row",
        sa.Column("id", _id(), nullable=False),
        sa.Column("batch_id", _id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=80), nullable=True),
        sa.Column("id_key", sa.String(length=64), nullable=True),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("content", EncryptedText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batch.id"],
            name=op.f("fk_import_row_batch_id_import_batch"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
    )
    op.create_index("ix_entrant_by_person", "entrant", ["competition_id", "person_id"])
    op.create_index("ix_import_row_shown", "import_row", ["batch_id", "rank", "number"])
    op.create_index("ix_import_row_place", "import_row", ["batch_id", "place"])


def downgrade() -> None:
    op.drop_index("ix_entrant_by_person", "entrant")
    op.drop_table("import_row")
    with op.batch_alter_table("import_batch") as batch_op:
        for column in ("large", "summary", *COUNTS):
            batch_op.drop_column(column)
