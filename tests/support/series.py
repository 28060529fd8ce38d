"""Series in the database: a tree of nodes that report."""

from __future__ import annotations

from compete.domain.values.kinds import Level
from compete.models import Account, Competition, Series, SeriesNode
from compete.services.series.series_nodes import (
    NodeFields,
    SeriesFields,
    add_competition,
    add_node,
    make_series,
)
from compete.services.series.session_reports import ReportFields, report_counts


def series_by(account: Account, name: str = "泵站系列", **more: object) -> Series:
    """A series of a city that the account keeps."""
    return make_series(SeriesFields(name=name, **more), account)  # type: ignore[arg-type]


def node_in(
    series: Series,
    name: str,
    by: Account,
    *,
    level: Level = Level.ENTERPRISE,
    under: SeriesNode | None = None,
) -> SeriesNode:
    """A node that is held elsewhere."""
    return add_node(series, under, NodeFields(name=name, level=level), by)


def node_here(
    series: Series, competition: Competition, by: Account, under: SeriesNode | None = None
) -> SeriesNode:
    """A competition of this installation as a node."""
    return add_competition(series, under, competition, by)


def report_of(node: SeriesNode, by: Account, sessions: int, people: int, **more: int) -> None:
    """The counts of a node."""
    fields = ReportFields(sessions=sessions, people=people, told_by="联络员", **more)  # type: ignore[arg-type]
    report_counts(node, fields, by)
