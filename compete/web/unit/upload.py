"""The unit's workbook: downloaded, looked at, made into drafts."""

from __future__ import annotations

from functools import partial

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import ImportState
from compete.models import Competition, ImportBatch
from compete.services.kernel.refusal import Refused
from compete.services.registration.applications import applications_of, entrants_of, offer_for
from compete.services.registration.known_layouts import open_columns
from compete.services.registration.unit_upload import (
    discard_unit_upload,
    find_unit_batch,
    keep_unit_upload,
    plan_unit_upload,
    write_unit_upload,
)
from compete.services.registration.window import why_units_cannot_enter
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.draining import drain
from compete.web.errors import answer, sentence_for
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.registration.columns import show_columns, take_cell, take_column
from compete.web.organiser.registration.uploading import (
    UploadPage,
    receive,
    show_preview,
    show_upload,
    tell_done_already,
    tell_written,
    too_large_words,
)
from compete.web.organiser.shapes import CompetitionLink
from compete.web.pages import or_404
from compete.web.unit.blueprint import face, own_unit


@face.get("/<code>/workbook.xlsx")
@guard.may(Right.ENTER_OWN)
def workbook(competition: Competition) -> Response:
    """The empty registration workbook, in which this unit alone can be chosen."""
    from compete.sheets.registration.template import write_registration_workbook

    unit = own_unit()
    content = write_registration_workbook(offer_for(competition, unit))
    return send_workbook(content, f"报名表_{unit.name}_{competition.name}.xlsx")


@face.route("/<code>/upload", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN)
@only_once
def upload(competition: Competition) -> ResponseReturnValue:
    """Take the workbook in; a file that cannot be read is refused with the reason."""
    why = why_units_cannot_enter(competition)
    if why is not None:
        return _upload_page(competition, None, 409 if request.method == "POST" else 200)
    if request.method == "GET":
        return _upload_page(competition, None, 200)
    taken = receive(
        lambda name, content: keep_unit_upload(own_unit(), competition, name, content, current_user)
    )
    if isinstance(taken, str):
        return _upload_page(competition, taken, 400)
    return redirect(url_for("unit.preview", code=competition.code, batch_id=taken.id))


@face.errorhandler(413)
def too_large(_error: Exception) -> ResponseReturnValue:
    """A file over the limit is refused before it is read, on the page it was sent from."""
    drain()
    if request.endpoint == "unit.upload":
        return _refuse_large(**(request.view_args or {}))
    return answer(413, sentence_for(413))


@guard.may(Right.ENTER_OWN)
def _refuse_large(competition: Competition) -> ResponseReturnValue:
    return _upload_page(competition, too_large_words(), 413)


def _upload_page(competition: Competition, problem: str | None, status: int) -> ResponseReturnValue:
    unit = own_unit()
    why = why_units_cannot_enter(competition)
    page = UploadPage(
        competition=_home_link(competition),
        template_url=url_for("unit.workbook", code=competition.code),
        upload_url=url_for("unit.upload", code=competition.code),
        units=1,
        entrants=len(entrants_of(unit)) + len(applications_of(unit)),
        closed=say(why) if why is not None else None,
        no_events=not competition.events,
    )
    return show_upload(page, problem, status)


@face.get("/<code>/upload/<int:batch_id>")
@guard.may(Right.ENTER_OWN)
def preview(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Preview what the workbook would do, row by row; nothing is written."""
    batch = _batch(batch_id)
    if batch.state is not ImportState.PREVIEWED:
        return _done_already(competition)
    if open_columns(batch):
        return redirect(url_for("unit.file_columns", code=competition.code, batch_id=batch.id))
    plan = plan_unit_upload(batch, own_unit())
    return show_preview(
        "unit",
        _home_link(competition),
        competition.code,
        batch,
        plan,
        units=[],
        notices=[_("写入以后是草稿，勾上提交，组委会才看得到。")],
    )


@face.post("/<code>/upload/<int:batch_id>/write")
@guard.may(Right.ENTER_OWN)
@only_once
def write(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Every good row becomes a draft, in one transaction."""
    if _batch(batch_id).state is not ImportState.PREVIEWED:
        return _done_already(competition)
    plan = write_unit_upload(batch_id, own_unit(), request.args.get("plan", ""), current_user)
    tell_written(plan)
    if plan.refused and plan.to_write:
        return redirect(url_for("unit.preview", code=competition.code, batch_id=batch_id))
    return redirect(url_for("unit.home", code=competition.code))


@face.get("/<code>/upload/<int:batch_id>/columns")
@guard.may(Right.ENTER_OWN)
def file_columns(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Show each column with its samples, its meaning and the reason for that."""
    return show_columns("unit", _home_link(competition), _waiting(batch_id))


@face.post("/<code>/upload/<int:batch_id>/columns")
@guard.may(Right.ENTER_OWN)
def say_file_column(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Say what a column is."""
    return take_column("unit", _waiting(batch_id))


@face.post("/<code>/upload/<int:batch_id>/cell")
@guard.may(Right.ENTER_OWN)
def put_cell_right(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Put a cell right, or in all rows alike."""
    batch = _waiting(batch_id)
    return take_cell("unit", batch, partial(plan_unit_upload, batch, own_unit()))


@face.post("/<code>/upload/<int:batch_id>/discard")
@guard.may(Right.ENTER_OWN)
def discard(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Write nothing."""
    batch = _batch(batch_id)
    if batch.state is not ImportState.PREVIEWED:
        return _done_already(competition)
    discard_unit_upload(batch, current_user)
    flash(_("没有写入"), "info")
    return redirect(url_for("unit.upload", code=competition.code))


@face.get("/<code>/upload/<int:batch_id>/refused.xlsx")
@guard.may(Right.ENTER_OWN)
def refused(competition: Competition, batch_id: int) -> Response:
    """The refused rows with their reasons, to be mended and uploaded again."""
    from compete.sheets.registration.refused import write_refused_workbook

    unit = own_unit()
    content = write_refused_workbook(plan_unit_upload(_batch(batch_id), unit))
    return send_workbook(content, f"要改的行_{unit.name}_{competition.name}.xlsx")


def _home_link(competition: Competition) -> CompetitionLink:
    return CompetitionLink(name=competition.name, url=url_for("unit.home", code=competition.code))


def _done_already(competition: Competition) -> ResponseReturnValue:
    tell_done_already()
    return redirect(url_for("unit.home", code=competition.code))


def _waiting(batch_id: int) -> ImportBatch:
    """An upload of the unit of which something can be written still; 404 and 409 else."""
    batch = _batch(batch_id)
    if batch.state is not ImportState.PREVIEWED:
        raise Refused(msg("这份报名表已经处理过了，请重新上传"))
    return batch


def _batch(batch_id: int) -> ImportBatch:
    return or_404(find_unit_batch(own_unit(), batch_id))
