"""Impact on awards: other moves than totals and ranks: awards, teams, units, items, grades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import EventResults


class What(StrEnum):
    """The thing of somebody that is another than before."""

    AWARDS = "awards"
    TEAM_AWARDS = "team_awards"
    GRADE = "grade"
    ITEM = "item"
    TEAM = "team"
    UNIT = "unit"


class MovedBesides(msgspec.Struct, frozen=True):
    """A further move of an entrant, team or unit (its code): what it had and what it has.

    Awards are names; a grade is its number, or nothing where nobody is promoted; of items, teams
    and units it is rank and score. `of` is the item's name, or a crew's member.
    """

    what: What
    holder: str
    was: tuple[str, ...]
    now: tuple[str, ...]
    of: str = ""
    kind: Literal["besides"] = "besides"


_Said = Mapping[tuple[str, str], tuple[str, ...]]
"""By holder, and what of them it is."""


def moved_besides(
    rules: tuple[Event, Event], results: tuple[EventResults, EventResults]
) -> list[MovedBesides]:
    """List what is another after than before: rules and results of each."""
    sides = [_all(*side) for side in zip(rules, results, strict=True)]
    found = []
    for what in What:
        was, now = sides[0][what], sides[1][what]
        for key in sorted({*was, *now}):
            if was.get(key, ()) != now.get(key, ()):
                holder, of = key
                found.append(MovedBesides(what, holder, was.get(key, ()), now.get(key, ()), of))
    return found


def _all(rules: Event, results: EventResults) -> Mapping[What, _Said]:
    return {
        What.AWARDS: _awards(rules, results, team=False),
        What.TEAM_AWARDS: _awards(rules, results, team=True),
        What.GRADE: {
            (row.entrant, row.member or ""): (str(row.grade),)
            for row in results.grades or ()
            if row.change == "promoted"
        },
        What.ITEM: dict(_items(rules, results)),
        What.TEAM: {(row.team, ""): (_rank(row.rank), row.total) for row in results.teams or ()},
        What.UNIT: {(row.unit, ""): (_rank(row.rank), row.points) for row in results.units or ()},
    }


def _awards(rules: Event, results: EventResults, *, team: bool) -> _Said:
    names = {award.code: award.name for award in rules.awards}
    items = {item.code: item.name for item in rules.items}
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in results.awards or ():
        holder = row.team if team else row.entrant
        if holder is not None:
            named = [items.get(row.item, row.item)] if row.item else []
            found[holder, ""].append(" ".join([*named, names[row.award]]))
    for honour in () if team else results.honours or ():
        found[honour.entrant, honour.member or ""].append(honour.title)
    return {key: tuple(sorted(each)) for key, each in found.items()}


def _items(
    rules: Event, results: EventResults
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    names = {item.code: item.name for item in rules.items}
    for item in results.items or ():
        for row in item.standings:
            yield (row.entrant, names.get(item.item, item.item)), (str(row.rank), row.score)


def _rank(rank: int | None) -> str:
    return "" if rank is None else str(rank)
