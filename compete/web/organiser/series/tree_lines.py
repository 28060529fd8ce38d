"""The tree of a series as lines, with what each came to and from where that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from compete.domain.series.results import Counts, NodeResults
from compete.domain.series.types import HEIGHTS
from compete.models import Series, SeriesNode, SessionReport
from compete.services.series.series_nodes import LEVELS
from compete.services.series.series_out import node_code, reporting_nodes
from compete.web.language import say

MOST_CHILDREN = 50
"""So many nodes under one have a line each; more are folded into one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLine:
    """A line of the tree."""

    depth: int
    name: str
    url: str
    level: str
    here: bool
    """True of a competition of this installation."""
    sessions: str
    people: str
    source: str
    """Where its numbers come from."""
    is_missing: bool
    """True if it should have reported and did not."""
    berths: Sequence[BerthWords] = ()
    """The places that lead up from it, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BerthWords:
    """A berth in a few words, with its page where the reader may open it."""

    text: str
    url: str | None
    kind: str
    """`ok`, `warn` or empty."""
    forward: int
    """How many were put forward or have accepted."""
    left: int
    """How many places nobody was put forward for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSums:
    """What a series came to, without what is held above it."""

    reporting: int
    """How many nodes report."""
    reported: int
    """How many of them did."""
    sessions: str
    sessions_reported: str
    sessions_here: str
    people: str
    people_reported: str
    people_here: str
    examined: int
    passed: int
    rate: str | None
    forward: int
    """How many were put forward, from all nodes."""
    left: int


class SeriesTree:
    """The nodes of a series with what they came to."""

    def __init__(
        self,
        series: Series,
        nodes: Sequence[SeriesNode],
        results: Mapping[str, NodeResults],
        reports: Iterable[SessionReport],
        berths: Mapping[int, Sequence[BerthWords]],
    ) -> None:
        """`berths` are by node the places that lead up from it."""
        self.series, self.nodes, self.berths = series, nodes, berths
        self._results = results
        self.below: defaultdict[int | None, list[SeriesNode]] = defaultdict(list)
        for node in nodes:
            self.below[node.parent_id].append(node)
        self._reported = frozenset(row.node_id for row in reports)
        self._reporting = reporting_nodes(series, nodes)
        self._missing = {it.id for it in self._reporting if it.id not in self._reported}

    def counts(self, node: SeriesNode) -> NodeResults:
        """What a node came to."""
        return self._results[node_code(node.id)]

    def is_within(self, node: SeriesNode) -> bool:
        """True of what enters the sums: held at the level of the series, or below."""
        return HEIGHTS[node.level] <= HEIGHTS[self.series.level]

    def is_missing(self, node: SeriesNode) -> bool:
        """True of a node that should have reported and did not."""
        return node.id in self._missing

    def missing(self) -> list[SeriesNode]:
        """The nodes that should have reported and did not."""
        return [node for node in self.nodes if node.id in self._missing]

    def downwards(self) -> Iterator[tuple[SeriesNode, int]]:
        """Every node with its depth, from the top down."""
        waiting = [(it, 0) for it in reversed(self.below[None])]
        while waiting:
            node, depth = waiting.pop()
            yield node, depth
            waiting.extend((it, depth + 1) for it in reversed(self.below[node.id]))

    def next_berth(self) -> BerthWords | None:
        """The first places that wait for the reader to put people forward."""
        rows = (it for node in self.nodes for it in self.berths.get(node.id, ()))
        return next((it for it in rows if it.kind == "warn" and it.url is not None), None)

    def sums(self) -> SeriesSums:
        """What the series came to."""
        tops: list[SeriesNode] = []
        waiting = list(self.below[None])
        for node in waiting:
            if self.is_within(node):
                tops.append(node)
            else:
                waiting.extend(self.below[node.id])
        total = _added(self.counts(node).total for node in tops)
        here = _added(
            self.counts(node).own
            for node in self.nodes
            if node.competition_id is not None and self.is_within(node)
        )
        alone = self.counts(tops[0]).rate if len(tops) == 1 else None
        return SeriesSums(
            reporting=len(self._reporting),
            reported=len(self._reporting) - len(self._missing),
            sessions=grouped(total.sessions),
            sessions_reported=grouped(total.sessions - here.sessions),
            sessions_here=grouped(here.sessions),
            people=grouped(total.people),
            people_reported=grouped(total.people - here.people),
            people_here=grouped(here.people),
            examined=total.examined,
            passed=total.passed,
            rate=alone,
            forward=sum(it.forward for rows in self.berths.values() for it in rows),
            left=sum(it.left for rows in self.berths.values() for it in rows),
        )

    def lines(self) -> list[NodeLine]:
        """The tree from the top down; of more than `MOST_CHILDREN` leaves under one, one line."""
        lines: list[NodeLine] = []
        waiting: list[tuple[SeriesNode | list[SeriesNode], int]] = [
            (it, 0) for it in reversed(self._shown(None))
        ]
        while waiting:
            shown, depth = waiting.pop()
            if isinstance(shown, list):
                lines.append(self._folded(shown, depth))
                continue
            lines.append(self.line(shown, depth))
            waiting.extend((it, depth + 1) for it in reversed(self._shown(shown.id)))
        return lines

    def _shown(self, parent: int | None) -> list[SeriesNode | list[SeriesNode]]:
        children = self.below[parent]
        if len(children) <= MOST_CHILDREN:
            return list(children)
        leaves = [it for it in children if not self.below[it.id] and it.id not in self.berths]
        apart = [it for it in children if self.below[it.id] or it.id in self.berths]
        return [*apart, leaves] if len(leaves) > 1 else list(children)

    def line(self, node: SeriesNode, depth: int = 0) -> NodeLine:
        """The line of a node."""
        total = self.counts(node).total
        is_here = node.competition_id is not None
        is_known = is_here or node.id in self._reported or bool(self.below[node.id])
        return NodeLine(
            depth=depth,
            name=node.name,
            url=url_for("organiser.series_node", number=self.series.id, node_number=node.id),
            level=say(LEVELS[node.level]),
            here=is_here,
            sessions=grouped(total.sessions) if is_known else "—",
            people=grouped(total.people) if is_known else "—",
            source=self._source(node),
            is_missing=self.is_missing(node),
            berths=self.berths.get(node.id, ()),
        )

    def _source(self, node: SeriesNode) -> str:
        if node.competition_id is not None:
            return _("在这里办，登记到人")
        if node.id in self._reported:
            return _("上报")
        if not self.is_within(node):
            return _("别处办")
        return _("下面加起来") if self.below[node.id] else _("还没报")

    def _folded(self, leaves: list[SeriesNode], depth: int) -> NodeLine:
        total = _added(self.counts(node).total for node in leaves)
        known = sum(not self.is_missing(node) for node in leaves)
        parent = leaves[0].parent_id
        number = self.series.id
        return NodeLine(
            depth=depth,
            name=_("%(n)s 站", n=grouped(len(leaves))),
            url=url_for("organiser.series_node", number=number, node_number=parent)
            if parent is not None
            else url_for("organiser.series_tops", number=number),
            level="",
            here=False,
            sessions=grouped(total.sessions),
            people=grouped(total.people),
            source=_("%(n)s 站报了数", n=grouped(known)),
            is_missing=known < len(leaves),
        )


def grouped(count: int) -> str:
    """A count with its thousands apart."""
    return f"{count:,}"


def _added(counts: Iterable[Counts]) -> Counts:
    sums = [0, 0, 0, 0]
    for it in counts:
        for place, count in enumerate((it.sessions, it.people, it.examined, it.passed)):
            sums[place] += count
    return Counts(*sums)
