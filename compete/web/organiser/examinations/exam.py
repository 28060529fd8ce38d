"""An examination: its rooms by session, its marks, its file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Examination, ExamRoom, Job, Judge
from compete.services.accounts.access import may
from compete.services.examinations.essays import (
    EssayCounts,
    choose_markers,
    counts_of_essays,
    essay_stands,
    hand_out_essays,
    judges_who_see_whose,
    markers_of,
    possible_markers,
)
from compete.services.examinations.exam_marks import (
    MOST_TOLD,
    come_since_marked,
    take_exam_file,
    take_marks_or_ask,
    why_not_marked,
)
from compete.services.examinations.figures import figures_of_exam
from compete.services.examinations.key_corrections import keys_of
from compete.services.examinations.paper_content import essay_codes
from compete.services.examinations.rooms import (
    TimeFields,
    add_time,
    has_begun,
    open_room,
    running_rooms,
    why_still_sat,
)
from compete.services.examinations.setting_up import (
    examination_of,
    place_of_exam,
    rules_of_exam,
    why_exam_stays,
    why_not_sat,
)
from compete.services.kernel.refusal import Refused
from compete.services.questions.sealing import why_sealed
from compete.services.schedule.exam_rooms import PlannedRoom, planned_rooms, rooms_of
from compete.web import guard
from compete.web.downloads import send_json
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.job_faces import job_url, marks_taken_words
from compete.web.pages import or_404
from compete.web.posted import posted_numbers, posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLine:
    """A room of the plan, and what became of it."""

    planned: PlannedRoom
    room: ExamRoom | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EssaysCard:
    """The essays of an examination, and who marks them."""

    counts: EssayCounts
    markers: Sequence[tuple[Judge, bool]]
    """Who may mark, and whether they do."""
    seeing: Sequence[Judge]
    """Who marks, and may not here: they see whose paper is whose."""
    is_given: bool
    """True if they were given out."""


def _essays(exam: Examination) -> EssaysCard | None:
    if not essay_codes(exam):
        return None
    chosen = {it.judge_id for it in markers_of(exam)}
    return EssaysCard(
        counts=counts_of_essays(essay_stands(exam)),
        markers=[(judge, judge.id in chosen) for judge in possible_markers(exam)],
        seeing=judges_who_see_whose(exam),
        is_given=exam.essays_at is not None,
    )


def exam_or_404(competition: Competition, number: int) -> Examination:
    """The competition's examination of that number."""
    return or_404(examination_of(competition, number))


def _show_exam(competition: Competition, number: int, refused: Refused | None = None) -> str:
    exam = exam_or_404(competition, number)
    opened, why = rooms_of(exam), why_not_sat(exam)
    why_unmarked, since = why_not_marked(exam), come_since_marked(exam)
    sealed = why_sealed(exam.paper)
    return render_template(
        "organiser/examinations/exam.html",
        competition=competition,
        exam=exam,
        place=place_of_exam(exam),
        rules=rules_of_exam(exam),
        lines=[RoomLine(planned=it, room=opened.get(it.key)) for it in planned_rooms(exam)],
        may_put_away=why_exam_stays(exam) is None,
        running=running_rooms(exam),
        begun=has_begun(exam),
        why_closed=say(why) if why else None,
        why_sealed=say(sealed) if sealed else None,
        why_unmarked=say(why_unmarked) if why_unmarked else None,
        why_running=say(running) if (running := why_still_sat(exam)) else None,
        essays=_essays(exam),
        measured=figures_of_exam(exam) is not None,
        keys=keys_of(exam),
        since=say(since) if since else None,
        leads=may(current_user, competition, Right.LEAD),
        sets_up=may(current_user, competition, Right.SET_UP),
        time_form=act_form(TimeFields, refused),
        problem=problem_of(refused),
    )


@face.get("/<code>/exams/<int:number>")
@guard.may(Right.INVIGILATE)
def exam(competition: Competition, number: int) -> ResponseReturnValue:
    """The rooms of an examination, and what is next."""
    return _show_exam(competition, number)


@face.post("/<code>/exams/<int:number>/open")
@guard.may(Right.INVIGILATE)
@refusal_on(_show_exam)
def open_exam_room(competition: Competition, number: int) -> ResponseReturnValue:
    """Open a room."""
    key = posted_text("session"), posted_text("station")
    room = open_room(exam_or_404(competition, number), key, current_user)
    return redirect(url_for("organiser.exam_board", number=number, room_number=room.id))


@face.post("/<code>/exams/<int:number>/time")
@guard.may(Right.INVIGILATE)
@only_once
@refusal_on(_show_exam)
def add_exam_time(competition: Competition, number: int) -> ResponseReturnValue:
    """Add time to all rooms that run."""
    rooms = running_rooms(exam_or_404(competition, number))
    wanted = typed_act(TimeFields)
    add_time(rooms, wanted.minutes, wanted.reason, current_user, alone=None)
    flash(_("%(n)s 个考场加了 %(minutes)s 分钟", n=len(rooms), minutes=wanted.minutes), "ok")
    return redirect(url_for("organiser.exam", number=number))


@face.post("/<code>/exams/<int:number>/marks")
@guard.may(Right.LEAD)
@refusal_on(_show_exam)
def take_marks_of_exam(competition: Competition, number: int) -> ResponseReturnValue:
    """Score it, and put the marks into the module."""
    taken = take_marks_or_ask(exam_or_404(competition, number), posted_reason(), current_user)
    if isinstance(taken, Job):
        return redirect(job_url(taken))
    counts = {"put": taken.put, "same": taken.same, "absent": taken.absent}
    shown = taken.left_out[:MOST_TOLD]
    done, *left_out = marks_taken_words(counts, shown, len(taken.left_out))
    flash(done, "ok")
    for words in left_out:
        flash(words, "warn")
    return redirect(url_for("organiser.exam", number=number))


@face.post("/<code>/exams/<int:number>/essays")
@guard.may(Right.LEAD)
@refusal_on(_show_exam)
def set_essay_markers(competition: Competition, number: int) -> ResponseReturnValue:
    """Choose who marks the essays, and give them out once nobody sits."""
    exam = exam_or_404(competition, number)
    choose_markers(exam, posted_numbers("who"), current_user)
    if why_still_sat(exam) is not None:
        flash(_("评卷人定了，考完再发给他们"), "ok")
    else:
        new = hand_out_essays(exam, current_user)
        flash(_("发给评卷人了，新的 %(n)s 份", n=new), "ok")
    return redirect(url_for("organiser.exam", number=number))


@face.get("/<code>/exams/<int:number>.json")
@guard.may(Right.LEAD)
@refusal_on(_show_exam)
def exam_file_out(competition: Competition, number: int) -> Response | ResponseReturnValue:
    """The exam's file, which `compete exam score` works out again."""
    taken = exam_or_404(competition, number)
    return send_json(take_exam_file(taken, current_user), f"{competition.code}-exam-{number}.json")
