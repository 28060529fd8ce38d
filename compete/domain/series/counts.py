"""Counts of the nodes: each one's own, and with all that is below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from compete.domain.series.results import Counts, NodeResults
from compete.domain.series.types import Node, Series
from compete.domain.values.points import round_half_up, show

_PLACES = 2

Figures = tuple[int, ...]
"""Sessions, people, examined, passed."""


def node_results(series: Series) -> list[NodeResults]:
    """Each node's own counts, its total and the rate of those who passed, in the file's order."""
    own = _own(series)
    total = _totals(series.nodes, own)
    return [
        NodeResults(
            node.code, Counts(*own[node.code]), Counts(*total[node.code]), _rate(total[node.code])
        )
        for node in series.nodes
    ]


def _own(series: Series) -> dict[str, Figures]:
    own: dict[str, Figures] = {
        node.code: (node.here.sessions, node.here.entrants, 0, 0) if node.here else (0, 0, 0, 0)
        for node in series.nodes
    }
    replaced = {report.replaces for report in series.reports}
    for report in series.reports:
        if report.code not in replaced:
            counted = report.sessions, report.people, report.examined, report.passed
            own[report.node] = _sum(own[report.node], counted)
    return own


def _totals(nodes: Sequence[Node], own: dict[str, Figures]) -> dict[str, Figures]:
    """Add each node to its parent once all below it have been added to it."""
    total = dict(own)
    above = {node.code: node.parent for node in nodes}
    awaited = Counter(node.parent for node in nodes)
    complete = [node.code for node in nodes if not awaited[node.code]]
    for code in complete:
        parent = above[code]
        if parent is not None:
            total[parent] = _sum(total[parent], total[code])
            awaited[parent] -= 1
            if not awaited[parent]:
                complete.append(parent)
    return total


def _sum(these: Figures, those: Figures) -> Figures:
    return tuple(map(sum, zip(these, those, strict=True)))


def _rate(total: Figures) -> str | None:
    *_, examined, passed = total
    return show(round_half_up(100 * passed, examined, _PLACES), _PLACES) if examined else None
