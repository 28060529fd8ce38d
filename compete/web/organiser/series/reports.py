"""Counts of many nodes as a workbook, in and out; the tree as a workbook; who was reminded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Series
from compete.services.series.reminders import remind_nodes
from compete.services.series.report_rows import (
    REPORT_FIELDS,
    REPORT_ROWS,
    enter_reports,
    plan_reports,
    report_lines,
)
from compete.services.series.series_nodes import LEVELS
from compete.services.series.series_rights import require_keeper
from compete.sheets.headed_rows import write_headed_rows
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import SentRows, fields_preview, looked_at, write_looked_at
from compete.web.organiser.list_book import send_list
from compete.web.organiser.series.series import series_or_404, show_series, tree_of
from compete.web.pages import fields_of
from compete.web.posted import posted_numbers
from compete.web.refusals import refusal_on

_MOST_SHOWN = 300


def _kept_or_404(number: int) -> Series:
    """The series, for who keeps it. Raises `Refused` (FORBIDDEN) for others who see it."""
    series = series_or_404(number)
    require_keeper(current_user, series)
    return series


@face.route("/series/<int:number>/reports", methods=["GET", "POST"])
@guard.may(Right.SERIES)
@only_once
def upload_series_reports(number: int) -> ResponseReturnValue:
    """A workbook of counts looked at row by row; nothing is written."""
    return looked_at(REPORT_ROWS, partial(_page, _kept_or_404(number)))


@face.post("/series/<int:number>/reports/write")
@guard.may(Right.SERIES)
@only_once
def write_series_reports(number: int) -> ResponseReturnValue:
    """Write the rows that were looked at."""
    series = _kept_or_404(number)

    def write_rows(rows: Sequence[Mapping[str, str]]) -> ResponseReturnValue:
        done = enter_reports(series, rows, current_user)
        flash(ngettext("记了 %(num)s 站的数", "记了 %(num)s 站的数", done), "ok")
        return redirect(url_for("organiser.one_series", number=number))

    return write_looked_at(
        REPORT_ROWS, partial(_page, series), partial(plan_reports, series), write_rows
    )


@face.get("/series/<int:number>/reports/workbook.xlsx")
@guard.may(Right.SERIES)
def series_reports_workbook(number: int) -> Response:
    """Download the nodes that report with what stands, to be filled in; `missing`: the others."""
    series = _kept_or_404(number)
    missing = request.args.get("missing") is not None
    lines = report_lines(series, missing=missing)
    content = write_headed_rows(msg("报数表"), REPORT_FIELDS, lines)
    return send_workbook(content, f"{_('报数表')}_{series.name}.xlsx")


def _page(series: Series, sent: SentRows, problem: str | None) -> str:
    page = fields_preview(
        "series_reports",
        REPORT_FIELDS,
        partial(plan_reports, series),
        sent,
        problem,
        _MOST_SHOWN,
        at={"number": series.id},
        back=url_for("organiser.one_series", number=series.id),
    )
    return render_template(
        "organiser/series/reports.html",
        series=series,
        most_rows=REPORT_ROWS.most,
        **fields_of(page),
    )


@face.get("/series/<int:number>/tree.xlsx")
@guard.may(Right.SERIES)
def series_book(number: int) -> Response:
    """Download every node with what it came to, from the top down."""
    series = series_or_404(number)
    tree = tree_of(series)
    columns = [
        *(_("站"), _("挂在哪一站"), _("级别"), _("主办"), _("场次"), _("人次"), _("考核人数")),
        *(_("合格人数"), _("合格率"), _("数从哪来"), _("推荐")),
    ]
    rows: list[Sequence[Value]] = []
    names = {node.id: node.name for node in tree.nodes}
    for node, depth in tree.downwards():
        counts, line = tree.counts(node), tree.line(node)
        total = counts.total
        rows.append(
            [
                "　" * depth + node.name,
                names.get(node.parent_id or 0, ""),
                say(LEVELS[node.level]),
                node.organiser,
                *(total.sessions, total.people, total.examined, total.passed),
                f"{counts.rate}%" if counts.rate else "",
                line.source,
                _("；").join(berth.text for berth in line.berths),
            ]
        )
    return send_list(None, msg("系列赛的站"), columns, rows)


@face.post("/series/<int:number>/remind")
@guard.may(Right.SERIES)
@only_once
@refusal_on(show_series)
def remind_series(number: int) -> ResponseReturnValue:
    """Note that nodes were reminded: those that are named, else all that have not reported."""
    done = remind_nodes(series_or_404(number), posted_numbers("node"), current_user)
    words = ngettext("记下催了 %(num)s 站，话请您转到", "记下催了 %(num)s 站，话请您转到", done)
    flash(words, "ok")
    return redirect(url_for("organiser.one_series", number=number))
