"""A series out of the database as the domain has it, and as the file that `compete series` reads.

Nothing is reckoned here: the domain works out counts and who goes up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select

from compete.domain.bundle.problems import Problems
from compete.domain.series import types
from compete.domain.series.reading import note_problems
from compete.domain.series.reckoning import node_results
from compete.domain.series.results import NodeResults
from compete.models import (
    Competition,
    Entrant,
    Member,
    Series,
    SeriesNode,
    SessionReport,
    db,
)
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import invalid


def nodes_of(series: Series) -> Sequence[SeriesNode]:
    """The nodes of a series, in the order in which they were added."""
    query = select(SeriesNode).where(SeriesNode.series_id == series.id)
    return db.session.scalars(query.order_by(SeriesNode.id)).all()


def reports_of(series: Series) -> Sequence[SessionReport]:
    """All that was reported in a series, the oldest first."""
    query = select(SessionReport).join(SeriesNode, SeriesNode.id == SessionReport.node_id)
    query = query.where(SeriesNode.series_id == series.id).order_by(SessionReport.id)
    return db.session.scalars(query).all()


def reporting_nodes(series: Series, nodes: Sequence[SeriesNode]) -> list[SeriesNode]:
    """The nodes that should report: held elsewhere, with none below, not above the series."""
    gathers = {node.parent_id for node in nodes}
    return [
        node
        for node in nodes
        if node.competition_id is None
        and node.id not in gathers
        and types.HEIGHTS[node.level] <= types.HEIGHTS[series.level]
    ]


def missing_nodes(
    series: Series, nodes: Sequence[SeriesNode], reports: Iterable[SessionReport]
) -> list[SeriesNode]:
    """The nodes that should have reported and did not."""
    reporting = {row.node_id for row in reports}
    return [node for node in reporting_nodes(series, nodes) if node.id not in reporting]


def node_code(number: int) -> str:
    """The code that a node has in the file."""
    return f"N{number}"


def _about(series: Series) -> types.About:
    return types.About(
        code=f"S{series.id}",
        name=series.name,
        year=series.year,
        organiser=series.organiser or None,
    )


def _heads() -> dict[int, int]:
    """How many people take part in each competition that is a node: of a crew, its members."""
    heads: Counter[int] = Counter()
    nodes = select(SeriesNode.competition_id).where(SeriesNode.competition_id.is_not(None))
    there = takes_part() & Entrant.competition_id.in_(nodes)
    alone = select(Entrant.competition_id, func.count(Entrant.id)).where(
        there, Entrant.id.not_in(select(Member.entrant_id))
    )
    members = select(Entrant.competition_id, func.count(Member.id)).join(
        Member, Member.entrant_id == Entrant.id
    )
    for query in (alone, members.where(there)):
        for number, count in db.session.execute(query.group_by(Entrant.competition_id)).tuples():
            heads[number] += count
    return heads


def _here(nodes: Iterable[SeriesNode]) -> dict[int, types.Here]:
    numbers = {node.competition_id for node in nodes if node.competition_id is not None}
    if not numbers:
        return {}
    heads = _heads()
    codes = rows_among(select(Competition), Competition.id, numbers)
    return {
        row.id: types.Here(competition=row.code, sessions=1, entrants=heads[row.id])
        for row in codes
    }


def bare_series(
    series: Series, nodes: Sequence[SeriesNode], reports: Sequence[SessionReport]
) -> types.Series:
    """The series with its nodes and what they reported, without people."""
    here = _here(nodes)
    return types.Series(
        format="compete-series/1",
        series=_about(series),
        nodes=tuple(
            types.Node(
                code=node_code(node.id),
                name=node.name,
                level=node.level,
                parent=None if node.parent_id is None else node_code(node.parent_id),
                organiser=node.organiser or None,
                here=here.get(node.competition_id or 0),
            )
            for node in nodes
        ),
        reports=tuple(
            types.Report(
                code=f"R{row.id}",
                node=node_code(row.node_id),
                sessions=row.sessions,
                people=row.people,
                examined=row.examined,
                passed=row.passed,
                day=row.day,
                by=row.told_by,
                replaces=None if row.replaces_id is None else f"R{row.replaces_id}",
            )
            for row in reports
        ),
    )


def counts_of(series: types.Series) -> Mapping[str, NodeResults]:
    """The counts of each node, by its code."""
    return {row.node: row for row in node_results(series)}


def require_sound(series: types.Series) -> None:
    """Raise `Refused` (INVALID) with the first thing that the format forbids."""
    problems = Problems()
    note_problems(series, problems)
    if problems.found:
        raise invalid(problems.found[0].message)
