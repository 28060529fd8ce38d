"""What waits for somebody in the question banks: second words, openings, reviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from compete.domain.exam.bank import QuestionState
from compete.domain.values.examination_states import BankRequestKind
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import (
    Account,
    BankPart,
    BankRequest,
    Question,
    QuestionBank,
    QuestionReview,
    QuestionVersion,
    db,
)
from compete.services.accounts.access import may_in_bank
from compete.services.questions.by_two import (
    KINDS,
    is_early,
    is_over,
    requests_in,
    why_not_agree,
    why_not_open,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsInBank:
    """A thing that waits; the page that settles it is that of the request, else of the bank."""

    bank: QuestionBank
    what: Message
    detail: Message
    request: BankRequest | None = None


def waits_in_banks(by: Account) -> Iterator[WaitsInBank]:
    """What waits for the account, bank by bank; nothing of banks in which it has no part."""
    own = select(BankPart.bank_id).where(BankPart.account_id == by.id, BankPart.ended_at.is_(None))
    query = select(QuestionBank).where(
        QuestionBank.id.in_(own), QuestionBank.brought_at.is_not(None)
    )
    for bank in db.session.scalars(query.order_by(QuestionBank.name, QuestionBank.id)):
        yield from _requests(bank, by)
        yield from _reviews(bank, by)


def _requests(bank: QuestionBank, by: Account) -> Iterator[WaitsInBank]:
    for it in requests_in(bank):
        what = KINDS[it.kind].waits
        detail = msg("%(name)s：%(reason)s", name=it.asker.name, reason=it.reason)
        if it.kind is not BankRequestKind.FILE and it.paper is not None:
            detail = msg("试卷 %(name)s", name=it.paper.name)
        waits = False
        if it.waits:
            waits = why_not_agree(it, by) is None
        elif it.kind is BankRequestKind.FILE:
            waits = it.asked_by == by.id and not is_over(it)
            what, detail = msg("取走要的文件"), msg("同意了，一小时里取走")
        elif it.paper is not None:
            what = KINDS[BankRequestKind.OPEN].waits
            waits = not is_early(it) and why_not_open(it.paper, by) is None
        if waits:
            yield WaitsInBank(bank=bank, what=what, detail=detail, request=it)


def _reviews(bank: QuestionBank, by: Account) -> Iterator[WaitsInBank]:
    if not may_in_bank(by, bank, Right.REVIEW_QUESTIONS):
        return
    last = (QuestionVersion.question_id == Question.id) & (
        QuestionVersion.number == Question.version
    )
    others = QuestionVersion.made_by.is_(None) | (QuestionVersion.made_by != by.id)
    mine = select(QuestionReview.version_id).where(QuestionReview.made_by == by.id)
    query = select(func.count()).select_from(Question).join(QuestionVersion, last)
    drafts = Question.bank_id == bank.id, Question.state == QuestionState.DRAFT
    number = db.session.scalar(query.where(*drafts, others, QuestionVersion.id.not_in(mine)))
    if number:
        detail = msg("%(n)s 道等审", n=number)
        yield WaitsInBank(bank=bank, what=msg("审题"), detail=detail)
