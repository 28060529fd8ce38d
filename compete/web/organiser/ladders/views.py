"""等级体系: looked through, added to, corrected, closed, as a workbook in and out."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import GradeLadder
from compete.services.kernel.refusal import Refused
from compete.services.ladders.fields import FIELDS, LADDER_ROWS, LadderTexts, rows_of
from compete.services.ladders.table import add_ladder as add
from compete.services.ladders.table import change_ladder as change
from compete.services.ladders.table import close_ladder as close
from compete.services.ladders.table import find_ladder, find_ladders
from compete.services.ladders.table import reopen_ladder as reopen
from compete.services.ladders.table import write_ladders as write
from compete.sheets.headed_rows import write_headed_rows
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import SentRows, looked_at, write_looked_at
from compete.web.organiser.ladders.view_model import (
    ladder_page,
    ladders_page,
    new_ladder_page,
    preview,
    sent_texts,
)
from compete.web.pages import fields_of
from compete.web.refusals import status_of


@face.get("/ladders")
@guard.may(Right.DIRECTORY)
def ladders() -> ResponseReturnValue:
    """The table."""
    return render_template("organiser/ladders/ladders.html", **fields_of(ladders_page()))


@face.get("/ladders/new")
@guard.may(Right.ADMINISTER)
def new_ladder() -> ResponseReturnValue:
    """The form of one more."""
    return render_template("organiser/ladders/ladder.html", **fields_of(new_ladder_page()))


@face.post("/ladders/new")
@guard.may(Right.ADMINISTER)
@only_once
def add_ladder() -> ResponseReturnValue:
    """One more row of the table."""
    texts = sent_texts()
    try:
        made = add(texts, current_user)
    except Refused as refused:
        page = fields_of(new_ladder_page(texts, refused))
        return render_template("organiser/ladders/ladder.html", **page), status_of(refused)
    flash(_("加了 %(name)s", name=made.name), "ok")
    return redirect(url_for("organiser.ladders"))


@face.get("/ladders/<int:ladder_id>")
@guard.may(Right.DIRECTORY)
def ladder(ladder_id: int) -> ResponseReturnValue:
    """One row of the table."""
    return _single(_found(ladder_id))


@face.post("/ladders/<int:ladder_id>")
@guard.may(Right.ADMINISTER)
def change_ladder(ladder_id: int) -> ResponseReturnValue:
    """Correct it."""
    found = _found(ladder_id)
    try:
        changed = change(found, sent_texts(), current_user)
    except Refused as refused:
        return _single(found, refused, sent_texts()), status_of(refused)
    flash(_("存下了") if changed else _("和原来一样"), "ok")
    return redirect(url_for("organiser.ladder", ladder_id=ladder_id))


@face.post("/ladders/<int:ladder_id>/close")
@guard.may(Right.ADMINISTER)
def close_ladder(ladder_id: int) -> ResponseReturnValue:
    """Offer it no more."""
    found = _found(ladder_id)
    close(found, current_user)
    flash(_("%(name)s 停用了，用了它的赛项不变", name=found.name), "ok")
    return redirect(url_for("organiser.ladders"))


@face.post("/ladders/<int:ladder_id>/reopen")
@guard.may(Right.ADMINISTER)
def reopen_ladder(ladder_id: int) -> ResponseReturnValue:
    """Offer it again."""
    found = _found(ladder_id)
    try:
        reopen(found, current_user)
    except Refused as refused:
        return _single(found, refused), status_of(refused)
    flash(_("%(name)s 恢复了", name=found.name), "ok")
    return redirect(url_for("organiser.ladder", ladder_id=ladder_id))


@face.get("/ladders/workbook.xlsx")
@guard.may(Right.DIRECTORY)
def ladders_workbook() -> Response:
    """The whole table, a row a rung, to be changed and brought back."""
    rows = [rung for row in find_ladders() for rung in rows_of(row)]
    return send_workbook(write_headed_rows(msg("等级体系"), FIELDS, rows), "等级体系.xlsx")


@face.route("/ladders/upload", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@only_once
def upload_ladders() -> ResponseReturnValue:
    """A workbook looked at ladder by ladder; nothing is written."""
    return looked_at(LADDER_ROWS, _preview)


@face.post("/ladders/write")
@guard.may(Right.ADMINISTER)
@only_once
def write_ladders() -> ResponseReturnValue:
    """What was looked at goes into the table."""

    def written(rows: SentRows) -> ResponseReturnValue:
        added, changed = write([texts for _row, texts in rows], current_user)
        flash(_("新增 %(added)s 个，更正 %(changed)s 个", added=added, changed=changed), "ok")
        return redirect(url_for("organiser.ladders"))

    return write_looked_at(LADDER_ROWS, _preview, None, written)


def _single(
    found: GradeLadder, refused: Refused | None = None, typed: LadderTexts | None = None
) -> str:
    page = ladder_page(found, typed, refused)
    return render_template("organiser/ladders/ladder.html", **fields_of(page))


def _preview(sent: SentRows, problem: str | None) -> str:
    page = preview(sent, problem)
    return render_template("organiser/ladders/upload.html", **fields_of(page))


def _found(number: int) -> GradeLadder:
    found = find_ladder(number)
    if found is None:
        abort(404)
    return found
