"""Looks at secret questions: each page that showed one leaves a row, and so does each file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from compete.domain.exam.bank import Pool
from compete.models import Account, ExamPaper, Question, QuestionBank, QuestionLook, db
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.sealing import closed_among, codes_in


class LookWay(StrEnum):
    """On which page somebody saw them."""

    LIST = "list"
    QUESTION = "question"
    WORKBOOK = "workbook"
    FILE = "file"
    PAPER = "paper"


def note_look(
    bank: QuestionBank,
    by: Account,
    way: LookWay,
    questions: Collection[Question],
    *,
    paper: ExamPaper | None = None,
) -> None:
    """Keep that somebody saw those of these questions that are secret; nothing for none.

    Of a `paper` its number is kept in the place of theirs.
    """
    numbers = [it.id for it in questions if it.pool is Pool.SECRET]
    if not numbers:
        return
    with unit_of_work() as session:
        audit.claim_chain(None)
        joined = "" if paper else f",{','.join(map(str, numbers))},"
        session.add(
            QuestionLook(
                bank_id=bank.id,
                account_id=by.id,
                way=way,
                questions=joined,
                paper_id=paper.id if paper else None,
            )
        )
        after = {"way": way, "n": len(numbers)} | ({"paper": paper.name} if paper else {})
        audit.record(None, by, "bank.look", bank.code, after=after)


def looks_of_question(question: Question, most: int) -> tuple[Sequence[QuestionLook], int]:
    """Who saw the question, by itself or in a paper, the last first; and how many looks.

    Looks at papers under seal are told once these are open: they would say what stands in them.
    """
    query = select(ExamPaper).where(ExamPaper.bank_id == question.bank_id)
    every = db.session.scalars(query).all()
    closed = closed_among(every)
    papers = [it for it in every if it.id not in closed]
    here = (
        QuestionLook.bank_id == question.bank_id,
        or_(
            QuestionLook.questions.contains(f",{question.id},"),
            QuestionLook.paper_id.in_([it.id for it in papers if question.code in codes_in(it)]),
        ),
    )
    looks = select(QuestionLook).where(*here).options(joinedload(QuestionLook.account))
    rows = db.session.scalars(looks.order_by(QuestionLook.id.desc()).limit(most)).all()
    total = db.session.scalar(select(func.count()).select_from(QuestionLook).where(*here)) or 0
    return rows, total
