"""The examinations of a competition, and one set up for a module by a paper."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, ExamPaper
from compete.services.accounts.access import may
from compete.services.examinations.setting_up import (
    ExamRules,
    examinations_of,
    modules_without,
    papers_offered,
    place_of_exam,
    put_exam_away,
    set_up_examination,
)
from compete.services.kernel.event_rules import module_key
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.schedule.exam_rooms import rooms_of
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.examinations.exam import exam_or_404
from compete.web.posted import posted_number, posted_text
from compete.web.refusals import faults_of, problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act


def _show_exams(competition: Competition, refused: Refused | None = None) -> str:
    sets_up = may(current_user, competition, Right.SET_UP)
    modules = modules_without(competition) if sets_up else []
    return render_template(
        "organiser/examinations/exams.html",
        competition=competition,
        exams=[
            (exam, place_of_exam(exam).title, rooms_of(exam))
            for exam in examinations_of(competition)
        ],
        sets_up=sets_up,
        modules=[
            (module_key(it.event, it.stage, it.module.code), it.title, it.aspect.max)
            for it in modules
        ],
        papers=papers_offered(current_user) if sets_up else [],
        chosen={"module": posted_text("module"), "paper": posted_text("paper")},
        form=act_form(ExamRules, refused),
        faults=faults_of(refused),
        problem=problem_of(refused),
    )


@face.get("/<code>/exams")
@guard.may(Right.INVIGILATE)
def exams(competition: Competition) -> ResponseReturnValue:
    """The examinations, and what one can be set up for."""
    return _show_exams(competition)


@face.post("/<code>/exams")
@guard.may(Right.SET_UP)
@refusal_on(_show_exams)
def set_up_exam(competition: Competition) -> ResponseReturnValue:
    """Set one up."""
    paper = find(ExamPaper, posted_number("paper"))
    rules = typed_act(ExamRules)
    exam = set_up_examination(competition, posted_text("module"), paper, rules, current_user)
    flash(_("设好了，照日程的考场开"), "ok")
    return redirect(url_for("organiser.exam", number=exam.id))


@face.post("/<code>/exams/<int:number>/away")
@guard.may(Right.SET_UP)
def put_away_exam(competition: Competition, number: int) -> ResponseReturnValue:
    """Take one back that nobody sat."""
    exam = exam_or_404(competition, number)
    try:
        put_exam_away(exam, current_user)
    except Refused as refused:
        flash(say(refused.message), "bad")
        return redirect(url_for("organiser.exam", number=number))
    flash(_("撤了"), "ok")
    return redirect(url_for("organiser.exams"))
