"""申报条件: editions of the conditions for a grade, written, confirmed, closed."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import GRADES, grade_label
from compete.domain.values.rights import Right
from compete.models import ConditionEdition
from compete.services.directory.ladders.conditions import (
    EDITIONS,
    LINE_FIELDS,
    MOST_LINES,
    EditionTexts,
    confirm_edition,
    edition_texts,
    find_editions,
)
from compete.services.directory.ladders.fields import CatalogueHead
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.catalogue_pages import CataloguePages
from compete.web.organiser.directory.ladders.views import links_of_events
from compete.web.refusals import faults_of, problem_of
from compete.web.setting_forms import act_form, posted_texts
from compete.web.shapes import choices

_LEAST_LINES, _FREE_LINES = 8, 3


def _show_all(refused: Refused | None) -> str:
    """The editions that are offered, or those that are closed."""
    closed = request.args.get("view") == "closed"
    return render_template(
        "organiser/directory/ladders/conditions.html",
        rows=[(row, _grades(row)) for row in find_editions(closed=closed)],
        closed=closed,
    )


def _show(row: ConditionEdition | None, typed: EditionTexts | None, refused: Refused | None) -> str:
    texts = typed or (edition_texts(row) if row is not None else EditionTexts())
    return render_template(
        "organiser/directory/ladders/condition_edition.html",
        row=row,
        head=act_form(CatalogueHead, refused, texts),
        lines=_lines(texts),
        may_change=current_user.is_admin,
        grades=choices({grade: grade_label(grade) for grade in GRADES}),
        events=links_of_events(row) if row is not None else [],
        lines_fault=faults_of(refused).get("lines"),
        problem=problem_of(refused),
    )


def _sent() -> EditionTexts:
    form = request.form
    lines = [
        (n, {key: form.get(f"lines[{n}].{key}", "") for key in LINE_FIELDS})
        for n in range(1, MOST_LINES + 1)
        if f"lines[{n}].grade" in form
    ]
    return EditionTexts(**posted_texts(CatalogueHead), lines=lines)


def _lines(texts: EditionTexts) -> list[Mapping[str, str]]:
    """The lines that are written, and empty ones to write in."""
    written = [line for _number, line in texts.lines]
    wanted = min(max(_LEAST_LINES, len(written) + _FREE_LINES), MOST_LINES)
    return [*written, *[dict.fromkeys(LINE_FIELDS, "")] * (wanted - len(written))]


def _grades(row: ConditionEdition) -> str:
    """Name the grades it has lines for, the lowest first."""
    grades = sorted({it["grade"] for it in row.lines}, reverse=True)
    return _("、").join(say(grade_label(grade)) for grade in grades)


_PAGES = CataloguePages(
    catalogue=EDITIONS,
    at="/ladders/conditions",
    name="condition_edition",
    sent=_sent,
    show=_show_all,
    show_row=_show,
    closed=lambda _name: _("停用了"),
    reopened=lambda _name: _("恢复了"),
    stays=True,
)
_PAGES.hang()


@face.post("/ladders/conditions/<int:number>/confirm")
@guard.may(Right.ADMINISTER)
def confirm_condition_edition(number: int) -> ResponseReturnValue:
    """Say that it was held against the document."""
    confirm_edition(_PAGES.row_or_404(number), current_user)
    flash(_("核对过了"), "ok")
    return redirect(url_for("organiser.condition_edition", number=number))
