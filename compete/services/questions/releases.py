"""Secret questions let go into the practice pool, by two."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.exam.bank import Pool
from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Account, Question, QuestionRelease, db, utc_now
from compete.services.accounts.access import may_in_bank
from compete.services.accounts.second_persons import why_not_second
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.questions.bank_rights import require_in_bank

_BEFORE = msg("已经办过了")


def release_of(question: Question) -> QuestionRelease | None:
    """What was asked for the question and nobody has agreed to yet, or None."""
    query = select(QuestionRelease).where(
        QuestionRelease.question_id == question.id, QuestionRelease.ended_at.is_(None)
    )
    return db.session.scalar(query)


def ask_to_release(question: Question, reason: str, by: Account) -> None:
    """Ask that a secret question be practised on, which ends its use in papers."""
    require_in_bank(by, question.bank, Right.KEEP_QUESTIONS)
    reason = reason_text(reason, msg("写明为什么转成练习题"))
    with unit_of_work() as session:
        audit.claim_chain(None)
        question = session.get_one(Question, question.id, populate_existing=True)
        if question.pool is not Pool.SECRET:
            raise Refused(msg("已经是练习题"))
        if release_of(question) is not None:
            raise Refused(_BEFORE)
        release = QuestionRelease(question_id=question.id, reason=reason, asked_by=by.id)
        release.question = question
        session.add(release)
        _record(release, "bank.ask_release", by, reason)


def why_not_agree_to_release(release: QuestionRelease, by: Account) -> Message | None:
    """Say why somebody is no second person for it; None: they are."""
    if not may_in_bank(by, release.question.bank, Right.KEEP_QUESTIONS):
        return msg("等一个保密员同意")
    if release.asked_by == by.id:
        return msg("自己要转的，请另一个保密员同意")
    return why_not_second(release.asked_by, by)


def agree_to_release(release: QuestionRelease, by: Account) -> None:
    """Let the question go, as the second of two."""
    require_in_bank(by, release.question.bank, Right.KEEP_QUESTIONS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        release = session.get_one(QuestionRelease, release.id, populate_existing=True)
        if release.ended_at is not None:
            raise Refused(_BEFORE)
        refuse_if(why_not_agree_to_release(release, by))
        release.agreed_by, release.ended_at = by.id, utc_now()
        release.question.pool = Pool.PRACTICE
        _record(release, "bank.release", by)


def drop_release(release: QuestionRelease, by: Account) -> None:
    """Leave the question secret."""
    require_in_bank(by, release.question.bank, Right.KEEP_QUESTIONS)
    with unit_of_work() as session:
        audit.claim_chain(None)
        release = session.get_one(QuestionRelease, release.id, populate_existing=True)
        if release.ended_at is not None:
            raise Refused(_BEFORE)
        release.ended_at = utc_now()
        _record(release, "bank.drop_release", by)


def _record(release: QuestionRelease, action: str, by: Account, reason: str | None = None) -> None:
    db.session.flush()
    question = release.question
    after = {"question": question.code}
    audit.record(None, by, action, question.bank.code, after=after, reason=reason)
