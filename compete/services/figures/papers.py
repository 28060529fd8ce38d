"""Theory papers in figures: the items of one, and the sections of a bank that went worst.

From the figures kept of each question as marks were taken out; none below so many people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compete.models import (
    Competition,
    Event,
    Examination,
    ExamPaper,
    QuestionBank,
    QuestionFigure,
    SyllabusNode,
    db,
)
from compete.services.kernel.chunks import in_chunks, rows_among
from compete.services.questions.figures import ShownFigure, shown_figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of a bank's syllabus: on how many questions and people it rests, and the share of
    its points that was got, a question of many people counting so many times."""

    code: str
    name: str
    questions: int
    people: int
    share: Fraction


def exams_figured(competitions: Collection[Competition]) -> list[Examination]:
    """The examinations of these competitions whose questions have figures, the last first."""
    figured = select(QuestionFigure.examination_id).distinct()
    query = (
        select(Examination)
        .where(Examination.id.in_(figured), Examination.ended_at.is_(None))
        .options(
            joinedload(Examination.paper).joinedload(ExamPaper.bank),
            joinedload(Examination.paper).joinedload(ExamPaper.table),
            joinedload(Examination.event).joinedload(Event.competition),
        )
    )
    rows = rows_among(query, Examination.competition_id, [it.id for it in competitions])
    return sorted(rows, key=lambda it: it.id, reverse=True)


def banks_of(exams: Sequence[Examination]) -> list[QuestionBank]:
    """The banks of their papers, in the order in which these come."""
    return list({it.paper.bank_id: it.paper.bank for it in exams}.values())


def items_of(exam: Examination) -> list[ShownFigure]:
    """The questions of a paper in figures, the weakest first, those of too few people last."""
    shown = _figures([exam.id])
    return sorted(shown, key=lambda it: (share_of(it) is None, share_of(it), it.question.code))


def share_of(item: ShownFigure) -> Fraction | None:
    """The share of its points that was got; None where that is not told."""
    if not item.is_told or item.struck or item.share is None:
        return None
    return Fraction(item.share)


def sections_of(bank: QuestionBank, exams: Sequence[Examination]) -> list[Section]:
    """The sections of a bank's syllabus over these examinations, the weakest first."""
    got: defaultdict[int, Fraction] = defaultdict(Fraction)
    asked: defaultdict[int, int] = defaultdict(int)
    questions: defaultdict[int, set[int]] = defaultdict(set)
    people: defaultdict[int, dict[int, int]] = defaultdict(dict)
    nodes = _sections_in(bank)
    for item in _figures([it.id for it in exams if it.paper.bank_id == bank.id]):
        share = share_of(item)
        if share is None:
            continue
        at = nodes[item.question.node_id].id
        got[at] += share * item.people
        asked[at] += item.people
        questions[at].add(item.question.id)
        people[at][item.examination] = max(item.people, people[at].get(item.examination, 0))
    sections = [
        Section(
            code=node.code,
            name=node.name,
            questions=len(questions[node.id]),
            people=sum(people[node.id].values()),
            share=got[node.id] / asked[node.id],
        )
        for node in {it.id: it for it in nodes.values() if asked[it.id]}.values()
    ]
    return sorted(sections, key=lambda it: (it.share, it.code))


def _figures(exams: Sequence[int]) -> list[ShownFigure]:
    """The last figures of each question in each examination."""
    shown = []
    for chunk in in_chunks(exams):
        last = (
            select(func.max(QuestionFigure.id))
            .where(QuestionFigure.examination_id.in_(chunk))
            .group_by(QuestionFigure.examination_id, QuestionFigure.question_id)
        )
        query = (
            select(QuestionFigure)
            .where(QuestionFigure.id.in_(last))
            .options(joinedload(QuestionFigure.question))
            .order_by(QuestionFigure.id)
        )
        shown += [shown_figure(row) for row in db.session.scalars(query)]
    return shown


def _sections_in(bank: QuestionBank) -> dict[int, SyllabusNode]:
    """The scope at the top above each node of a bank's syllabus, itself included."""
    query = select(SyllabusNode).where(SyllabusNode.bank_id == bank.id)
    nodes = {node.id: node for node in db.session.scalars(query.order_by(SyllabusNode.position))}

    def top(node: SyllabusNode) -> SyllabusNode:
        while node.parent_id is not None:
            node = nodes[node.parent_id]
        return node

    return {number: top(node) for number, node in nodes.items()}
