"""Uploading the registration workbook: look first, then write or not."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import ImportState
from compete.models import Competition, ImportBatch
from compete.services.competitions.overview import brief_of
from compete.services.registration.event_capacity import plan_with_places
from compete.services.registration.known_layouts import KEPT_DAYS, open_columns, waiting_uploads
from compete.services.registration.preview import discard_upload, find_batch, keep_upload
from compete.services.registration.staged_writing import ask_write
from compete.services.registration.staging import ask_preview, open_work, staged_refused
from compete.services.registration.writing import write_plan
from compete.services.schedule.late_places import rule_for_late
from compete.sheets.registration.plan import RegistrationPlan, RowStatus
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.draining import drain
from compete.web.errors import answer, sentence_for
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.view_model import job_url
from compete.web.organiser.new_competition.views import refuse_large_bundle
from compete.web.organiser.portraits.views import refuse_large_zip
from compete.web.organiser.registration.adding import registration_closed
from compete.web.organiser.registration.places import tell_places
from compete.web.organiser.registration.shapes import WaitingFile
from compete.web.organiser.registration.uploading import (
    UploadPage,
    receive,
    show_preview,
    show_staged,
    show_upload,
    tell_done_already,
    tell_written,
    too_large_words,
)
from compete.web.organiser.shapes import competition_link
from compete.web.pages import or_404
from compete.web.templating import day


@face.route("/<code>/entrants/upload", methods=["GET", "POST"])
@guard.may(Right.REGISTER)
@only_once
def upload(competition: Competition) -> ResponseReturnValue:
    """Take the workbook in; a file that cannot be read is refused with the reason."""
    if registration_closed(competition):
        return _upload_page(competition, None, 409 if request.method == "POST" else 200)
    if request.method == "GET":
        return _upload_page(competition, None, 200)
    taken = receive(lambda name, content: keep_upload(competition, name, content, current_user))
    if isinstance(taken, str):
        return _upload_page(competition, taken, 400)
    return redirect(url_for("organiser.preview", code=competition.code, batch_id=taken.id))


@face.errorhandler(413)
def too_large(_error: Exception) -> ResponseReturnValue:
    """A file over the limit is refused before it is read, on the page it was sent from."""
    drain()
    if request.endpoint == "organiser.upload":
        return _refuse_large(**(request.view_args or {}))
    if request.endpoint == "organiser.portraits":
        return refuse_large_zip(**(request.view_args or {}))
    if request.endpoint == "organiser.make_competition":
        return refuse_large_bundle()
    return answer(413, sentence_for(413))


@guard.may(Right.REGISTER)
def _refuse_large(competition: Competition) -> ResponseReturnValue:
    return _upload_page(competition, too_large_words(), 413)


def _upload_page(competition: Competition, problem: str | None, status: int) -> ResponseReturnValue:
    page = UploadPage(
        competition=competition_link(competition),
        template_url=url_for("organiser.workbook", code=competition.code),
        upload_url=url_for("organiser.upload", code=competition.code),
        units=len(competition.units),
        entrants=brief_of(competition).entrants,
        closed=registration_closed(competition),
        no_events=not competition.events,
        asks=True,
        waiting=[
            WaitingFile(
                name=batch.filename,
                url=url_for("organiser.preview", code=competition.code, batch_id=batch.id),
                until=day(batch.made_at + timedelta(days=KEPT_DAYS)),
            )
            for batch in waiting_uploads(competition)
        ],
    )
    return show_upload(page, problem, status)


@face.get("/<code>/entrants/upload/<int:batch_id>")
@guard.may(Right.REGISTER)
def preview(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Preview what the workbook would do, row by row; nothing is written."""
    batch = _batch(competition, batch_id)
    if batch.state is not ImportState.PREVIEWED:
        return _done_already(competition)
    if batch.large:
        job = open_work(batch)
        if job is None and batch.summary is None:
            job = ask_preview(batch, current_user)
        return show_staged(batch) if job is None else redirect(job_url(job))
    if open_columns(batch):
        return redirect(url_for("organiser.file_columns", code=competition.code, batch_id=batch.id))
    plan = plan_with_places(batch)
    return show_preview(
        "organiser",
        competition_link(competition),
        competition.code,
        batch,
        plan,
        units=[unit.name for unit in plan.new_units],
        notices=[
            *(say(fault.problem.message) for fault in plan.unit_problems),
            *_late_notice(competition, plan),
        ],
    )


@face.post("/<code>/entrants/upload/<int:batch_id>/write")
@guard.may(Right.REGISTER)
@only_once
def write(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Write all good rows, in one transaction; those of a large workbook by a job."""
    batch = _batch(competition, batch_id)
    if batch.state is not ImportState.PREVIEWED:
        return _done_already(competition)
    if batch.large:
        return redirect(job_url(ask_write(batch, current_user, request.form.get("exempted_for"))))
    plan = write_plan(
        batch_id,
        request.args.get("plan", ""),
        current_user,
        exempted_for=request.form.get("exempted_for"),
    )
    tell_written(plan)
    if plan.refused and plan.to_write:
        flash(_("没写的 %(n)s 行在“上传报名表”里留 30 天，改好再写", n=len(plan.refused)), "info")
    tell_places(
        competition,
        {
            row.registration.crew_code or row.registration.code
            for row in plan.to_write
            if row.status is RowStatus.ADDED and row.registration
        },
    )
    return redirect(url_for("organiser.entrants", code=competition.code))


def _late_notice(competition: Competition, plan: RegistrationPlan) -> list[str]:
    """Name the rule that gives late people a place, if others have theirs."""
    rule = rule_for_late(competition) if plan.count(RowStatus.ADDED) else None
    return [say(rule)] if rule else []


@face.post("/<code>/entrants/upload/<int:batch_id>/again")
@guard.may(Right.REGISTER)
def look_again(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Look through a large workbook once more, since somebody changed the list."""
    batch = _batch(competition, batch_id)
    if batch.state is not ImportState.PREVIEWED or not batch.large:
        return _done_already(competition)
    return redirect(job_url(open_work(batch) or ask_preview(batch, current_user)))


@face.post("/<code>/entrants/upload/<int:batch_id>/discard")
@guard.may(Right.REGISTER)
def discard(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Write nothing."""
    batch = _batch(competition, batch_id)
    if batch.state is not ImportState.PREVIEWED:
        return _done_already(competition)
    discard_upload(batch_id, current_user)
    if batch.written:
        flash(_("没写的不写了，写了的 %(n)s 行留在名单里", n=batch.written), "info")
    else:
        flash(_("没有写入"), "info")
    return redirect(url_for("organiser.upload", code=competition.code))


@face.get("/<code>/entrants/upload/<int:batch_id>/refused.xlsx")
@guard.may(Right.REGISTER)
def refused(competition: Competition, batch_id: int) -> Response:
    """The refused rows with their reasons, to be mended and uploaded again."""
    from compete.sheets.registration.refused import write_refused_workbook

    batch = _batch(competition, batch_id)
    plan = staged_refused(batch) if batch.large else plan_with_places(batch)
    return send_workbook(write_refused_workbook(plan), f"要改的行_{competition.name}.xlsx")


def _done_already(competition: Competition) -> ResponseReturnValue:
    tell_done_already()
    return redirect(url_for("organiser.entrants", code=competition.code))


def _batch(competition: Competition, batch_id: int) -> ImportBatch:
    return or_404(find_batch(competition, batch_id))
