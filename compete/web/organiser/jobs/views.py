"""The page of one job: its progress, and in the end the result."""

from __future__ import annotations

from flask import abort, flash, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import JobState
from compete.models import Competition, Job
from compete.services.jobs.papers.kept import paper_bytes
from compete.services.jobs.papers.printing import PRINT
from compete.services.jobs.queue import find_job, find_own_job, stop_job
from compete.web import guard
from compete.web.downloads import send_pdf, send_workbook
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.job_faces import describe_job, face_of, job_url
from compete.web.pages import or_404


@face.get("/<code>/jobs/<public_id>")
@guard.may(Right.FOLLOW_JOBS, of=guard.ANY_KIND)
def job(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Show a job's progress; once it is done, lead the viewer to its result."""
    return _page_of(_job(competition, public_id))


@face.get("/jobs/<public_id>")
@guard.may(Right.OPEN_BANKS)
def own_job(public_id: str) -> ResponseReturnValue:
    """The same of a job of the installation, for who asked for it."""
    return _page_of(_own_job(public_id))


def _page_of(job_row: Job) -> ResponseReturnValue:
    speaks = face_of(job_row)
    if job_row.state is JobState.DONE and speaks.done is not None:
        text, where = speaks.done(job_row)
        flash(text, "ok")
        return redirect(where)
    return render_template(
        "organiser/jobs/job.html",
        area=speaks.area,
        title=speaks.title(job_row),
        job=describe_job(job_row, current_user),
        may_stop=_may_stop(job_row),
        back_url=speaks.back(job_row),
    )


@face.get("/<code>/jobs/<public_id>/live")
@guard.only_watches
@guard.may(Right.FOLLOW_JOBS, of=guard.ANY_KIND)
def job_live(competition: Competition, public_id: str) -> ResponseReturnValue:
    """The part that changes, and whether it is over: `{"part": HTML, "over": bool}`."""
    return _live_part(_job(competition, public_id))


@face.get("/jobs/<public_id>/live")
@guard.only_watches
@guard.may(Right.OPEN_BANKS)
def own_job_live(public_id: str) -> ResponseReturnValue:
    """The same of a job of the installation."""
    return _live_part(_own_job(public_id))


def _live_part(job_row: Job) -> ResponseReturnValue:
    view = describe_job(job_row, current_user)
    answer = jsonify(
        part=render_template("organiser/jobs/_progress.html", job=view), over=not view["open"]
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@face.get("/<code>/jobs/<public_id>/files/<int:number>")
@guard.may(Right.FOLLOW_JOBS, of=guard.ANY_KIND)
def job_file(competition: Competition, public_id: str, number: int) -> ResponseReturnValue:
    """Send a printed paper; only to the person who asked, and while they may print it."""
    job_row = _job(competition, public_id)
    file = None
    if job_row.kind == PRINT and guard.may_do(face_of(job_row).right):
        file = paper_bytes(job_row, number, current_user)
    if file is None:
        abort(404)
    name, content = file
    return send_workbook(content, name) if name.endswith(".xlsx") else send_pdf(content, name)


@face.post("/<code>/jobs/<public_id>/stop", endpoint="stop_job")
@guard.may(Right.FOLLOW_JOBS, of=guard.ANY_KIND)
def post_stop(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Stop a job; for the person who asked, and for those who may ask for such."""
    return _stopped(_job(competition, public_id))


@face.post("/jobs/<public_id>/stop", endpoint="stop_own_job")
@guard.may(Right.OPEN_BANKS)
def post_own_stop(public_id: str) -> ResponseReturnValue:
    """Stop a job of the installation."""
    return _stopped(_own_job(public_id))


def _stopped(job_row: Job) -> ResponseReturnValue:
    if not _may_stop(job_row):
        abort(404)
    stop_job(job_row, current_user)
    flash(_("停下了"), "info")
    return redirect(job_url(job_row))


def _may_stop(job: Job) -> bool:
    return job.made_by == current_user.id or guard.may_do(face_of(job).right)


def _job(competition: Competition, public_id: str) -> Job:
    return or_404(find_job(competition, public_id))


def _own_job(public_id: str) -> Job:
    return or_404(find_own_job(public_id, current_user))
