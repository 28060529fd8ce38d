"""Uploading the registration workbook: look first, then write or not."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import ImportState
from compete.models import Competition, ImportBatch
from compete.services.registration.event_capacity import plan_with_places
from compete.services.registration.known_layouts import (
    KEPT_DAYS,
    forget_arrangement,
    waiting_uploads,
)
from compete.services.registration.preview import discard_upload, find_batch, keep_upload
from compete.services.registration.staged_writing import ask_write
from compete.services.registration.staging import ask_preview, open_work
from compete.services.registration.writing import write_plan
from compete.services.schedule.station_moves import rule_for_late
from compete.sheets.registration.plan import RegistrationPlan, RowStatus
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.view_model import job_url
from compete.web.organiser.registration.adding import registration_closed
from compete.web.organiser.registration.places import tell_places
from compete.web.organiser.registration.upload_pages import UploadPages, tell_written
from compete.web.templating import day


def _waiting(competition: Competition) -> list[tuple[ImportBatch, str]]:
    kept = timedelta(days=KEPT_DAYS)
    return [(batch, day(batch.made_at + kept)) for batch in waiting_uploads(competition)]


def _late_notice(competition: Competition, plan: RegistrationPlan) -> list[str]:
    """Name the rule that gives late people a place, if others have theirs."""
    rule = rule_for_late(competition) if plan.count(RowStatus.ADDED) else None
    return [say(rule)] if rule else []


UPLOAD_PAGES = UploadPages(
    face=face,
    right=Right.REGISTER,
    at="/<code>/entrants/upload",
    end="organiser.entrants",
    closed=registration_closed,
    waiting=_waiting,
    keep=keep_upload,
    find=find_batch,
    plan=plan_with_places,
    notices=_late_notice,
    drop=lambda batch, by: discard_upload(batch.id, by),
    whose=lambda competition: competition.name,
)
UPLOAD_PAGES.hang()


@face.post("/<code>/entrants/upload/<int:batch_id>/columns/forget")
@guard.may(Right.REGISTER)
@only_once
def forget_file_columns(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Read this kind of file from the start again, now and from now on."""
    batch = UPLOAD_PAGES.waiting_file(competition, batch_id)
    forget_arrangement(batch, current_user)
    flash(_("忘掉了，重新认这些列"), "ok")
    return redirect(UPLOAD_PAGES.url("file_columns", batch))


@face.post("/<code>/entrants/upload/<int:batch_id>/write")
@guard.may(Right.REGISTER)
@only_once
def write(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Write all good rows, in one transaction; those of a large workbook by a job."""
    batch, reason = UPLOAD_PAGES.found(competition, batch_id), request.form.get("exempted_for")
    if batch.state is not ImportState.PREVIEWED:
        return UPLOAD_PAGES.done_already(competition)
    if batch.large:
        return redirect(job_url(ask_write(batch, current_user, reason)))
    seen = request.args.get("plan", "")
    plan = write_plan(batch_id, seen, current_user, exempted_for=reason)
    tell_written(plan)
    if plan.refused and plan.to_write:
        flash(_("没写的 %(n)s 行在“上传报名表”里留 30 天，改好再写", n=len(plan.refused)), "info")
    added = (row.registration for row in plan.rows if row.status is RowStatus.ADDED)
    tell_places(competition, {new.entrant_code for new in added if new})
    return redirect(url_for("organiser.entrants", code=competition.code))


@face.post("/<code>/entrants/upload/<int:batch_id>/again")
@guard.may(Right.REGISTER)
def look_again(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Look through a large workbook once more, since somebody changed the list."""
    batch = UPLOAD_PAGES.found(competition, batch_id)
    if batch.state is not ImportState.PREVIEWED or not batch.large:
        return UPLOAD_PAGES.done_already(competition)
    return redirect(job_url(open_work(batch) or ask_preview(batch, current_user)))
