"""系列赛: the list of series, and one as a tree with its sums."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Series
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.series.outside import outside_seen_by
from compete.services.series.reminders import last_reminders
from compete.services.series.series_file import take_out_series
from compete.services.series.series_nodes import (
    SeriesFields,
    change_series,
    erase_series,
    make_series,
)
from compete.services.series.series_out import (
    bare_series,
    counts_of,
    nodes_of,
    reports_of,
)
from compete.services.series.series_rights import keeps_series, sees_series, series_seen_by
from compete.web import guard
from compete.web.downloads import send_json
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.series.berth_lines import berth_lines
from compete.web.organiser.series.tree_lines import SeriesTree
from compete.web.outside_words import outside_place
from compete.web.pages import or_404
from compete.web.paging import part_of
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act

PAGE_SIZE = 100


def series_or_404(number: int) -> Series:
    """The series of that number, for who may look at it; else 404."""
    series = or_404(find(Series, number))
    return or_404(series if sees_series(current_user, series) else None)


def tree_of(series: Series) -> SeriesTree:
    """The tree with what each node came to."""
    nodes, reports = nodes_of(series), reports_of(series)
    counts = counts_of(bare_series(series, nodes, reports))
    return SeriesTree(series, nodes, counts, reports, berth_lines(series, current_user))


def _show_all(refused: Refused | None = None) -> str:
    return render_template(
        "organiser/series/all.html",
        rows=series_seen_by(current_user),
        form=act_form(SeriesFields, refused),
        problem=problem_of(refused),
    )


@face.get("/series")
@guard.may(Right.SERIES)
def all_series() -> ResponseReturnValue:
    """The series that the reader may look at, with the form of one more."""
    return _show_all()


@face.post("/series")
@guard.may(Right.SERIES)
@only_once
@refusal_on(_show_all)
def make_new_series() -> ResponseReturnValue:
    """Make a series."""
    made = make_series(typed_act(SeriesFields), current_user)
    flash(_("建好了 %(name)s，往里加站", name=made.name), "ok")
    return redirect(url_for("organiser.one_series", number=made.id))


def show_series(number: int, refused: Refused | None = None) -> str:
    """Show a series: its sums, its tree, and who has not reported."""
    series = series_or_404(number)
    tree = tree_of(series)
    keeps, reminders = keeps_series(current_user, series), last_reminders(series)
    return render_template(
        "organiser/series/tree.html",
        series=series,
        sums=tree.sums(),
        lines=tree.lines(),
        missing=[(it.id, tree.line(it), reminders.get(it.id)) for it in tree.missing()],
        next_berth=tree.next_berth(),
        outside=[(row, outside_place(row)) for row in outside_seen_by(current_user, tree.nodes)],
        keeps=keeps,
        form=act_form(SeriesFields, refused, series) if keeps else None,
        is_bare=not tree.nodes,
        problem=problem_of(refused),
    )


@face.get("/series/<int:number>")
@guard.may(Right.SERIES)
def one_series(number: int) -> ResponseReturnValue:
    """A series: its sums, its tree, and who has not reported."""
    return show_series(number)


@face.post("/series/<int:number>")
@guard.may(Right.SERIES)
@refusal_on(show_series)
def change_one_series(number: int) -> ResponseReturnValue:
    """Change its name, year, host or level."""
    changed = change_series(series_or_404(number), typed_act(SeriesFields), current_user)
    flash(_("存下了") if changed else _("和原来一样"), "ok")
    return redirect(url_for("organiser.one_series", number=number))


@face.post("/series/<int:number>/erase")
@guard.may(Right.SERIES)
@refusal_on(show_series)
def erase_one_series(number: int) -> ResponseReturnValue:
    """Erase a series without nodes."""
    series = series_or_404(number)
    name = series.name
    erase_series(series, current_user)
    flash(_("删了 %(name)s", name=name), "ok")
    return redirect(url_for("organiser.all_series"))


@face.get("/series/<int:number>/file.json")
@guard.may(Right.SERIES)
def series_file(number: int) -> Response:
    """The whole as a file that `compete series` reads."""
    series = series_or_404(number)
    return send_json(take_out_series(series, current_user), f"{series.name}.json")


@face.get("/series/<int:number>/tops")
@guard.may(Right.SERIES)
def series_tops(number: int) -> ResponseReturnValue:
    """The nodes under no other, all of them."""
    series = series_or_404(number)
    tree = tree_of(series)
    rows, page = part_of(tree.below[None], PAGE_SIZE, "organiser.series_tops", number=number)
    return render_template(
        "organiser/series/tops.html",
        series=series,
        lines=[tree.line(node) for node in rows],
        page=page,
    )
