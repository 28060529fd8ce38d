"""The questions of a bank: counted by the syllabus, looked for, shown with all their versions."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from compete.domain.exam.answers import QuestionKind
from compete.domain.exam.bank import Pool, QuestionState
from compete.domain.exam.folding import folded
from compete.models import (
    Account,
    Question,
    QuestionBank,
    QuestionReview,
    QuestionUse,
    QuestionVersion,
    SyllabusNode,
    db,
)
from compete.services.accounts.access import banks_open_to
from compete.services.questions.bank_files import nodes_of
from compete.services.questions.version_rows import version_of_row

LEAST_SOUGHT = 2
"""The fewest characters that are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """A bank in the list: how many questions it has, and how many of them are in use."""

    bank: QuestionBank
    questions: int
    in_use: int
    to_review: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCount:
    """A node of the syllabus with how many questions hang under it."""

    node: SyllabusNode
    depth: int
    questions: int
    in_use: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionFilter:
    """What is looked for in a bank."""

    sought: str = ""
    node: int | None = None
    kind: QuestionKind | None = None
    state: QuestionState | None = None
    pool: Pool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    """A version with what it says and who reviewed it."""

    row: QuestionVersion
    version: Mapping[str, Any]
    reviews: Sequence[QuestionReview]


def banks_of(account: Account) -> list[BankLine]:
    """The banks that the account may open, by name."""
    numbers = banks_open_to(account)
    query = select(QuestionBank).where(QuestionBank.brought_at.is_not(None))
    query = query.order_by(QuestionBank.name, QuestionBank.id)
    if numbers is not None:
        query = query.where(QuestionBank.id.in_(numbers))
    by_state: defaultdict[int, Counter[QuestionState]] = defaultdict(Counter)
    counted = select(Question.bank_id, Question.state, func.count()).group_by(
        Question.bank_id, Question.state
    )
    for bank, state, count in db.session.execute(counted):
        by_state[bank][state] = count
    return [
        BankLine(
            bank=bank,
            questions=by_state[bank.id].total(),
            in_use=by_state[bank.id][QuestionState.IN_USE],
            to_review=by_state[bank.id][QuestionState.DRAFT],
        )
        for bank in db.session.scalars(query)
    ]


def syllabus_of(bank: QuestionBank) -> list[NodeCount]:
    """The nodes in the order of the tree, each with the questions under it; withdrawn ones not."""
    nodes = nodes_of(bank)
    below: defaultdict[int | None, list[SyllabusNode]] = defaultdict(list)
    for node in nodes:
        below[node.parent_id].append(node)
    counted = (
        select(Question.node_id, Question.state, func.count())
        .where(Question.bank_id == bank.id, Question.state != QuestionState.WITHDRAWN)
        .group_by(Question.node_id, Question.state)
    )
    own: defaultdict[int, Counter[QuestionState]] = defaultdict(Counter)
    for node_id, state, count in db.session.execute(counted):
        own[node_id][state] = count
    lines: list[NodeCount] = []

    def gather(node: SyllabusNode, depth: int) -> Counter[QuestionState]:
        place = len(lines)
        whole = own[node.id].copy()
        for child in below[node.id]:
            whole += gather(child, depth + 1)
        line = NodeCount(
            node=node,
            depth=depth,
            questions=whole.total(),
            in_use=whole[QuestionState.IN_USE],
        )
        lines.insert(place, line)
        return whole

    for top in below[None]:
        gather(top, 0)
    return lines


def find_questions(
    bank: QuestionBank, wanted: QuestionFilter, *, limit: int, offset: int = 0
) -> tuple[Sequence[Question], int]:
    """A page of the questions that fit, by code; and how many fit."""
    conditions = _conditions(bank, wanted)
    query = select(Question).where(*conditions).options(joinedload(Question.node))
    rows = db.session.scalars(
        query.order_by(Question.code, Question.id).limit(limit).offset(offset)
    ).all()
    total = select(func.count()).select_from(Question).where(*conditions)
    return rows, db.session.scalar(total) or 0


def _conditions(bank: QuestionBank, wanted: QuestionFilter) -> list[ColumnElement[bool]]:
    conditions = [Question.bank_id == bank.id]
    if wanted.node is not None:
        conditions.append(Question.node_id.in_(all_below(bank, wanted.node)))
    for column, value in (
        (Question.kind, wanted.kind),
        (Question.state, wanted.state),
        (Question.pool, wanted.pool),
    ):
        if value is not None:
            conditions.append(column == value)
    sought = folded(wanted.sought)
    if len(sought) >= LEAST_SOUGHT:
        conditions += [Question.words.contains(part, autoescape=True) for part in sought.split(" ")]
    return conditions


def all_below(bank: QuestionBank, node: int) -> set[int]:
    """The node with all nodes under it, by number."""
    inside = {node}
    pairs = [(it.id, it.parent_id) for it in nodes_of(bank)]
    while more := {child for child, above in pairs if above in inside} - inside:
        inside |= more
    return inside


def question_of(bank: QuestionBank, number: int) -> Question | None:
    """The bank's question of that number, or None."""
    question = db.session.get(Question, number)
    return question if question is not None and question.bank_id == bank.id else None


def last_versions(questions: Collection[Question]) -> dict[int, dict[str, Any]]:
    """The last version of each question as the file has it, by the question's number."""
    query = (
        select(QuestionVersion)
        .join(Question)
        .where(
            Question.id.in_([it.id for it in questions]),
            QuestionVersion.number == Question.version,
        )
    )
    return {row.question_id: version_of_row(row) for row in db.session.scalars(query)}


def versions_of(question: Question) -> list[VersionShown]:
    """All versions of a question, the last first."""
    rows = db.session.scalars(
        select(QuestionVersion)
        .where(QuestionVersion.question_id == question.id)
        .options(joinedload(QuestionVersion.maker))
        .order_by(QuestionVersion.number.desc())
    ).all()
    reviews: defaultdict[int, list[QuestionReview]] = defaultdict(list)
    query = select(QuestionReview).where(QuestionReview.version_id.in_([row.id for row in rows]))
    for review in db.session.scalars(
        query.options(joinedload(QuestionReview.reviewer)).order_by(QuestionReview.id)
    ):
        reviews[review.version_id].append(review)
    return [
        VersionShown(row=row, version=version_of_row(row), reviews=reviews[row.id]) for row in rows
    ]


def uses_of(question: Question) -> Sequence[QuestionUse]:
    """The days on which it was used, the last first."""
    query = select(QuestionUse).where(QuestionUse.question_id == question.id)
    return db.session.scalars(query.order_by(QuestionUse.day.desc())).all()
