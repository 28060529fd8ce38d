"""How the questions of an examination measured, once its marks were taken out."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from compete.domain.exam.exam_words import KIND_WORDS
from compete.domain.exam.statistics import LEAST_SITTINGS
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.examinations.figures import figures_of_exam
from compete.services.examinations.setting_up import place_of_exam
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.examinations.exam import exam_or_404
from compete.web.pages import or_404


@face.get("/<code>/exams/<int:number>/figures")
@guard.may(Right.LEAD)
def exam_figures(competition: Competition, number: int) -> ResponseReturnValue:
    """Each question in figures, and what is strange about it, with the way to its key."""
    exam = exam_or_404(competition, number)
    figures = or_404(figures_of_exam(exam))
    return render_template(
        "organiser/examinations/figures.html",
        competition=competition,
        exam=exam,
        place=place_of_exam(exam),
        questions=[(say(KIND_WORDS[kind]), it) for kind, it in figures.questions],
        forms=figures.forms,
        is_told=figures.is_told,
        least=LEAST_SITTINGS,
    )
