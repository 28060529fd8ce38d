"""An examination: its rooms by session, its marks, its file."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import listed, msg
from compete.domain.values.rights import Right
from compete.models import Competition, Examination, ExamRoom
from compete.services.accounts.access import may
from compete.services.examinations.exam_marks import (
    come_since_marked,
    take_exam_file,
    take_exam_marks,
    why_not_marked,
)
from compete.services.examinations.key_corrections import keys_of
from compete.services.examinations.rooms import (
    PlannedRoom,
    TimeFields,
    add_time,
    has_begun,
    open_room,
    planned_rooms,
    rooms_of,
    running_rooms,
)
from compete.services.examinations.setting_up import (
    examination_of,
    place_of_exam,
    rules_of_exam,
    why_not_sat,
)
from compete.services.kernel.refusal import Refused
from compete.services.questions.sealing import why_sealed
from compete.web import guard
from compete.web.downloads import send_json
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.pages import or_404
from compete.web.posted import posted_reason, posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act

_MOST_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLine:
    """A room of the plan, and what became of it."""

    planned: PlannedRoom
    room: ExamRoom | None


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
        opened=opened,
        running=running_rooms(exam),
        begun=has_begun(exam),
        why_closed=say(why) if why else None,
        why_sealed=say(sealed) if sealed else None,
        why_unmarked=say(why_unmarked) if why_unmarked else None,
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
    taken = take_exam_marks(exam_or_404(competition, number), posted_reason(), current_user)
    flash(
        _(
            "写入 %(put)s 人的成绩，%(same)s 人和原来一样，%(absent)s 人提出缺考",
            put=taken.put,
            same=taken.same,
            absent=taken.absent,
        ),
        "ok",
    )
    for code, why in taken.left_out[:_MOST_TOLD]:
        flash(say(msg("%(code)s 没写入：%(why)s", code=code, why=why)), "warn")
    if len(taken.left_out) > _MOST_TOLD:
        rest = listed([code for code, _why in taken.left_out[_MOST_TOLD:]])
        flash(say(msg("还有没写入的：%(codes)s", codes=rest)), "warn")
    return redirect(url_for("organiser.exam", number=number))


@face.get("/<code>/exams/<int:number>.json")
@guard.may(Right.LEAD)
@refusal_on(_show_exam)
def exam_file_out(competition: Competition, number: int) -> Response | ResponseReturnValue:
    """The exam's file, which `compete exam score` works out again."""
    taken = exam_or_404(competition, number)
    return send_json(take_exam_file(taken, current_user), f"{competition.code}-exam-{number}.json")
