"""The batches of a year: people, attempts and verdicts, on a page and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.services.kernel.clock import local_today
from compete.services.registration.batch_years import (
    VERDICTS,
    BatchCount,
    BatchYear,
    batches_seen,
    count_year,
    year_of,
)
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list
from compete.web.templating import day
from compete.web.verdict_words import verdict_word


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """A batch, or all of the year: its name, its home, its day, and its figures by column."""

    name: str
    url: str | None
    day: str
    figures: Sequence[int]


def _asked() -> tuple[list[int], BatchYear]:
    """The years that have batches, the newest first, and the one that is asked for, counted."""
    batches = batches_seen(current_user)
    years = sorted({year for it in batches if (year := year_of(it))}, reverse=True)
    asked = whole_number(request.args.get("year", "")) or 0
    wanted = asked if asked in years else next(iter(years), local_today().year)
    return years, count_year(batches, wanted)


def _heads() -> list[str]:
    return [
        *(_("人数"), _("人次"), _("补考人次")),
        *(verdict_word(it) for it in VERDICTS),
        *(_("没公布"), _("没考就转出、退出")),
    ]


def _figures(count: BatchCount) -> list[int]:
    return [
        *(len(count.people), count.attempts, count.again),
        *(count.verdicts[it] for it in VERDICTS),
        *(count.unpublished, count.moved),
    ]


def _lines(counted: BatchYear) -> list[BatchLine]:
    lines = [
        BatchLine(
            name=batch.name,
            url=url_for("organiser.overview", code=batch.code),
            day=day(batch.starts, with_year=True),
            figures=_figures(count),
        )
        for batch, count in counted.batches
    ]
    whole = BatchLine(
        name=_("%(year)s 年合计", year=counted.year),
        url=None,
        day="",
        figures=_figures(counted.whole),
    )
    return [*lines, whole]


@face.get("/batches")
@guard.may(Right.OPEN_DESK)
def batch_years() -> ResponseReturnValue:
    """Count a year's batches of evaluations."""
    years, counted = _asked()
    return render_template(
        "organiser/registration/batch_years.html",
        years=years,
        year=counted.year,
        heads=_heads(),
        lines=_lines(counted) if counted.batches else [],
    )


@face.get("/batches/list.xlsx")
@guard.may(Right.OPEN_DESK)
def batch_years_book() -> Response:
    """The same as a workbook."""
    _years, counted = _asked()
    rows: list[Sequence[Value]] = [(it.name, it.day, *it.figures) for it in _lines(counted)]
    title = msg("%(year)s 年各批认定", year=counted.year)
    return send_list(None, title, [_("认定"), _("考核那天"), *_heads()], rows)
