"""Who may do what in a question bank: asked before every act, given and taken by administrators."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.domain.values.roles import BANK_ROLE_WORDS, BankRole
from compete.models import Account, BankPart, QuestionBank, db, utc_now
from compete.services.accounts.access import may_in_bank
from compete.services.accounts.accounts import account_by_username
from compete.services.accounts.second_persons import came_by_link, why_not_second
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused
from compete.services.kernel.transactions import unit_of_work

_ONE_HAND = msg("两个人里一个的账号是用另一个给的链接开的，不算两个人：请别人来")
_WORDS = {
    Right.OPEN_BANKS: msg("您在这个题库里没有职责，请管理员给"),
    Right.SEE_QUESTIONS: msg("试题只给命题人、审题人、组卷人和保密员看，请管理员给职责"),
    Right.WRITE_QUESTIONS: msg("写试题的是命题人，您在这个题库里不是"),
    Right.REVIEW_QUESTIONS: msg("审试题的是审题人，您在这个题库里不是"),
    Right.ASSEMBLE_PAPERS: msg("组卷的是组卷人，您在这个题库里不是"),
    Right.SEE_PAPERS: msg("试卷只给组卷人和保密员看，您在这个题库里不是"),
    Right.TAKE_OUT_QUESTIONS: msg("取出题库和试卷的是组卷人和保密员，您在这个题库里不是"),
    Right.KEEP_QUESTIONS: msg("这件事由保密员办，您在这个题库里不是"),
}


@dataclass(frozen=True, slots=True)
class BankPartFields:
    """A role in a bank for an account."""

    username: Annotated[
        str,
        Setting(msg("用户名"), msg("他登录时写的"), most=80, needed=msg("写他的用户名")),
    ]
    role: Annotated[BankRole, Setting(msg("职责"), choices=BANK_ROLE_WORDS)] = BankRole.AUTHOR


def require_in_bank(account: Account, bank: QuestionBank, right: Right) -> None:
    """Raise `Refused` (FORBIDDEN), in words, for who has not the right in the bank."""
    if not may_in_bank(account, bank, right):
        raise Refused(_WORDS[right], kind=Refusal.FORBIDDEN)


def why_of_one_hand(firsts: Iterable[int | None], by: Account) -> Message | None:
    """Say why somebody's word is no other beside those of these accounts; None: it is.

    Whom one of them brought in is no other hand, however long ago.
    """
    others = [it for it in dict.fromkeys(firsts) if it is not None]
    if any(came_by_link(it, by) for it in others):
        return _ONE_HAND
    reasons = (why_not_second(it, by) for it in others)
    return next((why for why in reasons if why is not None), None)


def parts_of_bank(bank: QuestionBank) -> Sequence[BankPart]:
    """Who has which role in the bank, in the order in which they got it."""
    query = select(BankPart).where(BankPart.bank_id == bank.id, BankPart.ended_at.is_(None))
    return db.session.scalars(
        query.options(joinedload(BankPart.account)).order_by(BankPart.id)
    ).all()


def give_part(bank: QuestionBank, fields: BankPartFields, by: Account) -> BankPart:
    """Give an account a role in the bank. Raises `FieldRefused` for who is not there or has it."""
    _require_administrator(by)
    account = account_by_username(fields.username)
    if account is None or not account.active:
        raise FieldRefused("username", msg("没有这个用户名"))
    return put_in_bank(bank, account, BankRole(fields.role), by)


def put_in_bank(
    bank: QuestionBank, account: Account, role: BankRole, by: Account | None
) -> BankPart:
    """Give the account the role; `by` is None for the program itself."""
    with unit_of_work() as session:
        audit.claim_chain(None)
        query = select(BankPart).where(
            BankPart.bank_id == bank.id,
            BankPart.account_id == account.id,
            BankPart.role == role,
            BankPart.ended_at.is_(None),
        )
        if session.scalar(query) is not None:
            words = msg("%(name)s 已经有这个职责", name=account.name)
            raise FieldRefused("username", words, Refusal.CONFLICT)
        part = BankPart(
            bank_id=bank.id, account_id=account.id, role=role, made_by=by.id if by else None
        )
        part.account = account
        session.add(part)
        session.flush()
        after = {"name": account.name, "role": part.role.value}
        audit.record(None, by, "bank.part", bank.code, after=after)
    return part


def take_part_back(part: BankPart, by: Account) -> None:
    """Take a role in a bank back."""
    _require_administrator(by)
    with unit_of_work() as session:
        audit.claim_chain(None)
        part = session.get_one(BankPart, part.id, populate_existing=True)
        if part.ended_at is None:
            part.ended_at, part.ended_by = utc_now(), by.id
            bank = session.get_one(QuestionBank, part.bank_id)
            after = {"name": part.account.name, "role": part.role.value}
            audit.record(None, by, "bank.part_back", bank.code, after=after)


def _require_administrator(by: Account) -> None:
    if not by.is_admin:
        raise Refused(msg("题库的职责由管理员给"), kind=Refusal.FORBIDDEN)
