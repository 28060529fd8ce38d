"""A labour competition: the standings of a period, group by group."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _

from compete.domain import score
from compete.domain.bundle import Bundle, Labour, LabourResults, PeriodResults
from compete.domain.values import Right
from compete.models import Competition
from compete.services.publication import edition_of
from compete.services.scoring import export_bundle
from compete.sheets.results_book import write_results_book
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.guard import allowed_url
from compete.web.organiser.blueprint import face
from compete.web.organiser.competition_words import level_word
from compete.web.organiser.labour.development import development
from compete.web.organiser.labour.shapes import LabourColumn, LabourHead, LabourUrls, PeriodName
from compete.web.organiser.labour.view_model import (
    flag_words,
    flags_are_given,
    has_parts,
    standings_row,
)
from compete.web.organiser.shapes import View
from compete.web.paging import asked_page, describe_page

PAGE_SIZE = 50


@face.get("/<code>/labour")
@guard.of_any_kind
@guard.may(Right.SEE)
def labour(competition: Competition) -> ResponseReturnValue:
    """Ranks of the units of one group in one period; the whole by default."""
    if competition.kind != "labour":
        return redirect(url_for("organiser.overview", code=competition.code))
    bundle = export_bundle(competition)
    labour, results = _scored(bundle)
    period = _chosen_period(results)
    groups = sorted({row.group for row in period.standings if row.group is not None})
    group = request.args.get("group", groups[0] if groups else None)
    rows = [row for row in period.standings if row.group == group or not groups]
    page = asked_page()
    names = {period_rules.code: period_rules.name for period_rules in labour.periods}
    units = {unit.code: unit.name for unit in bundle.units}
    led = development(bundle, results, period)
    inner = [period_rules for period_rules in labour.periods if period_rules.part_of == period.code]
    shown = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return render_template(
        "organiser/labour/labour.html",
        competition=LabourHead(
            name=competition.name,
            url=url_for("organiser.competitions"),
            notes=[
                level_word(competition.level),
                _("%(n)s 个单位", n=len(bundle.units)),
            ],
        ),
        period=PeriodName(name=names[period.code]),
        views=[
            View(
                label=names[period_results.code],
                url=url_for("organiser.labour", code=competition.code, period=period_results.code),
                current=period_results.code == period.code,
            )
            for period_results in results.periods
            if has_parts(labour, period_results.code)
        ],
        groups=[
            View(
                label=group_name,
                url=url_for(
                    "organiser.labour", code=competition.code, period=period.code, group=group_name
                ),
                current=group_name == group,
            )
            for group_name in groups
        ],
        trend=led.drawn(rows, units),
        columns=[
            LabourColumn(key=period_rules.code, label=period_rules.name) for period_rules in inner
        ],
        rows=[
            standings_row(row, bundle, results, [period_rules.code for period_rules in inner], led)
            for row in shown
        ],
        flags=[flag_words(period, group_name, bundle, labour) for group_name in (groups or (None,))]
        if flags_are_given(labour, period.code)
        else [],
        why=None,
        tie=None,
        hash=None,
        page=describe_page(
            len(rows),
            page,
            PAGE_SIZE,
            "organiser.labour",
            code=competition.code,
            period=period.code,
            group=group,
        ),
        urls=LabourUrls(
            export=url_for("organiser.labour_book", code=competition.code),
            settings=allowed_url("organiser.details", code=competition.code),
        ),
    )


@face.get("/<code>/labour.xlsx")
@guard.of_any_kind
@guard.may(Right.SEE)
def labour_book(competition: Competition) -> Response:
    """Every period's standings as a workbook."""
    bundle = export_bundle(competition)
    results = score(bundle)
    book = write_results_book(bundle, results, gettext, edition=edition_of(competition, results)[1])
    return send_workbook(book, f"排名_{competition.name}.xlsx")


def _scored(bundle: Bundle) -> tuple[Labour, LabourResults]:
    results = score(bundle).labour
    if results is None or bundle.labour is None:
        abort(404)
    return bundle.labour, results


def _chosen_period(results: LabourResults) -> PeriodResults:
    wanted = request.args.get("period", results.final)
    for period in results.periods:
        if period.code == wanted:
            return period
    abort(404)
