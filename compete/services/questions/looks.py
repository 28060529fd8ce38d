"""Looks at secret questions: each page that showed one leaves a row, and so does each file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compete.domain.exam.bank import Pool
from compete.models import Account, Question, QuestionBank, QuestionLook, db
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work


class LookWay(StrEnum):
    """On which page somebody saw them."""

    LIST = "list"
    QUESTION = "question"
    WORKBOOK = "workbook"
    FILE = "file"


def note_look(
    bank: QuestionBank, by: Account, way: LookWay, questions: Collection[Question]
) -> None:
    """Keep that somebody saw those of these questions that are secret; nothing for none."""
    numbers = [it.id for it in questions if it.pool is Pool.SECRET]
    if not numbers:
        return
    with unit_of_work() as session:
        audit.claim_chain(None)
        joined = ",".join(map(str, numbers))
        session.add(
            QuestionLook(bank_id=bank.id, account_id=by.id, way=way, questions=f",{joined},")
        )
        audit.record(None, by, "bank.look", bank.code, after={"way": way, "n": len(numbers)})


def looks_of_question(question: Question, most: int) -> tuple[Sequence[QuestionLook], int]:
    """Who saw the question, the last first; and how many looks there were."""
    here = (
        QuestionLook.bank_id == question.bank_id,
        QuestionLook.questions.contains(f",{question.id},"),
    )
    query = select(QuestionLook).where(*here).options(joinedload(QuestionLook.account))
    rows = db.session.scalars(query.order_by(QuestionLook.id.desc()).limit(most)).all()
    total = db.session.scalar(select(func.count()).select_from(QuestionLook).where(*here)) or 0
    return rows, total
