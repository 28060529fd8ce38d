"""Every column of every table is sealed, or somebody said why it need not be."""

from __future__ import annotations

from compete.models import Base
from compete.services.kernel.sealed_columns import TABLES


def test_somebody_decided_about_each_column() -> None:
    decided = {name: table.protected | table.open.keys() for name, table in TABLES.items()}
    there = {
        name: frozenset(column.name for column in table.columns)
        for name, table in Base.metadata.tables.items()
    }
    assert decided == there


def test_no_column_is_both_sealed_and_open() -> None:
    for table in TABLES.values():
        assert not table.protected & table.open.keys()
        assert all(table.open.values())
