"""One node of a series: what it came to, what it reported, what hangs under it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.series.types import HEIGHTS
from compete.domain.values.rights import Right
from compete.models import Competition, SeriesNode
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.series.berths import BerthFields
from compete.services.series.series_nodes import (
    NodeFields,
    add_competition,
    add_node,
    change_node,
    competitions_to_add,
    erase_node,
    why_not_erase,
)
from compete.services.series.series_rights import keeps_series
from compete.services.series.session_reports import (
    ReportFields,
    history_of,
    report_counts,
    standing_report,
    why_no_report,
)
from compete.services.series.standings_above import why_no_standings
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.series.berth_lines import berth_lines
from compete.web.organiser.series.series import PAGE_SIZE, series_or_404, tree_of
from compete.web.organiser.series.tree_lines import SeriesTree
from compete.web.pages import or_404
from compete.web.paging import part_of
from compete.web.posted import posted_number
from compete.web.refusals import faults_of, problem_of, refusal_on, typed_back
from compete.web.setting_forms import act_form, typed_act
from compete.web.shapes import Choice


def node_or_404(number: int, node_number: int) -> SeriesNode:
    """The node of that number in a series that the reader may look at; else 404."""
    series = series_or_404(number)
    node = or_404(find(SeriesNode, node_number))
    return or_404(node if node.series_id == series.id else None)


def node_url(node: SeriesNode) -> str:
    """The page of a node."""
    return url_for("organiser.series_node", number=node.series_id, node_number=node.id)


def _choices(number: int) -> list[Choice]:
    series = series_or_404(number)
    rows = competitions_to_add(series, current_user)
    return [Choice(value=str(row.id), label=row.name) for row in rows]


def show_node(number: int, node_number: int, refused: Refused | None = None) -> str:
    """Show a node, with the faults of a form that was refused."""
    node = node_or_404(number, node_number)
    series = node.series
    tree = tree_of(series)
    rows, page = part_of(
        tree.below[node.id],
        PAGE_SIZE,
        "organiser.series_node",
        number=number,
        node_number=node_number,
    )
    keeps, stands = keeps_series(current_user, series), standing_report(node)
    reports = keeps and why_no_report(node) is None
    counts = tree.counts(node)
    berths = keeps and why_no_standings(node) is None
    return render_template(
        "organiser/series/node.html",
        series=series,
        node=node,
        line=tree.line(node),
        parent=tree.line(_find_node(node.parent_id)) if node.parent_id is not None else None,
        counts=counts,
        children=[tree.line(row) for row in rows],
        page=page,
        history=history_of(node),
        stands=stands,
        keeps=keeps,
        why_not_erase=why_not_erase(node),
        report_form=act_form(ReportFields, refused, stands, at="report") if reports else None,
        node_form=act_form(NodeFields, refused, node, at="node", here=_is_change(refused)),
        child_form=act_form(NodeFields, refused, at="child", here=not _is_change(refused)),
        competitions=_choices(number) if keeps else (),
        berths=berth_lines(series, current_user).get(node.id, ()),
        berth_form=act_form(BerthFields, refused, at="berth") if berths else None,
        events=_events(node),
        targets=_targets(node, tree) if berths else (),
        typed={key: typed_back(key) for key in ("event", "to", "to_event")},
        faults=faults_of(refused),
        problem=problem_of(refused),
    )


def _events(node: SeriesNode) -> list[Choice]:
    events = node.competition.events if node.competition is not None else ()
    return [Choice(value=event.code, label=rules_of(event).name) for event in events]


def _targets(node: SeriesNode, tree: SeriesTree) -> list[Choice]:
    """The nodes to which places may lead, the nearest above first."""
    above: list[int] = []
    parents = {row.id: row.parent_id for row in tree.nodes}
    step = parents[node.id]
    while step is not None:
        above.append(step)
        step = parents[step]
    rows = [
        row for row in tree.nodes if row.id != node.id and HEIGHTS[row.level] >= HEIGHTS[node.level]
    ]
    rows.sort(key=lambda row: above.index(row.id) if row.id in above else len(above))
    return [Choice(value=str(row.id), label=row.name) for row in rows]


def _find_node(number: int) -> SeriesNode:
    """A node that another names."""
    return or_404(find(SeriesNode, number))


def _is_change(refused: Refused | None) -> bool:
    return refused is not None and (request.endpoint or "").endswith("change_series_node")


@face.get("/series/<int:number>/nodes/<int:node_number>")
@guard.may(Right.SERIES)
def series_node(number: int, node_number: int) -> ResponseReturnValue:
    """A node with what it reported and what hangs under it."""
    return show_node(number, node_number)


@face.post("/series/<int:number>/nodes/<int:node_number>")
@guard.may(Right.SERIES)
@refusal_on(show_node)
def change_series_node(number: int, node_number: int) -> ResponseReturnValue:
    """Give a node another name, level or host."""
    node = node_or_404(number, node_number)
    changed = change_node(node, typed_act(NodeFields), current_user)
    flash(_("存下了") if changed else _("和原来一样"), "ok")
    return redirect(node_url(node))


def _show_new(number: int, refused: Refused | None = None) -> str:
    series = series_or_404(number)
    return render_template(
        "organiser/series/new_node.html",
        series=series,
        form=act_form(NodeFields, refused),
        competitions=_choices(number),
        keeps=keeps_series(current_user, series),
        faults=faults_of(refused),
        problem=problem_of(refused),
    )


@face.get("/series/<int:number>/nodes/new")
@guard.may(Right.SERIES)
def new_series_node(number: int) -> ResponseReturnValue:
    """The form of a node under no other."""
    return _show_new(number)


@face.post("/series/<int:number>/nodes/new")
@guard.may(Right.SERIES)
@only_once
@refusal_on(_show_new)
def add_top_node(number: int) -> ResponseReturnValue:
    """Add a node under no other."""
    return _added(add_node(series_or_404(number), None, typed_act(NodeFields), current_user))


@face.post("/series/<int:number>/here")
@guard.may(Right.SERIES)
@only_once
@refusal_on(_show_new)
def add_top_competition(number: int) -> ResponseReturnValue:
    """Add a competition of this installation under no other node."""
    return _added(add_competition(series_or_404(number), None, _posted(), current_user))


@face.post("/series/<int:number>/nodes/<int:node_number>/below")
@guard.may(Right.SERIES)
@only_once
@refusal_on(show_node)
def add_child_node(number: int, node_number: int) -> ResponseReturnValue:
    """Add a node under this one."""
    node = node_or_404(number, node_number)
    return _added(add_node(node.series, node, typed_act(NodeFields), current_user))


@face.post("/series/<int:number>/nodes/<int:node_number>/here")
@guard.may(Right.SERIES)
@only_once
@refusal_on(show_node)
def add_child_competition(number: int, node_number: int) -> ResponseReturnValue:
    """Add a competition of this installation under this node."""
    node = node_or_404(number, node_number)
    return _added(add_competition(node.series, node, _posted(), current_user))


def _posted() -> Competition | None:
    return find(Competition, posted_number("competition"))


def _added(node: SeriesNode) -> ResponseReturnValue:
    flash(_("加了 %(name)s", name=node.name), "ok")
    above = node.parent_id
    if above is None:
        return redirect(node_url(node))
    url = url_for("organiser.series_node", number=node.series_id, node_number=above)
    return redirect(url)


@face.post("/series/<int:number>/nodes/<int:node_number>/report")
@guard.may(Right.SERIES)
@only_once
@refusal_on(show_node)
def report_series_node(number: int, node_number: int) -> ResponseReturnValue:
    """Take what a node reported, or what puts that right."""
    node = node_or_404(number, node_number)
    report_counts(node, typed_act(ReportFields), current_user)
    flash(_("%(name)s 的数记下了", name=node.name), "ok")
    return redirect(node_url(node))


@face.post("/series/<int:number>/nodes/<int:node_number>/erase")
@guard.may(Right.SERIES)
@refusal_on(show_node)
def erase_series_node(number: int, node_number: int) -> ResponseReturnValue:
    """Erase a node with nothing below it."""
    node = node_or_404(number, node_number)
    name, above = node.name, node.parent_id
    erase_node(node, current_user)
    flash(_("删了 %(name)s", name=name), "ok")
    if above is not None:
        return redirect(url_for("organiser.series_node", number=number, node_number=above))
    return redirect(url_for("organiser.one_series", number=number))
