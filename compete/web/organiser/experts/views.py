"""专家库: looked through, added to, changed, as a workbook in and out, and judges taken from it."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, Expert
from compete.services.directory.bringing_experts import plan_experts, write_experts
from compete.services.directory.expert_fields import EXPERT_ROWS, fields_of_expert
from compete.services.directory.experts import add_expert as add
from compete.services.directory.experts import change_expert as change
from compete.services.directory.experts import end_expert as end
from compete.services.directory.experts import find_expert, find_experts, may_change_expert
from compete.services.directory.experts_back import undo_expert
from compete.services.kernel.catalogues import WrongFieldsError
from compete.services.kernel.refusal import Refused
from compete.services.officials.new_officials import add_from_pool
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.catalogue_pages import WorkbookPages
from compete.web.organiser.experts.view_model import preview, show_expert, show_experts
from compete.web.organiser.last_act import undone
from compete.web.pages import or_404
from compete.web.refusals import status_of
from compete.web.templating import role_word


@face.get("/experts")
@guard.may(Right.DIRECTORY)
def experts() -> ResponseReturnValue:
    """The pool; with `asking`, for a competition that looks for judges."""
    return show_experts()


@face.post("/experts")
@guard.may(Right.DIRECTORY)
@only_once
def add_expert() -> ResponseReturnValue:
    """One more row of the pool."""
    try:
        made = add(request.form, current_user)
    except Refused as refused:
        return show_experts(refused), status_of(refused)
    flash(_("加了 %(name)s", name=made.person.name), "ok")
    return redirect(url_for("organiser.experts"))


@face.get("/experts/<int:expert_id>")
@guard.may(Right.DIRECTORY)
def expert(expert_id: int) -> ResponseReturnValue:
    """One row of the pool."""
    return show_expert(_found(expert_id))


@face.post("/experts/<int:expert_id>")
@guard.may(Right.DIRECTORY)
def change_expert(expert_id: int) -> ResponseReturnValue:
    """Write it anew."""
    found = _own(expert_id)
    try:
        changed = change(found, request.form, current_user)
    except WrongFieldsError as refused:
        return show_expert(found, refused), status_of(refused)
    flash(_("存下了") if changed else _("和原来一样"), "ok")
    return redirect(url_for("organiser.expert", expert_id=expert_id))


@face.post("/experts/<int:expert_id>/end")
@guard.may(Right.DIRECTORY)
def end_expert(expert_id: int) -> ResponseReturnValue:
    """Take a row out of the pool."""
    found = _own(expert_id)
    name = found.person.name
    end(found, current_user)
    flash(_("%(name)s 移出了专家库，评过的不变", name=name), "ok")
    return redirect(url_for("organiser.experts"))


@face.post("/experts/undo")
@guard.may(Right.DIRECTORY)
@only_once
def undo_last_expert() -> ResponseReturnValue:
    """Make the pool as it was before what the reader did last."""
    return undone(undo_expert, "organiser.experts")


def _told(made: int, changed: int) -> None:
    if made or not changed:
        flash(ngettext("加了 %(num)s 条", "加了 %(num)s 条", made), "ok")
    if changed:
        flash(ngettext("更正了 %(num)s 条", "更正了 %(num)s 条", changed), "ok")


WorkbookPages(
    kind=EXPERT_ROWS,
    right=Right.DIRECTORY,
    title=msg("专家库"),
    template="organiser/experts/upload.html",
    rows=lambda: map(fields_of_expert, find_experts()[0]),
    plan=lambda rows: plan_experts(rows, current_user),
    preview=preview,
    write=lambda rows: write_experts(rows, current_user),
    written=_told,
).hang()


@face.post("/<code>/judges/expert/<int:expert_id>")
@guard.may(Right.APPOINT)
@only_once
def take_expert(competition: Competition, expert_id: int) -> ResponseReturnValue:
    """Ask somebody of the pool in."""
    judge = add_from_pool(competition, _found(expert_id), current_user)
    flash(
        _(
            "加了%(role)s %(name)s，编号 %(code)s。给他发登录卡。",
            role=role_word(judge.role) if judge.role else "",
            name=judge.name,
            code=judge.code,
        ),
        "ok",
    )
    return redirect(url_for("organiser.experts", asking=competition.code))


def _found(number: int) -> Expert:
    return or_404(find_expert(number))


def _own(number: int) -> Expert:
    found = _found(number)
    if not may_change_expert(found, current_user):
        abort(404)
    return found
