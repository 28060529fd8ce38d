"""A row is taken away where nothing hangs on it: every table that may speak of it is asked."""

from __future__ import annotations

from compete.models import Base, Entrant, Membership, Unit
from compete.services.units.listing import OF_LABOUR_UNITS, OF_UNITS


def test_every_table_that_names_a_unit_is_asked_before_one_is_taken_away() -> None:
    naming = {
        table
        for table in Base.__subclasses__()
        for column in table.__table__.columns
        for key in column.foreign_keys
        if key.column.table.name == Unit.__tablename__
    }
    assert naming - {Entrant, Membership, Unit} == {*OF_UNITS, *OF_LABOUR_UNITS}
