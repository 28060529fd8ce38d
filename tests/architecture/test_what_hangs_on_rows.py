"""A row is taken away where nothing hangs on it: every table that may speak of it is asked."""

from __future__ import annotations

from compete.models import Entrant, Membership, Unit
from compete.services.kernel.row_references import columns_naming
from compete.services.registration.units.unit_list import OF_LABOUR_UNITS, OF_UNITS


def test_every_table_that_names_a_unit_is_asked_before_one_is_taken_away() -> None:
    asked = {Entrant, Membership, Unit, *OF_UNITS, *OF_LABOUR_UNITS}
    assert {column.table.name for column in columns_naming(Unit)} == {
        table.__tablename__ for table in asked
    }
