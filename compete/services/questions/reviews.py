"""From a draft to a question in use: two who did not write it agree; and out of use again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select

from compete.domain.exam.bank import QuestionState
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import (
    Account,
    Question,
    QuestionReview,
    QuestionVersion,
    db,
)
from compete.services.accounts.access import may_in_bank
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting, reason_field
from compete.services.kernel.refusal import FieldRefused, Refused, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.bank_rights import require_in_bank, why_of_one_hand

REVIEWS_WANTED = 2
_STALE = msg("这道题刚才有了新的一版，看过新的再审")


@dataclass(frozen=True, slots=True)
class ReviewFields:
    """What a reviewer says of a version."""

    verdict: Annotated[
        str,
        Setting(
            msg("意见"),
            choices={"": msg("选一个"), "agree": msg("可以用"), "return": msg("退回改")},
            needed=msg("选一个意见"),
        ),
    ] = ""
    note: Annotated[str, reason_field(msg("说明"), hint=msg("退回的写明哪里不对"))] = ""


def why_no_review(
    version: QuestionVersion, reviews: Sequence[QuestionReview], by: Account
) -> Message | None:
    """Say why somebody cannot review the version; None: they can."""
    if version.made_by == by.id:
        return msg("自己写的题自己不能审")
    if any(review.made_by == by.id for review in reviews):
        return msg("这一版您审过了")
    return why_of_one_hand((version.made_by, *(review.made_by for review in reviews)), by)


def _is_agreed(reviews: Collection[QuestionReview]) -> bool:
    """True if two agree and nobody sends it back."""
    return len(reviews) >= REVIEWS_WANTED and all(review.agrees for review in reviews)


def review_question(question: Question, number: int, fields: ReviewFields, by: Account) -> bool:
    """Review the version of that number; True if it is in use from now on."""
    require_in_bank(by, question.bank, Right.REVIEW_QUESTIONS)
    agrees = fields.verdict == "agree"
    if not agrees and not fields.note:
        raise FieldRefused("note", msg("写明哪里不对"))
    with unit_of_work() as session:
        audit.claim_chain(None)
        question = session.get_one(Question, question.id, populate_existing=True)
        if question.version != number:
            raise Refused(_STALE)
        if question.state is not QuestionState.DRAFT:
            raise Refused(msg("只审还没有在用的题"))
        version = _last_version(question)
        reviews = _reviews_of(version)
        refuse_if(why_no_review(version, reviews, by))
        review = QuestionReview(
            version_id=version.id, agrees=agrees, note=fields.note, made_by=by.id
        )
        session.add(review)
        if _is_agreed([*reviews, review]):
            question.state = QuestionState.IN_USE
        session.flush()
        after = {
            "question": question.code,
            "version": number,
            "agrees": agrees,
            "state": question.state.value,
        }
        audit.record(None, by, "bank.review", question.bank.code, after=after)
    return question.state is QuestionState.IN_USE


def may_keep(by: Account, question: Question) -> bool:
    """True if somebody may take the question out of use and put it back."""
    return may_in_bank(by, question.bank, Right.KEEP_QUESTIONS)


def withdraw_question(question: Question, reason: str, by: Account) -> None:
    """Take a question out of use; what used it stays."""
    require_in_bank(by, question.bank, Right.KEEP_QUESTIONS)
    reason = reason_text(reason, msg("写明为什么停用"))
    with unit_of_work() as session:
        audit.claim_chain(None)
        question = session.get_one(Question, question.id, populate_existing=True)
        if question.state is QuestionState.WITHDRAWN:
            raise Refused(msg("已经停用了"))
        question.state = QuestionState.WITHDRAWN
        _record(question, "bank.withdraw", by, reason)


def put_back_question(question: Question, by: Account) -> None:
    """Put a withdrawn question back: in use if its version was agreed to, else to be reviewed."""
    require_in_bank(by, question.bank, Right.KEEP_QUESTIONS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        question = session.get_one(Question, question.id, populate_existing=True)
        if question.state is not QuestionState.WITHDRAWN:
            raise Refused(msg("没有停用"))
        agreed = _is_agreed(_reviews_of(_last_version(question)))
        question.state = QuestionState.IN_USE if agreed else QuestionState.DRAFT
        _record(question, "bank.put_back", by, None)


def _record(question: Question, action: str, by: Account, reason: str | None) -> None:
    db.session.flush()
    after = {"question": question.code, "state": question.state.value}
    audit.record(None, by, action, question.bank.code, after=after, reason=reason)


def _last_version(question: Question) -> QuestionVersion:
    query = select(QuestionVersion).where(
        QuestionVersion.question_id == question.id, QuestionVersion.number == question.version
    )
    return db.session.scalars(query).one()


def _reviews_of(version: QuestionVersion) -> Sequence[QuestionReview]:
    query = select(QuestionReview).where(QuestionReview.version_id == version.id)
    return db.session.scalars(query.order_by(QuestionReview.id)).all()
