"""The unit's workbook: downloaded, looked at, made into drafts."""

from __future__ import annotations

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import ImportState, Right
from compete.models import Competition, ImportBatch
from compete.services.kernel import Refused
from compete.services.registration import (
    applications_of,
    discard_unit_upload,
    entrants_of,
    find_unit_batch,
    keep_unit_upload,
    offer_for,
    plan_mark,
    plan_unit_upload,
    why_units_cannot_enter,
    write_unit_upload,
)
from compete.sheets.registration import RowStatus
from compete.sheets.workbook import WorkbookError, read_upload
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.draining import drain
from compete.web.errors import answer, sentence_for
from compete.web.language import say
from compete.web.organiser.registration.shapes import PreviewFile, PreviewUrls
from compete.web.organiser.registration.view_model import STATES, describe_columns, plan_row
from compete.web.organiser.shapes import CompetitionLink
from compete.web.paging import asked_page, describe_page
from compete.web.unit.blueprint import face, own_unit

PAGE_SIZE = 100
# What the form around the file takes at most.
_FORM_BYTES = 4096


@face.get("/<code>/workbook.xlsx")
@guard.may(Right.ENTER_OWN)
def workbook(competition: Competition) -> Response:
    """The empty registration workbook, in which this unit alone can be chosen."""
    from compete.sheets.registration import write_registration_workbook

    unit = own_unit()
    content = write_registration_workbook(offer_for(competition, unit))
    return send_workbook(content, f"报名表_{unit.name}_{competition.name}.xlsx")


@face.route("/<code>/upload", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN)
def upload(competition: Competition) -> ResponseReturnValue:
    """Take the workbook in; a file that cannot be read is refused with the reason."""
    why = why_units_cannot_enter(competition)
    if why is not None:
        return _upload_page(competition, None, 409 if request.method == "POST" else 200)
    problem = None
    if request.method == "POST":
        sent = request.files.get("workbook")
        if sent is None or not sent.filename:
            problem = _("还没选文件")
        else:
            try:
                content = read_upload(sent.stream, declared=request.content_length)
                batch = keep_unit_upload(
                    own_unit(), competition, sent.filename, content, current_user
                )
                return redirect(url_for("unit.preview", code=competition.code, batch_id=batch.id))
            except (WorkbookError, Refused) as error:
                problem = say(error.message)
    return _upload_page(competition, problem, 400 if problem else 200)


@face.errorhandler(413)
def too_large(_error: Exception) -> ResponseReturnValue:
    """A file over the limit is refused before it is read, on the page it was sent from."""
    drain()
    if request.endpoint == "unit.upload":
        return _refuse_large(**(request.view_args or {}))
    return answer(413, sentence_for(413))


@guard.may(Right.ENTER_OWN)
def _refuse_large(competition: Competition) -> ResponseReturnValue:
    problem = _("文件太大了，最大 %(limit)s。报名表里不要放照片", limit=_limit())
    return _upload_page(competition, problem, 413)


def _limit() -> str:
    return f"{current_app.config['MAX_CONTENT_LENGTH'] // 1024**2} MB"


def _upload_page(competition: Competition, problem: str | None, status: int) -> ResponseReturnValue:
    unit = own_unit()
    why = why_units_cannot_enter(competition)
    page = render_template(
        "organiser/registration/upload.html",
        competition=_home_link(competition),
        template_url=url_for("unit.workbook", code=competition.code),
        upload_url=url_for("unit.upload", code=competition.code),
        units=1,
        entrants=len(entrants_of(unit)) + len(applications_of(unit)),
        problem=problem,
        closed=say(why) if why is not None else None,
        no_events=not competition.events,
        limit=_limit(),
        limit_bytes=current_app.config["MAX_CONTENT_LENGTH"] - _FORM_BYTES,
    )
    return page, status


@face.get("/<code>/upload/<int:batch_id>")
@guard.may(Right.ENTER_OWN)
def preview(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """What the workbook would do, row by row; nothing is written."""
    batch = _batch(batch_id)
    if batch.state is not ImportState.PREVIEWED:
        return _done_already(competition)
    plan = plan_unit_upload(batch, own_unit())
    shown = request.args.get("show", "all")
    number, code = asked_page(), competition.code
    rows = [row for row in plan.for_preview if shown in ("all", STATES[row.status])]
    counts = {word: plan.count(status) for status, word in STATES.items()}
    return render_template(
        "organiser/registration/preview.html",
        competition=_home_link(competition),
        file=PreviewFile(name=batch.filename, sheet=plan.people.name, rows=len(plan.rows)),
        counts=counts | {"all": len(plan.rows)},
        shown=shown,
        filter_urls={
            word: url_for(
                "unit.preview", show=None if word == "all" else word, code=code, batch_id=batch_id
            )
            for word in ("all", *STATES.values())
        },
        columns=describe_columns(plan),
        rows=[plan_row(row) for row in rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]],
        page=describe_page(
            len(rows),
            number,
            PAGE_SIZE,
            "unit.preview",
            show=None if shown == "all" else shown,
            code=code,
            batch_id=batch_id,
        ),
        units=[],
        notices=[say(notice) for notice in plan.notices]
        + [_("写入以后是草稿，勾上提交，组委会才看得到。")],
        urls=PreviewUrls(
            upload=url_for("unit.upload", code=code),
            write=url_for("unit.write", plan=plan_mark(plan), code=code, batch_id=batch_id),
            discard=url_for("unit.discard", code=code, batch_id=batch_id),
            refused=url_for("unit.refused", code=code, batch_id=batch_id),
        ),
        writable=counts["added"] + counts["changed"],
        unfit=0,
        closed=None,
    )


@face.post("/<code>/upload/<int:batch_id>/write")
@guard.may(Right.ENTER_OWN)
def write(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Every good row becomes a draft, in one transaction."""
    if _batch(batch_id).state is not ImportState.PREVIEWED:
        return _done_already(competition)
    plan = write_unit_upload(batch_id, own_unit(), request.args.get("plan", ""), current_user)
    flash(
        _(
            "%(written)s 行已写入，%(refused)s 行拒绝",
            written=len(plan.to_write),
            refused=plan.count(RowStatus.REFUSED),
        ),
        "ok",
    )
    return redirect(url_for("unit.home", code=competition.code))


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
    from compete.sheets.registration import write_refused_workbook

    unit = own_unit()
    content = write_refused_workbook(plan_unit_upload(_batch(batch_id), unit))
    return send_workbook(content, f"要改的行_{unit.name}_{competition.name}.xlsx")


def _home_link(competition: Competition) -> CompetitionLink:
    return CompetitionLink(name=competition.name, url=url_for("unit.home", code=competition.code))


def _done_already(competition: Competition) -> ResponseReturnValue:
    flash(_("这份报名表已经处理过了，名单就是现在这样"), "info")
    return redirect(url_for("unit.home", code=competition.code))


def _batch(batch_id: int) -> ImportBatch:
    batch = find_unit_batch(own_unit(), batch_id)
    if batch is None:
        abort(404)
    return batch
