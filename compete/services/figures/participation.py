"""Participation by organiser: competitions, units that sent somebody, people who took part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, func, select

from compete.domain.kinds.kinds import competition_kind
from compete.models import Competition, Entrant, LabourHeadCount, Member, Unit
from compete.services.figures.groups import Group, Grouped, grouped
from compete.services.kernel.chunks import tuples_among
from compete.services.kernel.participants import takes_part


@dataclass(frozen=True, slots=True)
class Taking:
    """Who took part in a competition: people, a member of a crew each; units that sent any."""

    people: int
    units: int


def participation(competitions: Sequence[Competition]) -> Grouped:
    """By organiser, the largest first: people, competitions, units."""
    taking = taking_part(competitions)
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for it in competitions:
        count = counts[it.host or ""]
        count[0] += taking[it.id].people
        count[1] += 1
        count[2] += taking[it.id].units
    groups = [Group(host, tuple(count)) for host, count in counts.items()]
    return grouped(sorted(groups, key=lambda it: (-it.counts[0], str(it.key))))


def taking_part(competitions: Collection[Competition]) -> Mapping[int, Taking]:
    """Count who takes part in each, by its number, in a few statements whatever their number.

    A labour competition's units are all of them, its people the last that each unit reported.
    """
    numbers = [it.id for it in competitions]
    entrants = _counts(
        select(Entrant.competition_id, func.count())
        .where(takes_part())
        .group_by(Entrant.competition_id),
        Entrant.competition_id,
        numbers,
    )
    crews = tuples_among(
        select(Entrant.competition_id, func.count(), func.count(func.distinct(Entrant.id)))
        .join(Member, Member.entrant_id == Entrant.id)
        .where(takes_part())
        .group_by(Entrant.competition_id),
        Entrant.competition_id,
        numbers,
    )
    more = {number: members - heads for number, members, heads in crews}
    labour = [it.id for it in competitions if competition_kind(it).has_periods]
    listed = select(Unit.competition_id, func.count()).group_by(Unit.competition_id)
    # From the units to one of their people each, and not along all people.
    sending = listed.where(exists().where(Entrant.unit_id == Unit.id, takes_part()))
    units = _counts(sending, Unit.competition_id, numbers)
    units |= _counts(listed, Unit.competition_id, labour)
    workers = _workers(labour)
    return {
        it.id: Taking(
            entrants.get(it.id, 0) + more.get(it.id, 0) + workers.get(it.id, 0), units.get(it.id, 0)
        )
        for it in competitions
    }


def _counts(
    query: Select[tuple[int, int]], column: Any, numbers: Collection[int]
) -> dict[int, int]:
    return dict(tuples_among(query, column, numbers))


def _workers(labour: Collection[int]) -> dict[int, int]:
    """The workers of each labour competition, by the last report of each unit that stands."""
    query = select(
        LabourHeadCount.competition_id,
        LabourHeadCount.unit_id,
        LabourHeadCount.period,
        LabourHeadCount.people,
        LabourHeadCount.id,
    )
    rows = sorted(
        tuples_among(query, LabourHeadCount.competition_id, labour), key=lambda row: row[-1]
    )
    standing: dict[tuple[int, int, str], tuple[int, int]] = {}
    for competition, unit, period, people, number in rows:
        standing.pop((competition, unit, period), None)
        if people is not None:
            standing[competition, unit, period] = people, number
    last: dict[tuple[int, int], int] = {}
    for (competition, unit, _period), (people, _number) in sorted(
        standing.items(), key=lambda item: item[1][1]
    ):
        last[competition, unit] = people
    workers: Counter[int] = Counter()
    for (competition, _unit), people in last.items():
        workers[competition] += people
    return workers
