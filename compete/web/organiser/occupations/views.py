"""职业目录: looked through, added to, corrected, as a workbook in and out; what it proposes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.event_types import Occupation as NamedOccupation
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Occupation
from compete.services.kernel.refusal import Refused
from compete.services.occupations.catalogue import add_occupation as add
from compete.services.occupations.catalogue import change_occupation as change
from compete.services.occupations.catalogue import close_occupation as close
from compete.services.occupations.catalogue import (
    find_occupation,
    find_occupations,
    plan_occupations,
)
from compete.services.occupations.catalogue import reopen_occupation as reopen
from compete.services.occupations.catalogue import write_occupations as write
from compete.services.occupations.fields import FIELDS, OCCUPATION_ROWS, fields_of
from compete.services.occupations.proposing import occupation_hints, only_code, propose_occupations
from compete.sheets.headed_rows import write_headed_rows
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import SentRows, looked_at, write_looked_at
from compete.web.organiser.occupations.view_model import (
    occupation_page,
    occupations_page,
    preview,
    proposed_rows,
)
from compete.web.pages import fields_of as fields_of_page
from compete.web.refusals import status_of

_LONGEST_TYPED = 200


@face.get("/occupations")
@guard.may(Right.DIRECTORY)
def occupations() -> ResponseReturnValue:
    """The catalogue, page by page."""
    return _list()


@face.post("/occupations")
@guard.may(Right.ADMINISTER)
@only_once
def add_occupation() -> ResponseReturnValue:
    """One more row of the catalogue."""
    try:
        made = add(request.form, current_user)
    except Refused as refused:
        return _list(refused), status_of(refused)
    flash(_("加了 %(name)s", name=made.name), "ok")
    return redirect(url_for("organiser.occupations"))


@face.get("/occupations/proposed")
@guard.may(Right.DIRECTORY)
def proposed_occupations() -> Response:
    """What may be meant by what was typed (`q`), or what speaks against `code` and `name`."""
    typed, code, name = (
        request.args.get(key, "").replace("\0", "")[:_LONGEST_TYPED]
        for key in ("q", "code", "name")
    )
    rows = proposed_rows(propose_occupations(typed))
    said = occupation_hints(NamedOccupation(code=code, name=name)) if code or name else []
    answer = jsonify(
        rows=render_template("organiser/occupations/_proposed.html", rows=rows),
        hints=render_template("organiser/occupations/_hints.html", hints=[say(it) for it in said]),
        code="" if code else only_code(name),
    )
    answer.cache_control.no_store = True
    return answer


@face.get("/occupations/<int:occupation_id>")
@guard.may(Right.DIRECTORY)
def occupation(occupation_id: int) -> ResponseReturnValue:
    """One row of the catalogue."""
    return _single(_found(occupation_id))


@face.post("/occupations/<int:occupation_id>")
@guard.may(Right.ADMINISTER)
def change_occupation(occupation_id: int) -> ResponseReturnValue:
    """Correct it."""
    found = _found(occupation_id)
    try:
        changed = change(found, request.form, current_user)
    except Refused as refused:
        return _single(found, refused), status_of(refused)
    flash(_("存下了") if changed else _("和原来一样"), "ok")
    return redirect(url_for("organiser.occupation", occupation_id=occupation_id))


@face.post("/occupations/<int:occupation_id>/close")
@guard.may(Right.ADMINISTER)
def close_occupation(occupation_id: int) -> ResponseReturnValue:
    """Propose it no more."""
    found = _found(occupation_id)
    close(found, current_user)
    flash(_("%(name)s 停用了，用过它的赛项和证书不变", name=found.name), "ok")
    return redirect(url_for("organiser.occupations"))


@face.post("/occupations/<int:occupation_id>/reopen")
@guard.may(Right.ADMINISTER)
def reopen_occupation(occupation_id: int) -> ResponseReturnValue:
    """Propose it again."""
    found = _found(occupation_id)
    try:
        reopen(found, current_user)
    except Refused as refused:
        return _single(found, refused), status_of(refused)
    flash(_("%(name)s 恢复了", name=found.name), "ok")
    return redirect(url_for("organiser.occupation", occupation_id=occupation_id))


@face.get("/occupations/workbook.xlsx")
@guard.may(Right.DIRECTORY)
def occupations_workbook() -> Response:
    """The whole catalogue, to be changed and brought back."""
    rows = [fields_of(row) for row in find_occupations()[0]]
    return send_workbook(write_headed_rows(msg("职业目录"), FIELDS, rows), "职业目录.xlsx")


@face.route("/occupations/upload", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@only_once
def upload_occupations() -> ResponseReturnValue:
    """A workbook looked at row by row; nothing is written."""
    return looked_at(OCCUPATION_ROWS, _preview)


@face.post("/occupations/write")
@guard.may(Right.ADMINISTER)
@only_once
def write_occupations() -> ResponseReturnValue:
    """What was looked at goes into the catalogue."""

    def written(rows: Sequence[Mapping[str, str]]) -> ResponseReturnValue:
        added, changed = write(rows, current_user)
        flash(_("新增 %(added)s 条，更正 %(changed)s 条", added=added, changed=changed), "ok")
        return redirect(url_for("organiser.occupations"))

    return write_looked_at(OCCUPATION_ROWS, _preview, plan_occupations, written)


def _list(refused: Refused | None = None) -> str:
    page = occupations_page(request.form if refused else None, refused)
    return render_template("organiser/occupations/occupations.html", **fields_of_page(page))


def _single(found: Occupation, refused: Refused | None = None) -> str:
    page = occupation_page(found, request.form if refused else None, refused)
    return render_template("organiser/occupations/occupation.html", **fields_of_page(page))


def _preview(sent: SentRows, problem: str | None) -> str:
    page = preview(sent, problem)
    return render_template("organiser/occupations/upload.html", **fields_of_page(page))


def _found(number: int) -> Occupation:
    found = find_occupation(number)
    if found is None:
        abort(404)
    return found
