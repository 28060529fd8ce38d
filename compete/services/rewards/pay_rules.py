"""Pay rules of a scheme: what a grade or an honour is paid, from which month to which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from sqlalchemy import select

from compete.domain.explanation.grades import LEVEL_WORDS
from compete.domain.grades.ladder import GRADES, grade_label
from compete.domain.rewards.dues import Basis, Merit, PayRule, Start, month_of
from compete.domain.values.days import month_words, months_later
from compete.domain.values.kinds import Level
from compete.domain.values.messages import Message, msg
from compete.models import Account, PayRuleRow, RewardScheme, db
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.rewards.schemes import record_reward, require_keeper

MOST_RULES = 200
_GRADES = {Merit.HONOUR.value: msg("不按等级，按荣誉")} | {
    str(grade): grade_label(grade) for grade in reversed(GRADES)
}
_LEVELS = {"": msg("哪一级都算")} | dict(LEVEL_WORDS)
BASES = {Basis.MONTH: msg("每月"), Basis.ONCE: msg("一次")}
_STARTS = {Start.NEXT: msg("发证的下个月"), Start.THIS: msg("发证的当月")}
_AMOUNT = msg("写一个大于 0 的数，最多两位小数")


class PayRuleFields(msgspec.Struct, frozen=True, kw_only=True):
    """What is written of a pay rule."""

    grade: Annotated[str, Setting(msg("等级"), choices=_GRADES)] = "3"
    honour: Annotated[
        str,
        Setting(msg("荣誉"), msg("按荣誉时写，和证书上印的一样：一等奖、技术能手"), most=80),
    ] = ""
    level: Annotated[str, Setting(msg("竞赛级别"), msg("只对荣誉"), choices=_LEVELS)] = ""
    amount: Annotated[
        Decimal, Setting(msg("金额（元）"), most=10_000_000, needed=_AMOUNT, wrong=_AMOUNT)
    ]
    basis: Annotated[Basis, Setting(msg("怎么发"), choices=BASES)] = Basis.MONTH
    start: Annotated[Start, Setting(msg("从什么时候算"), choices=_STARTS)] = Start.NEXT
    first: Annotated[
        date, Setting(msg("从哪个月起"), msg("写这个月的任何一天"), needed=msg("写从哪个月起"))
    ]
    last: Annotated[date | None, Setting(msg("到哪个月止"), msg("不定就空着"))] = None
    document: Annotated[
        str, Setting(msg("文件"), msg("依据的文件和文号"), most=200, needed=msg("写依据的文件"))
    ]


class LastMonthFields(msgspec.Struct, frozen=True, kw_only=True):
    """The last month of a rule."""

    last: Annotated[
        date,
        Setting(
            msg("发到哪个月"),
            msg("写这个月的任何一天；规则写错了，写它开始以前的那个月，一个月也不发"),
            needed=msg("写发到哪个月"),
        ),
    ]


def rows_of(scheme: RewardScheme) -> Sequence[PayRuleRow]:
    """The rules of a scheme in the order in which they were made."""
    query = select(PayRuleRow).where(PayRuleRow.scheme_id == scheme.id)
    return db.session.scalars(query.order_by(PayRuleRow.id)).all()


def pay_rule(row: PayRuleRow) -> PayRule:
    """The rule as it is reckoned with."""
    return PayRule(
        number=row.id,
        merit=row.merit,
        basis=row.basis,
        amount=row.amount,
        first=row.first,
        last=row.last,
        start=row.start,
        grade=row.grade,
        honour=row.honour,
        level=row.level,
    )


def merit_words(grade: int | None, honour: str, level: Level | None) -> Message:
    """What is paid for, in words."""
    if grade is not None:
        return grade_label(grade)
    if level is None:
        return msg("“%(honour)s”", honour=honour)
    return msg("%(level)s“%(honour)s”", level=LEVEL_WORDS[level], honour=honour)


def add_pay_rule(scheme: RewardScheme, fields: PayRuleFields, by: Account) -> PayRuleRow:
    """Add a rule. Raises `FieldRefused` where another pays for the same in the same month."""
    require_keeper(by, scheme)
    with unit_of_work() as session:
        audit.claim_chain(None)
        row = _new_row(scheme, fields, by)
        rows = rows_of(scheme)
        if len(rows) >= MOST_RULES:
            raise Refused(msg("最多 %(most)s 条", most=MOST_RULES))
        session.add(row)
        session.flush()
        for other in rows:
            if pay_rule(other).meets(pay_rule(row)):
                words = msg(
                    "%(what)s从%(first)s起已经有一条，先写那一条发到哪个月",
                    what=merit_words(other.grade, other.honour, other.level),
                    first=month_words(other.first),
                )
                raise FieldRefused("first", words, Refusal.CONFLICT)
        record_reward(scheme, by, "rule", after=_facts(row))
    return row


def _new_row(scheme: RewardScheme, fields: PayRuleFields, by: Account) -> PayRuleRow:
    by_honour = fields.grade == Merit.HONOUR
    honour = fields.honour if by_honour else ""
    if by_honour and not honour:
        raise FieldRefused("honour", msg("按荣誉发，写是哪一种"))
    if not by_honour and fields.honour:
        raise FieldRefused("honour", msg("等级选“不按等级，按荣誉”，或者把荣誉空着"))
    if fields.amount <= 0 or fields.amount != round(fields.amount, 2):
        raise FieldRefused("amount", _AMOUNT)
    first, last = month_of(fields.first), month_of(fields.last) if fields.last else None
    if last is not None and last < first:
        raise FieldRefused("last", msg("比开始的月份还早"))
    return PayRuleRow(
        scheme_id=scheme.id,
        merit=Merit.HONOUR if by_honour else Merit.GRADE,
        grade=None if by_honour else int(fields.grade),
        honour=honour,
        level=Level(fields.level) if by_honour and fields.level else None,
        amount=fields.amount,
        basis=fields.basis,
        start=fields.start,
        first=first,
        last=last,
        document=fields.document,
        made_by=by.id,
    )


def end_pay_rule(row: PayRuleRow, fields: LastMonthFields, by: Account) -> None:
    """Let a rule end with a month. Raises `FieldRefused` where it would begin to overlap others.

    A month of which a list was made keeps what it says.
    """
    require_keeper(by, row.scheme)
    with unit_of_work() as session:
        audit.claim_chain(None)
        session.refresh(row)
        last, before = month_of(fields.last), row.last
        if last < months_later(row.first, -1):
            raise FieldRefused("last", msg("比开始的月份还早"))
        row.last = last
        session.flush()
        for other in rows_of(row.scheme):
            if other.id != row.id and pay_rule(other).meets(pay_rule(row)):
                words = msg("那时候已经有另一条了，写早一点")
                raise FieldRefused("last", words, Refusal.CONFLICT)
        record_reward(
            row.scheme,
            by,
            "end_rule",
            before={"last": before.isoformat() if before else None},
            after=_facts(row),
        )


def _facts(row: PayRuleRow) -> dict[str, object]:
    return {
        "rule": row.id,
        "merit": row.merit.value,
        "grade": row.grade,
        "honour": row.honour,
        "level": row.level.value if row.level else None,
        "amount": str(row.amount),
        "basis": row.basis.value,
        "first": row.first.isoformat(),
        "last": row.last.isoformat() if row.last else None,
        "document": row.document,
    }
