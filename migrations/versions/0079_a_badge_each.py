"""Each of a crew has a badge of their own, and is seen at check-in by themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedText

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The links are made by `compete db upgrade`, which has the key to seal them.
    with op.batch_alter_table("member") as batch:
        batch.add_column(sa.Column("badge_hash", sa.String(length=64), nullable=True))
        batch.add_column(sa.Column("badge_token", EncryptedText(), nullable=True))
        batch.create_unique_constraint(op.f("uq_member_badge_hash"), ["badge_hash"])
    op.add_column(
        "entrant",
        sa.Column("badge_shared", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute("UPDATE entrant SET badge_shared = true WHERE id IN (SELECT entrant_id FROM member)")
    with op.batch_alter_table("replaced_badge") as batch:
        batch.add_column(sa.Column("member_id", BigId, nullable=True))
        batch.create_foreign_key(
            op.f("fk_replaced_badge_member_id_member"),
            "member",
            ["member_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch.create_index(op.f("ix_replaced_badge_member_id"), ["member_id"])
    for column in ("seen", "without"):
        op.add_column("check_in", sa.Column(column, sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("check_in") as batch:
        batch.drop_column("without")
        batch.drop_column("seen")
    with op.batch_alter_table("replaced_badge") as batch:
        batch.drop_index(op.f("ix_replaced_badge_member_id"))
        batch.drop_constraint(op.f("fk_replaced_badge_member_id_member"), type_="foreignkey")
        batch.drop_column("member_id")
    with op.batch_alter_table("entrant") as batch:
        batch.drop_column("badge_shared")
    with op.batch_alter_table("member") as batch:
        batch.drop_constraint(op.f("uq_member_badge_hash"), type_="unique")
        batch.drop_column("badge_token")
        batch.drop_column("badge_hash")
