"""Doubles: questions of a bank whose stems are nearly the same, shown side by side."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.exam.bank import QuestionState
from compete.models import Question, db

ALIKE = 85
"""From this ratio on two stems are shown side by side."""
_MOST = 10


@dataclass(frozen=True, slots=True)
class Double:
    """A question that is like another, and how much, in per cent."""

    question: Question
    ratio: int


def doubles_of(question: Question) -> list[Double]:
    """The questions of its bank, none withdrawn, whose stems are like its own; the likest first."""
    rows = db.session.execute(
        select(Question.id, Question.words).where(
            Question.bank_id == question.bank_id,
            Question.id != question.id,
            Question.state != QuestionState.WITHDRAWN,
        )
    ).all()
    near = process.extract(
        _stem(question.words),
        [_stem(row.words) for row in rows],
        scorer=fuzz.ratio,
        score_cutoff=ALIKE,
        limit=_MOST,
    )
    ratios = {rows[place].id: int(ratio) for _stem_text, ratio, place in near}
    query = select(Question).where(Question.id.in_(ratios)).options(joinedload(Question.node))
    questions = {it.id: it for it in db.session.scalars(query)}
    return [Double(questions[number], ratio) for number, ratio in ratios.items()]


def _stem(words: str) -> str:
    """The folded stem among the words by which a question is looked for."""
    return words.split("\n", 2)[1]
