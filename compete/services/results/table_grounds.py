"""Places in tables over several events as grounds of awards to units: 团体一等奖.

An award rests on the place that its unit had as it was nominated or granted (`Distinction.basis`
with a `table`); a later version that has the unit behind that place takes the ground from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from compete.domain.bundle.results import OverallRow
from compete.models import Distinction, Publication
from compete.services.results.labour_grounds import LostGround
from compete.services.results.snapshots import Unpublished, read_snapshot


class TablePlace(NamedTuple):
    """A unit's place in a table, by code and name."""

    table: str
    named: str
    row: OverallRow


def table_places(version: Publication | Unpublished) -> Iterator[TablePlace]:
    """List the ranked places of every table, one table after another, best first."""
    bundle, results = version if isinstance(version, Unpublished) else read_snapshot(version)
    names = {table.code: table.name for table in bundle.overall}
    for table in results.overall or ():
        for row in table.standings:
            if row.rank is not None:
                yield TablePlace(table.code, names[table.code], row)


def table_basis(publication: Publication, table: str, unit: str) -> dict[str, Any] | None:
    """The basis of an award on a unit's place in a table; None where it has none there."""
    for place in table_places(publication):
        if (place.table, place.row.unit) == (table, unit):
            return {
                "table": table,
                "named": place.named,
                "rank": place.row.rank,
                "total": place.row.value,
                "version": publication.version,
            }
    return None


def rests_on_table(given: Distinction) -> bool:
    """True if it was given for a place in a table."""
    return given.basis is not None and "table" in given.basis


def place_now(given: Distinction, version: Publication | Unpublished) -> OverallRow | None:
    """The unit's place in the award's table by a version, or None."""
    if given.basis is None or given.unit is None:
        return None
    wanted = given.basis.get("table"), given.unit.code
    rows = (it.row for it in table_places(version) if (it.table, it.row.unit) == wanted)
    return next(rows, None)


def lost_table_ground(given: Distinction, version: Publication | Unpublished) -> LostGround | None:
    """The ground that a version takes from an award on a place in a table; None: nothing."""
    basis = given.basis or {}
    place = place_now(given, version)
    now = None if place is None else place.rank
    if now is not None and now <= basis["rank"]:
        return None
    return LostGround(basis["named"], was=basis["rank"], now=now)
