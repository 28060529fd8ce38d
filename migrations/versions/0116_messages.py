"""Messages to people: where they go, what they say and of what; an account's mail address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedText, UtcDateTime

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "message_address",
        sa.Column("id", BigId, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", EncryptedText(), nullable=True),
        sa.Column("address_hash", sa.String(64), nullable=True),
        sa.Column("competition_id", BigId, nullable=True),
        sa.Column("name", sa.String(80), nullable=True),
        sa.Column("off_token", sa.String(20), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("off_at", UtcDateTime(), nullable=True),
        sa.Column("dead_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_message_address_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_address")),
        sa.UniqueConstraint(
            "channel", "address_hash", name=op.f("uq_message_address_channel_address_hash")
        ),
        sa.UniqueConstraint("off_token", name=op.f("uq_message_address_off_token")),
    )
    op.create_index(
        op.f("ix_message_address_competition_id"), "message_address", ["competition_id"]
    )
    with op.batch_alter_table("delivery", schema=None) as batch:
        batch.add_column(sa.Column("address_id", BigId, nullable=True))
        batch.add_column(sa.Column("person", sa.String(40), nullable=True))
        batch.add_column(sa.Column("about", sa.String(80), nullable=True))
        batch.add_column(sa.Column("mark", sa.String(64), nullable=True))
        batch.add_column(sa.Column("once", sa.String(64), nullable=True))
        batch.add_column(sa.Column("words", EncryptedText(), nullable=True))
        batch.add_column(sa.Column("until", UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("why", sa.String(20), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_delivery_address_id_message_address"),
            "message_address",
            ["address_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch.create_unique_constraint(batch.f("uq_delivery_once"), ["once"])
        batch.create_index(batch.f("ix_delivery_address_id"), ["address_id"])
        batch.create_index("ix_delivery_person", ["person"])
    op.add_column("account", sa.Column("mail", EncryptedText(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("account") as batch:
        batch.drop_column("mail")
    with op.batch_alter_table("delivery") as batch:
        batch.drop_index("ix_delivery_person")
        batch.drop_index(batch.f("ix_delivery_address_id"))
        batch.drop_constraint(batch.f("uq_delivery_once"), type_="unique")
        batch.drop_constraint(batch.f("fk_delivery_address_id_message_address"), type_="foreignkey")
        for name in ("why", "until", "words", "once", "mark", "about", "person", "address_id"):
            batch.drop_column(name)
    op.drop_table("message_address")
