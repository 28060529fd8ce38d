"""Keys of tablets, who had whose card in hand, and files that were read as paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedText, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _ref(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete="RESTRICT"
    )


def upgrade() -> None:
    op.create_table(
        "tablet_key",
        sa.Column("id", BigId, nullable=False),
        sa.Column("judge_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("key", EncryptedText(), nullable=False),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        _ref("tablet_key", "judge_id", "judge"),
        _ref("tablet_key", "account_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablet_key")),
        sa.UniqueConstraint("name", name=op.f("uq_tablet_key_name")),
    )
    op.create_table(
        "card_handling",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("by_id", BigId, nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _ref("card_handling", "account_id", "account"),
        _ref("card_handling", "by_id", "account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_handling")),
    )
    for table, column in (
        ("tablet_key", "judge_id"),
        ("tablet_key", "account_id"),
        ("card_handling", "account_id"),
        ("card_handling", "by_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    with op.batch_alter_table("paper_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("package", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("paper_entry", schema=None) as batch_op:
        batch_op.drop_column("package")
    op.drop_table("card_handling")
    op.drop_table("tablet_key")
