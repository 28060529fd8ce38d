"""People and organisations of the installation; those of competitions point to them.

Who is connected to whom is filled in after the migrations, through a unit of
work that seals it (`compete db upgrade`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from compete.models.types import EncryptedText, UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ALONE = sa.text("merged_into_id IS NULL")
STANDS = sa.text("ended_at IS NULL")
POINTING = {
    "unit": ("organisation_id", "organisation"),
    "entrant": ("person_id", "person"),
    "member": ("person_id", "person"),
    "judge": ("person_id", "person"),
}


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _create(name: str, references: dict[str, str], *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", _id(), nullable=False),
        *columns,
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_{name}_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for column in references:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def upgrade() -> None:
    _create(
        "organisation",
        {"parent_id": "organisation", "merged_into_id": "organisation", "merged_by": "account"},
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("parent_id", _id(), nullable=True),
        sa.Column("merged_into_id", _id(), nullable=True),
        sa.Column("merged_by", _id(), nullable=True),
        sa.Column("merged_at", UtcDateTime(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_organisation_name_key", "organisation", ["name_key"])
    op.create_index(
        "uq_organisation_credit_code",
        "organisation",
        ["credit_code"],
        unique=True,
        sqlite_where=ALONE,
        postgresql_where=ALONE,
    )
    _create(
        "person",
        {"merged_into_id": "person", "merged_by": "account"},
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=400), nullable=False),
        sa.Column("id_type", sa.String(length=20), nullable=False),
        sa.Column("id_number", EncryptedText(), nullable=True),
        sa.Column("id_hash", sa.String(length=64), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("birth", sa.Date(), nullable=True),
        sa.Column("unit_name", sa.String(length=200), nullable=True),
        sa.Column("unit_key", sa.String(length=400), nullable=True),
        sa.Column("merged_into_id", _id(), nullable=True),
        sa.Column("merged_by", _id(), nullable=True),
        sa.Column("merged_at", UtcDateTime(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_person_id_hash", "person", ["id_hash"])
    op.create_index("ix_person_name_key", "person", ["name_key"])
    _create(
        "persons_apart",
        {"first_id": "person", "second_id": "person", "made_by": "account", "ended_by": "account"},
        sa.Column("first_id", _id(), nullable=False),
        sa.Column("second_id", _id(), nullable=False),
        sa.Column("made_by", _id(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_by", _id(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
    )
    op.create_index(
        "uq_persons_apart_standing",
        "persons_apart",
        ["first_id", "second_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    for table, (column, target) in POINTING.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column(column, _id(), nullable=True))
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column])
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_{column}_{target}"),
                target,
                [column],
                ["id"],
                ondelete="RESTRICT",
            )


def downgrade() -> None:
    for table, (column, target) in POINTING.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(
                batch_op.f(f"fk_{table}_{column}_{target}"), type_="foreignkey"
            )
            batch_op.drop_index(batch_op.f(f"ix_{table}_{column}"))
            batch_op.drop_column(column)
    for table in ("persons_apart", "person", "organisation"):
        op.drop_table(table)
