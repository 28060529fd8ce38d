"""Awards that are given by hand, with a certificate of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_REFERENCES = {
    "competition_id": "competition",
    "event_id": "event",
    "unit_id": "unit",
    "judge_id": "judge",
    "entrant_id": "entrant",
    "member_id": "member",
    "proposed_by": "account",
    "agreed_by": "account",
    "asked_by": "account",
    "ended_by": "account",
}
_NEEDED = {"competition_id", "proposed_by"}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "distinction",
        sa.Column("id", _id(), nullable=False),
        *(sa.Column(name, _id(), nullable=name not in _NEEDED) for name in _REFERENCES),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.Column("holder", sa.String(length=160), nullable=False),
        sa.Column("full_name", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("asked_why", sa.String(length=500), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=500), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [name],
                [f"{table}.id"],
                name=op.f(f"fk_distinction_{name}_{table}"),
                ondelete="RESTRICT",
            )
            for name, table in _REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinction")),
    )
    for name in _REFERENCES:
        op.create_index(op.f(f"ix_distinction_{name}"), "distinction", [name])
    stands = sa.text("state IN ('proposed', 'granted', 'recalling')")
    op.create_index(
        "uq_distinction_stands",
        "distinction",
        ["competition_id", "title", "holder"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    with op.batch_alter_table("certificate") as batch:
        batch.add_column(sa.Column("distinction_id", _id(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_certificate_distinction_id_distinction"),
            "distinction",
            ["distinction_id"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch.create_index(op.f("ix_certificate_distinction_id"), ["distinction_id"])
    valid = sa.text("state = 'valid'")
    op.create_index(
        "uq_certificate_valid_distinction",
        "certificate",
        ["distinction_id"],
        unique=True,
        sqlite_where=valid,
        postgresql_where=valid,
    )


def downgrade() -> None:
    op.drop_index("uq_certificate_valid_distinction", "certificate")
    with op.batch_alter_table("certificate") as batch:
        batch.drop_constraint(op.f("fk_certificate_distinction_id_distinction"), "foreignkey")
        batch.drop_index(op.f("ix_certificate_distinction_id"))
        batch.drop_column("distinction_id")
    op.drop_table("distinction")
