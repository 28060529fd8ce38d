"""Essays on the marker's tablet or desk: one answer a screen, without a name."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Examination
from compete.services.examinations.essays import (
    EssayFields,
    EssayShown,
    essay_shown,
    essay_stands,
    exams_to_mark,
    mark_essay,
    next_essay,
)
from compete.services.examinations.setting_up import place_of_exam
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.guard import judge_mark
from compete.web.judge.views import face, this_judge
from compete.web.marked_texts import shown_text
from compete.web.pages import or_404
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act
from compete.web.templating import plain


@face.get("/essays")
@guard.may(Right.MARK)
def essays() -> ResponseReturnValue:
    """The examinations that this marker marks, how many are left, and what they gave."""
    judge = this_judge()
    rows = []
    for exam in exams_to_mark(judge):
        stands = essay_stands(exam)
        own = [(it, plain(it.marks[judge.id])) for it in stands if judge.id in it.marks]
        left = sum(it.waits_for(judge) for it in stands)
        rows.append((exam, place_of_exam(exam).title, left, own))
    return render_template("judge/essays.html", judge_id=judge_mark(judge), rows=rows)


def _own_exam(number: int) -> Examination:
    return or_404(next((it for it in exams_to_mark(this_judge()) if it.id == number), None))


def _onward(exam: Examination) -> ResponseReturnValue:
    """The next answer, or back to the list where none is left."""
    stand = next_essay(exam, this_judge())
    if stand is None:
        flash(_("现在没有要评的简答了"), "ok")
        return redirect(url_for("judge.essays"))
    return redirect(url_for("judge.essay", public_id=stand.public_id))


@face.get("/essays/<int:number>/next")
@guard.may(Right.MARK)
def next_essay_to_mark(number: int) -> ResponseReturnValue:
    """Lead to the next answer."""
    return _onward(_own_exam(number))


def _shown(public_id: str) -> EssayShown:
    return or_404(essay_shown(public_id, this_judge()))


def _show_essay(public_id: str, refused: Refused | None = None) -> str:
    judge, shown = this_judge(), _shown(public_id)
    exam = shown.essay.examination
    stands = {it.public_id: it for it in essay_stands(exam)}
    own = EssayFields(shown.own) if shown.own is not None else None
    return render_template(
        "judge/essay.html",
        judge_id=judge_mark(judge),
        shown=shown,
        stem=shown_text(shown.stem, shown.pictures),
        guide=shown_text(shown.guide) if shown.guide else None,
        full=plain(shown.full),
        title=place_of_exam(exam).title,
        left=sum(it.waits_for(judge) for it in stands.values()),
        over=public_id not in stands or (shown.own is None and not stands[public_id].lacks),
        form=act_form(EssayFields, refused, own),
        exam=exam,
        problem=problem_of(refused),
    )


@face.get("/essays/<public_id>")
@guard.may(Right.MARK)
def essay(public_id: str) -> ResponseReturnValue:
    """Show an answer with what was asked and the guide."""
    return _show_essay(public_id)


@face.post("/essays/<public_id>")
@guard.may(Right.MARK)
@refusal_on(_show_essay)
def keep_essay_mark(public_id: str) -> ResponseReturnValue:
    """Keep the points and go on; sent twice it is one mark."""
    shown, fields = _shown(public_id), typed_act(EssayFields)
    mark_essay(shown, this_judge(), fields.points, current_user)
    return _onward(shown.essay.examination)
