"""申报条件: editions of the conditions for a grade, written, confirmed, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import GRADES, grade_label
from compete.domain.values.rights import Right
from compete.models import ConditionEdition
from compete.services.kernel.refusal import Refused
from compete.services.ladders.conditions import (
    LINE_FIELDS,
    MOST_LINES,
    EditionTexts,
    add_edition,
    change_edition,
    close_edition,
    confirm_edition,
    edition_texts,
    find_edition,
    find_editions,
    reopen_edition,
)
from compete.services.ladders.taken import events_with
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.shapes import Link
from compete.web.refusals import faults_of, problem_of, status_of
from compete.web.shapes import Choice

_LEAST_LINES, _FREE_LINES = 8, 3


@face.get("/ladders/conditions")
@guard.may(Right.DIRECTORY)
def condition_editions() -> ResponseReturnValue:
    """The editions that are offered, or those that are closed."""
    closed = request.args.get("view") == "closed"
    return render_template(
        "organiser/ladders/conditions.html",
        rows=[(row, _grades(row)) for row in find_editions(closed=closed)],
        closed=closed,
    )


@face.route("/ladders/conditions/new", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@only_once
def new_condition_edition() -> ResponseReturnValue:
    """The form of one more, and the edition that it makes."""
    if request.method == "GET":
        return _shown(None, EditionTexts())
    texts = _sent()
    try:
        made = add_edition(texts, current_user)
    except Refused as refused:
        return _shown(None, texts, refused), status_of(refused)
    flash(_("加了 %(name)s", name=made.name), "ok")
    return redirect(url_for("organiser.condition_edition", edition_id=made.id))


@face.route("/ladders/conditions/<int:edition_id>", methods=["GET", "POST"])
@guard.may(Right.DIRECTORY)
def condition_edition(edition_id: int) -> ResponseReturnValue:
    """One edition; sent, it is corrected."""
    found = _found(edition_id)
    if request.method == "GET":
        return _shown(found, edition_texts(found))
    texts = _sent()
    try:
        changed = change_edition(found, texts, current_user)
    except Refused as refused:
        return _shown(found, texts, refused), status_of(refused)
    flash(_("存下了") if changed else _("和原来一样"), "ok")
    return redirect(url_for("organiser.condition_edition", edition_id=edition_id))


_ACTS = {"confirm": confirm_edition, "close": close_edition, "reopen": reopen_edition}


@face.post("/ladders/conditions/<int:edition_id>/<act>")
@guard.may(Right.ADMINISTER)
def act_on_edition(edition_id: int, act: str) -> ResponseReturnValue:
    """Confirm it against the document, offer it no more, or again."""
    found = _found(edition_id)
    if act not in _ACTS:
        abort(404)
    try:
        _ACTS[act](found, current_user)
    except Refused as refused:
        return _shown(found, edition_texts(found), refused), status_of(refused)
    words = {"confirm": _("核对过了"), "close": _("停用了"), "reopen": _("恢复了")}
    flash(words[act], "ok")
    return redirect(url_for("organiser.condition_edition", edition_id=edition_id))


def _shown(
    row: ConditionEdition | None, texts: EditionTexts, refused: Refused | None = None
) -> str:
    return render_template(
        "organiser/ladders/condition_edition.html",
        row=row,
        texts=texts,
        lines=_lines(texts),
        may_change=current_user.is_admin,
        grades=[Choice(value=str(grade), label=say(grade_label(grade))) for grade in GRADES],
        events=_events(row) if row is not None else [],
        faults=faults_of(refused),
        problem=problem_of(refused),
    )


def _lines(texts: EditionTexts) -> list[Mapping[str, str]]:
    """The lines that are written, and empty ones to write in."""
    written = [said for _number, said in texts.lines]
    wanted = min(max(_LEAST_LINES, len(written) + _FREE_LINES), MOST_LINES)
    return [*written, *[dict.fromkeys(LINE_FIELDS, "")] * (wanted - len(written))]


def _sent() -> EditionTexts:
    form = request.form
    lines = [
        (n, {key: form.get(f"lines[{n}].{key}", "") for key in LINE_FIELDS})
        for n in range(1, MOST_LINES + 1)
        if f"lines[{n}].grade" in form
    ]
    return EditionTexts(form.get("name", ""), form.get("note", ""), lines)


def _grades(row: ConditionEdition) -> str:
    """For which grades it has lines, the lowest first."""
    grades = sorted({it["grade"] for it in row.lines}, reverse=True)
    return _("、").join(say(grade_label(grade)) for grade in grades)


def _events(row: ConditionEdition) -> Sequence[Link]:
    return [
        Link(
            label=f"{event.competition.name} · {event.name}",
            url=url_for("organiser.event_rules", code=event.competition.code, event=event.code),
        )
        for event in events_with(row, current_user)
    ]


def _found(number: int) -> ConditionEdition:
    found = find_edition(number)
    if found is None:
        abort(404)
    return found
