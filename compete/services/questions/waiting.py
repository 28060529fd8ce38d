"""What waits for somebody in the question banks: second words, openings, reviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from compete.domain.exam.bank import QuestionState
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import (
    Account,
    BankExport,
    BankPart,
    ExamPaper,
    PaperSeal,
    Question,
    QuestionBank,
    QuestionRelease,
    QuestionReview,
    QuestionVersion,
    db,
)
from compete.services.accounts.access import may_in_bank
from compete.services.questions.exports import open_exports, why_not_agree
from compete.services.questions.releases import why_not_agree_to_release
from compete.services.questions.sealing import why_not_agree_to_seal, why_not_open


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitsInBank:
    """A thing that waits; the page that settles it is that of what is named beside the bank."""

    bank: QuestionBank
    what: Message
    detail: Message
    paper: ExamPaper | None = None
    question: Question | None = None
    export: BankExport | None = None


def waits_in_banks(by: Account) -> Iterator[WaitsInBank]:
    """What waits for the account, bank by bank; nothing of banks in which it has no part."""
    own = select(BankPart.bank_id).where(BankPart.account_id == by.id, BankPart.ended_at.is_(None))
    query = select(QuestionBank).where(
        QuestionBank.id.in_(own), QuestionBank.brought_at.is_not(None)
    )
    for bank in db.session.scalars(query.order_by(QuestionBank.name, QuestionBank.id)):
        yield from _exports(bank, by)
        yield from _seals(bank, by)
        yield from _releases(bank, by)
        yield from _reviews(bank, by)


def _exports(bank: QuestionBank, by: Account) -> Iterator[WaitsInBank]:
    keeps = may_in_bank(by, bank, Right.KEEP_QUESTIONS)
    for export in open_exports(bank):
        named = {"name": export.asker.name, "reason": export.reason}
        detail = msg("%(name)s：%(reason)s", **named)
        if export.agreed_at is not None and export.asked_by == by.id:
            taken = msg("同意了，一小时里取走")
            yield WaitsInBank(bank=bank, what=msg("取走要的文件"), detail=taken, export=export)
        elif export.agreed_at is None and keeps and why_not_agree(export, by) is None:
            yield WaitsInBank(bank=bank, what=msg("同意取出"), detail=detail, export=export)


def _seals(bank: QuestionBank, by: Account) -> Iterator[WaitsInBank]:
    query = select(PaperSeal).join(PaperSeal.paper).where(ExamPaper.bank_id == bank.id)
    stands = PaperSeal.ended_at.is_(None), PaperSeal.opened_at.is_(None)
    for seal in db.session.scalars(query.where(*stands).order_by(PaperSeal.id)):
        detail = msg("试卷 %(name)s", name=seal.paper.name)
        if seal.agreed_at is None:
            if why_not_agree_to_seal(seal, by) is None:
                yield WaitsInBank(bank=bank, what=msg("同意封卷"), detail=detail, paper=seal.paper)
        elif why_not_open(seal, by) is None:
            yield WaitsInBank(bank=bank, what=msg("打开封着的卷"), detail=detail, paper=seal.paper)


def _releases(bank: QuestionBank, by: Account) -> Iterator[WaitsInBank]:
    query = select(QuestionRelease).join(QuestionRelease.question)
    stands = Question.bank_id == bank.id, QuestionRelease.ended_at.is_(None)
    for release in db.session.scalars(query.where(*stands).order_by(QuestionRelease.id)):
        if why_not_agree_to_release(release, by) is None:
            yield WaitsInBank(
                bank=bank,
                what=msg("同意转成练习题"),
                detail=msg("%(name)s：%(reason)s", name=release.asker.name, reason=release.reason),
                question=release.question,
            )


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
