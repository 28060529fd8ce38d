"""How the questions and forms of an examination measured, kept as its marks are taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import select

from compete.domain.exam.answers import QuestionKind
from compete.domain.exam.exam_results import ExamResults, FormResult, QuestionResult
from compete.domain.exam.statistics import LEAST_SITTINGS
from compete.models import Examination, Question, QuestionFigure, db, utc_now
from compete.services.examinations.paper_content import filed_content
from compete.services.kernel.clock import local_time
from compete.services.questions.figures import (
    ShownFigure,
    packed_figures,
    rows_of_examination,
    shown_figure,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamFigures:
    """How an examination measured: by question in the order of its file, and by form."""

    questions: Sequence[tuple[QuestionKind, ShownFigure]]
    forms: Sequence[FormResult]

    @property
    def is_told(self) -> bool:
        """True if enough people sat a form."""
        return any(form.n >= LEAST_SITTINGS for form in self.forms)


def figures_of_exam(examination: Examination) -> ExamFigures | None:
    """How it measured by the marks as they were last taken out; None before that."""
    if examination.forms is None:
        return None
    rows = rows_of_examination(examination.id)
    return ExamFigures(
        questions=[
            (QuestionKind(it["kind"]), shown_figure(rows[it["code"]]))
            for it in filed_content(examination)["questions"]
            if it["code"] in rows
        ],
        forms=msgspec.convert(examination.forms, list[FormResult]),
    )


def new_figures(
    examination: Examination, results: ExamResults
) -> list[tuple[Question, QuestionResult]]:
    """The questions whose figures are others than those kept."""
    rows = rows_of_examination(examination.id)
    kept = {code: (row.people, row.figures) for code, row in rows.items()}
    wanted = [it for it in results.questions if kept.get(it.question) != (it.n, packed_figures(it))]
    query = select(Question).where(
        Question.bank_id == examination.paper.bank_id,
        Question.code.in_([it.question for it in wanted]),
    )
    questions = {it.code: it for it in db.session.scalars(query)}
    return [(questions[it.question], it) for it in wanted if it.question in questions]


def keep_figures(
    examination: Examination, figures: Sequence[tuple[Question, QuestionResult]]
) -> None:
    """Keep these of its questions, for their bank; inside a unit of work."""
    paper = examination.paper
    versions = {it["code"]: it["version"] for it in filed_content(examination)["questions"]}
    for question, result in figures:
        row = QuestionFigure(
            question_id=question.id,
            examination_id=examination.id,
            version=versions[result.question],
            day=paper.used_on or local_time(utc_now()).date(),
            paper=paper.name,
            people=result.n,
            figures=packed_figures(result),
        )
        db.session.add(row)
    db.session.flush()
