"""The conditions of a berth: which of them a person of the standings does not meet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from compete.domain.series.types import Age, BerthWhen, Person, StandingRow
from compete.domain.values.days import months_later

_YEAR = 12


def unmet(when: BerthWhen, row: StandingRow, person: Person) -> Iterator[str]:
    """The keys that do not hold, in the order of `BerthWhen`. What is unknown does not hold."""
    if when.max_rank is not None and (row.rank is None or row.rank > when.max_rank):
        yield "max_rank"
    if when.min_total is not None and (row.total is None or row.total < when.min_total):
        yield "min_total"
    if when.groups and person.group not in when.groups:
        yield "groups"
    if when.holds is not None and not when.holds.met_by(person.grade):
        yield "holds"
    if when.age is not None and not _is_of_age(when.age, person.birth):
        yield "age"


def _is_of_age(wanted: Age, birth: date | None) -> bool:
    if birth is None:
        return False
    years = _years_completed(birth, wanted.on)
    return (wanted.from_ is None or years >= wanted.from_) and (
        wanted.to is None or years <= wanted.to
    )


def _years_completed(birth: date, on: date) -> int:
    years = on.year - birth.year
    return years - (months_later(birth, _YEAR * years) > on)
