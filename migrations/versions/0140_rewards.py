"""Reward schemes: pay rules, months' lists, point rules, attendance, points, consents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedText, Points, UtcDateTime

revision = "0140"
down_revision = "0139"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _table(
        "reward_scheme",
        [
            ("organisation_id", "organisation", False),
            ("keeper_id", "account", False),
            ("made_by", "account", True),
        ],
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("reckoned_at", UtcDateTime(), nullable=True),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_reward_scheme_organisation_id")),
    )
    _table(
        "pay_rule",
        [("scheme_id", "reward_scheme", False), ("made_by", "account", True)],
        sa.Column("merit", sa.String(length=20), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("honour", sa.String(length=60), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=True),
        sa.Column("amount", Points(), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("start", sa.String(length=20), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    _table(
        "reward_list",
        [("scheme_id", "reward_scheme", False), ("made_by", "account", False)],
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("lines", EncryptedText(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("amount", Points(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    op.create_index("ix_reward_list_scheme_month", "reward_list", ["scheme_id", "month"])
    _table(
        "point_rule",
        [("scheme_id", "reward_scheme", False), ("made_by", "account", True)],
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("match", sa.String(length=200), nullable=False),
        sa.Column("points", Points(), nullable=False),
        sa.Column("by_hours", sa.Boolean(), nullable=False),
        sa.Column("cap", Points(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
    )
    _table(
        "attendance",
        [
            ("scheme_id", "reward_scheme", False),
            ("person_id", "person", False),
            ("made_by", "account", True),
            ("ended_by", "account", True),
        ],
        sa.Column("course", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", Points(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
    )
    _one_stands("attendance", ["scheme_id", "person_id", "course", "day"])
    _table(
        "point_entry",
        [("rule_id", "point_rule", False), ("person_id", "person", False)],
        sa.Column("source_key", sa.String(length=400), nullable=False),
        sa.Column("points", Points(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.UniqueConstraint(
            *("rule_id", "person_id", "source_key"),
            name=op.f("uq_point_entry_rule_id_person_id_source_key"),
        ),
    )
    _table(
        "point_consent",
        [("person_id", "person", False)],
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
    )
    _one_stands("point_consent", ["person_id"])


def _table(name: str, refs: Sequence[tuple[str, str, bool]], *parts: Any) -> None:
    """Make a table with its number and what it points to."""
    op.create_table(
        name,
        sa.Column("id", BigId, nullable=False),
        *(sa.Column(column, BigId, nullable=optional) for column, _table, optional in refs),
        *parts,
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_{name}_{column}_{table}"),
                ondelete="RESTRICT",
            )
            for column, table, _optional in refs
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for column, _table, _optional in refs:
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def _one_stands(table: str, columns: list[str]) -> None:
    stands = sa.text("ended_at IS NULL")
    op.create_index(
        f"uq_{table}_stands",
        table,
        columns,
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


def downgrade() -> None:
    for table in (
        "point_consent",
        "point_entry",
        "attendance",
        "point_rule",
        "reward_list",
        "pay_rule",
        "reward_scheme",
    ):
        op.drop_table(table)
