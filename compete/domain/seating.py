"""Seating of judges at stations: an allocation by costs, and in what it falls short.

It is a problem of whole numbers: a judge either sits somewhere or not. What must not be
is left out before; what should not be costs. Seats that stay empty cost most, then pairs
that need an explanation, then what the organiser puts first (even loads, or somebody of
the highest level at each station), then every change of what stands, and last that those
come first who judge least elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

Seat = tuple[int, str]
"""A judge's number and a station's name."""

_EMPTY, _EXPLAINED, _FIRST, _SECOND, _CHANGED = 100_000.0, 2_000.0, 100.0, 10.0, 4.0
_BUSY = 3.0


class ClashKind(StrEnum):
    """The reasons why a judge and a contestant should not meet."""

    SELF = "self"
    KIN = "kin"
    MENTOR = "mentor"
    COACH = "coach"
    UNIT = "unit"
    SUPERIOR = "superior"


class Weight(StrEnum):
    """The weight of a pair: must not be, may be with an explanation, or does not matter."""

    HARD = "hard"
    SOFT = "soft"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Table:
    """A station: how many judges are wanted there, and how many people come."""

    station: str
    seats: int
    people: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may judge: the people they judge elsewhere, and True if of the top level."""

    judge: int
    load: int = 0
    top: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A seating, seats that stay empty by station, and whether nothing better exists."""

    seats: frozenset[Seat]
    empty: Mapping[str, int]
    most: int
    """At how many stations one judge sits at the most."""
    proven: bool


def suggest_seating(
    tables: Sequence[Table],
    candidates: Sequence[Candidate],
    *,
    hard: Collection[Seat],
    soft: Mapping[Seat, int],
    standing: Collection[Seat] = (),
    staying: Collection[Seat] = (),
    loads_first: bool = True,
    seconds: float = 5.0,
) -> Suggestion:
    """The best seating that is found in `seconds`; seats that nobody may take stay empty.

    Who is `staying` keeps that seat, whatever else could be.

    A judge sits at one station, or at more only where there are more seats than judges.
    """
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import lil_matrix

    barred, kept, bound = set(hard) - set(staying), set(standing), set(staying)
    # There are as many seats as there are judges who have to stay.
    tables = [
        replace(table, seats=max(table.seats, sum(at == table.station for _judge, at in bound)))
        for table in tables
    ]
    pairs = [
        (row, column)
        for row, who in enumerate(candidates)
        for column, table in enumerate(tables)
        if (who.judge, table.station) not in barred and table.seats > 0
    ]
    usable = {row for row, _column in pairs}
    wanted = sum(table.seats for table in tables)
    most = max(1, ceil(wanted / len(usable))) if usable else 1
    # Unknowns: a seat taken or not; empty seats; stations without the top level; the greatest load.
    empty_at, plain_at = len(pairs), len(pairs) + len(tables)
    load_at = plain_at + len(tables)
    count = load_at + 1
    has_top = any(candidates[row].top for row in usable)
    load_cost, top_cost = (_FIRST, _SECOND) if loads_first else (_SECOND, _FIRST * 10)

    cost = np.zeros(count)
    # The greatest load may be one that nobody here can change: it alone would not say
    # who of the others is free.
    busiest = max((who.load for who in candidates), default=0) or 1
    for number, (row, column) in enumerate(pairs):
        seat = candidates[row].judge, tables[column].station
        cost[number] = _EXPLAINED * soft.get(seat, 0) + (0 if seat in kept else _CHANGED)
        cost[number] += _BUSY * candidates[row].load / busiest
    cost[empty_at:plain_at] = _EMPTY
    cost[plain_at:load_at] = top_cost if has_top else 0.0
    people = max((table.people for table in tables), default=0)
    cost[load_at] = load_cost / max(1, people)

    rows = lil_matrix((2 * len(tables) + 2 * len(candidates), count))
    low = np.full(rows.shape[0], -np.inf)
    high = np.full(rows.shape[0], np.inf)
    tops, judges = len(tables), 2 * len(tables)
    loads = judges + len(candidates)
    for number, (row, column) in enumerate(pairs):
        rows[column, number] = 1
        rows[judges + row, number] = 1
        rows[loads + row, number] = tables[column].people
        if candidates[row].top:
            rows[tops + column, number] = 1
    for column, table in enumerate(tables):
        rows[column, empty_at + column] = 1
        low[column] = high[column] = max(0, table.seats)
        rows[tops + column, plain_at + column] = 1
        low[tops + column] = 1 if table.seats > 0 else 0
    for row, who in enumerate(candidates):
        high[judges + row] = max(most, sum(judge == who.judge for judge, _at in bound))
        rows[loads + row, load_at] = -1
        high[loads + row] = -who.load
    above = np.ones(count)
    above[empty_at:plain_at] = [max(0, table.seats) for table in tables]
    above[load_at] = np.inf
    below = np.zeros(count)
    for number, (row, column) in enumerate(pairs):
        below[number] = (candidates[row].judge, tables[column].station) in bound
    solution = milp(
        cost,
        integrality=np.array([1] * load_at + [0]),
        bounds=Bounds(below, above),
        constraints=LinearConstraint(rows.tocsr(), low, high),
        options={"time_limit": seconds, "mip_rel_gap": 1e-6},
    )
    if solution.x is None:
        empty = {table.station: table.seats for table in tables if table.seats > 0}
        return Suggestion(frozenset(), empty, most, proven=False)
    seats = frozenset(
        (candidates[row].judge, tables[column].station)
        for number, (row, column) in enumerate(pairs)
        if solution.x[number] > 0.5
    )
    left = {
        table.station: round(solution.x[empty_at + column])
        for column, table in enumerate(tables)
        if solution.x[empty_at + column] > 0.5
    }
    return Suggestion(seats, left, most, proven=solution.status == 0)
