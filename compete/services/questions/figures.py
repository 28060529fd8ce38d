"""How questions measured where they were used: for who may see the bank's questions, or leads.

The figures themselves are the domain's; what is kept of them is sealed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.exam.exam_results import QuestionResult
from compete.domain.exam.statistics import LEAST_SITTINGS
from compete.domain.values.messages import Message, msg
from compete.models import Question, QuestionFigure, db

FLAG_WORDS: Mapping[str, Message] = {
    "hard": msg("太难"),
    "easy": msg("太易"),
    "weak": msg("区分度低"),
    "unused": msg("有选项没人选"),
    "key": msg("疑似答案错"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFigure:
    """The figures of a question in an examination; without those where too few sat."""

    question: Question
    examination: int
    day: date
    paper: str
    version: int
    people: int
    struck: bool
    share: str | None
    correlation: str | None
    unanswered: str | None
    options: Sequence[tuple[str, str | None]]
    flags: Sequence[Message]

    @property
    def is_told(self) -> bool:
        """True if enough people sat it."""
        return self.people >= LEAST_SITTINGS


def packed_figures(result: QuestionResult) -> str:
    """The figures of a question as they are kept."""
    figures = {
        "share": result.share,
        "correlation": result.correlation,
        "unanswered": result.unanswered,
        "options": [[it.option, it.share] for it in result.options],
        "flags": result.flags,
        "struck": result.struck,
    }
    return json.dumps(figures, ensure_ascii=False)


def shown_figure(row: QuestionFigure) -> ShownFigure:
    """The figures of a row."""
    figures: dict[str, Any] = json.loads(row.figures)
    return ShownFigure(
        question=row.question,
        examination=row.examination_id,
        day=row.day,
        paper=row.paper,
        version=row.version,
        people=row.people,
        struck=figures["struck"],
        share=figures["share"],
        correlation=figures["correlation"],
        unanswered=figures["unanswered"],
        options=[(option, share) for option, share in figures["options"]],
        flags=[FLAG_WORDS[flag] for flag in figures["flags"]],
    )


def figures_of_question(question: Question) -> list[ShownFigure]:
    """The figures of a question from each examination that it stood in, the last first."""
    query = select(QuestionFigure).where(QuestionFigure.question_id == question.id)
    rows = db.session.scalars(query.order_by(QuestionFigure.id))
    last = {row.examination_id: row for row in rows}
    return [shown_figure(row) for row in reversed(last.values())]


def rows_of_examination(number: int) -> dict[str, QuestionFigure]:
    """The last figures of the questions of an examination, by their codes."""
    query = select(QuestionFigure).where(QuestionFigure.examination_id == number)
    rows = db.session.scalars(query.options(joinedload(QuestionFigure.question)))
    return {row.question.code: row for row in sorted(rows, key=lambda it: it.id)}
