"""Pass rates of evaluations by level and by unit, from the sums kept beside the versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from compete.domain.kinds.kinds import competition_kind
from compete.models import Competition, Event, Publication, Unit
from compete.services.figures.groups import Group, Grouped, grouped
from compete.services.kernel.chunks import tuples_among
from compete.services.registration.earlier_sittings import taken_down_among, versions_in_force
from compete.services.results.verdict_sums import VerdictCount, verdict_sums

PASS = "pass"


@dataclass(frozen=True, slots=True)
class PassRates:
    """People with a published verdict and those who passed, by level and by unit.

    A unit's key is its name. Both are of the same people, so where one may not tell its whole
    the other is not shown either: then `is_told` is false.
    """

    levels: Grouped
    units: Grouped

    @property
    def is_told(self) -> bool:
        """True if both may be shown."""
        return self.levels.whole is not None and self.units.whole is not None


def pass_rates(competitions: Sequence[Competition]) -> PassRates:
    """Count the verdicts in force of the evaluations among them."""
    batches = {it.id: it for it in competitions if competition_kind(it).has_sittings}
    levels: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0])
    units: dict[Hashable, list[int]] = defaultdict(lambda: [0, 0])
    names = _unit_names(batches)
    for number, count in _verdicts(batches):
        for key, counts in (
            (count.grade, levels),
            (names.get((number, count.unit), ""), units),
        ):
            counts[key][0] += count.n
            counts[key][1] += count.n if count.verdict == PASS else 0
    return PassRates(_grouped(levels, _by_level), _grouped(units, _by_size))


def _verdicts(batches: Mapping[int, Competition]) -> Iterable[tuple[int, VerdictCount]]:
    """The verdicts in force, without those of events whose notice was withdrawn."""
    taken_down = _codes_of(taken_down_among(batches))
    for number, version in versions_in_force(batches, undefer(Publication.sums)).items():
        for count in verdict_sums(version, batches[number]):
            if (number, count.event) not in taken_down:
                yield number, count


def _codes_of(events: Iterable[int]) -> set[tuple[int, str]]:
    query = select(Event.competition_id, Event.code)
    return set(tuples_among(query, Event.id, sorted(events)))


def _unit_names(batches: Mapping[int, Competition]) -> dict[tuple[int, str], str]:
    query = select(Unit.competition_id, Unit.code, Unit.name)
    rows = tuples_among(query, Unit.competition_id, sorted(batches))
    return {(number, code): name for number, code, name in rows}


def _by_level(group: Group) -> tuple[bool, int]:
    """The lowest level first: digits fall as levels rise."""
    return group.key is None, -group.key if isinstance(group.key, int) else 0


def _by_size(group: Group) -> tuple[int, str]:
    return -group.counts[0], str(group.key)


def _grouped(
    counts: Mapping[Hashable, list[int]], order: Callable[[Group], tuple[Any, ...]]
) -> Grouped:
    groups = [Group(key, tuple(count)) for key, count in counts.items()]
    return grouped(sorted(groups, key=order), passed=1)
