"""A series from its file to its results: totals, berths, who goes where, results from outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from compete.domain.series.berths import berth_results
from compete.domain.series.counts import node_results
from compete.domain.series.results import (
    BerthResults,
    Entries,
    OutsideOf,
    RowState,
    SeriesResults,
)
from compete.domain.series.types import HEIGHTS, OutsideResult, Series


def series_results(series: Series) -> SeriesResults:
    """Work a series out. It has to come from `read_series`."""
    berths = berth_results(series)
    return SeriesResults(
        series.series.code,
        node_results(series),
        berths,
        _entries(series, berths),
        _outside(series.outside),
    )


def _entries(series: Series, results: Sequence[BerthResults]) -> list[Entries]:
    going: dict[tuple[str, str], dict[RowState, list[str]]] = {}
    for berth, found in zip(series.berths, results, strict=True):
        there = going.setdefault(berth.goal, {RowState.ACCEPTED: [], RowState.PROPOSED: []})
        for row in found.rows:
            if row.state in there:
                there[row.state].append(row.person)
    return [
        Entries(node, event, *(sorted(codes) for codes in there.values()))
        for (node, event), there in going.items()
    ]


def _outside(outside: Sequence[OutsideResult]) -> list[OutsideOf]:
    """By person: the results of each, of the highest level first, then by rank and code."""
    results: defaultdict[str, list[OutsideResult]] = defaultdict(list)
    for result in outside:
        results[result.person].append(result)
    return [
        OutsideOf(person, [result.code for result in sorted(results[person], key=_precedence)])
        for person in sorted(results)
    ]


def _precedence(result: OutsideResult) -> tuple[int, bool, int, str]:
    return -HEIGHTS[result.level], result.rank is None, result.rank or 0, result.code
