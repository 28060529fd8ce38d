"""Lists of a scheme (激励名单): a month's dues, held against the months before, sealed, kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.identity.masks import mask_id
from compete.domain.rewards.dues import Basis, Change, ListLine, lines_of, month_of
from compete.domain.values.days import month_words, months_later
from compete.domain.values.messages import msg
from compete.models import Account, PayRuleRow, Person, RewardList, RewardScheme, db
from compete.services.directory.merged import standing
from compete.services.kernel import audit
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.clock import local_today
from compete.services.kernel.fields import Setting
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.rewards.pay_rules import pay_rule, rows_of
from compete.services.rewards.people import holdings_of, people_of, standing_numbers
from compete.services.rewards.schemes import record_reward, require_keeper, schemes_of_same


class MonthFields(msgspec.Struct, frozen=True, kw_only=True):
    """The month of a list."""

    month: Annotated[
        date, Setting(msg("哪个月"), msg("写这个月的任何一天"), needed=msg("写哪个月"))
    ]


class KeptLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it is kept: with the unit of that day, without a name."""

    line: ListLine
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLine:
    """A line with who it is about, as they are called now."""

    line: ListLine
    unit: str
    name: str
    number: str
    """The masked number of the person; empty for none."""
    rule: PayRuleRow


def lists_of(scheme: RewardScheme) -> Sequence[RewardList]:
    """The lists of a scheme, the newest month first: of each month the one that counts."""
    query = select(RewardList).where(RewardList.scheme_id == scheme.id)
    query = query.options(joinedload(RewardList.maker)).order_by(RewardList.id)
    newest = {row.month: row for row in db.session.scalars(query)}
    return [newest[month] for month in sorted(newest, reverse=True)]


def month_to_make(before: Sequence[RewardList]) -> date:
    """The month of the list to be made next: after the newest, else this one; none to come."""
    this = month_of(local_today())
    return min(months_later(before[0].month, 1), this) if before else this


def make_list(scheme: RewardScheme, fields: MonthFields, by: Account) -> RewardList:
    """Make the list of a month, or make it anew.

    Raises `FieldRefused` for a month to come, for one before the newest list, and for one that
    leaves a month out.
    """
    require_keeper(by, scheme)
    _require_counting(scheme)
    month = month_of(fields.month)
    if month > local_today():
        raise FieldRefused("month", msg("这个月还没到"))
    with unit_of_work() as session:
        audit.claim_chain(None)
        before = lists_of(scheme)
        if before and month < before[0].month:
            words = msg(
                "%(month)s的名单已经出了，只能再出这个月或者以后的",
                month=month_words(before[0].month),
            )
            raise FieldRefused("month", words)
        if before and month > (following := months_later(before[0].month, 1)):
            # What is due each month stands on that month's list alone.
            words = msg("%(month)s的名单还没出，先出那个月的", month=month_words(following))
            raise FieldRefused("month", words)
        earlier = [kept_lines(row) for row in reversed(before) if row.month < month]
        first = before[-1].month if before else month
        lines = _lines(scheme, month, [*_paid_by_others(scheme), *earlier], first)
        due = [it.line for it in lines if it.line.change is not Change.LAPSED]
        row = RewardList(
            scheme_id=scheme.id,
            month=month,
            lines=msgspec.json.encode(lines).decode(),
            people=len({it.due.person for it in due}),
            amount=sum((it.pays for it in due), Decimal(0)),
            made_by=by.id,
        )
        session.add(row)
        session.flush()
        record_reward(
            scheme,
            by,
            "list",
            after={"month": f"{month:%Y-%m}", "people": row.people, "amount": str(row.amount)},
        )
    return row


def _require_counting(scheme: RewardScheme) -> None:
    """Raise `Refused` for the scheme of an organisation that is another's now, which has its own.

    Else both would pay the same people.
    """
    every = [scheme, *schemes_of_same(scheme)]
    if min(every, key=lambda it: (it.organisation.merged_into_id is not None, it.id)) is not scheme:
        words = msg(
            "%(name)s已经并进%(other)s，名单由那边的出",
            name=scheme.organisation.name,
            other=standing(scheme.organisation).name,
        )
        raise Refused(words, kind=Refusal.CONFLICT)


def _paid_by_others(scheme: RewardScheme) -> list[Sequence[KeptLine]]:
    """What schemes of organisations that are this one now have paid once: it is paid."""
    return [
        [it for it in kept_lines(row) if it.line.due.basis is Basis.ONCE]
        for other in schemes_of_same(scheme)
        for row in reversed(lists_of(other))
    ]


def _lines(
    scheme: RewardScheme, month: date, earlier: Sequence[Sequence[KeptLine]], first: date
) -> list[KeptLine]:
    ends = months_later(month, 1) - timedelta(days=1)
    people = people_of(scheme.organisation, min(ends, local_today()))
    units = {it.line.due.person: it.unit for lines in earlier for it in lines}
    units |= {number: part.unit for number, part in people.items()}
    lines = lines_of(
        [pay_rule(row) for row in rows_of(scheme)],
        holdings_of(units),
        people,
        month,
        [[it.line for it in lines] for lines in earlier],
        first,
    )
    return [KeptLine(line=line, unit=units[line.due.person]) for line in lines]


def kept_lines(row: RewardList) -> Sequence[KeptLine]:
    """The lines of a list; who was put together with another since is that one."""
    lines = msgspec.json.decode(row.lines.encode(), type=list[KeptLine])
    same = standing_numbers({it.line.due.person for it in lines})
    return [_as_person(it, same[it.line.due.person]) for it in lines]


def _as_person(kept: KeptLine, person: int) -> KeptLine:
    if person == kept.line.due.person:
        return kept
    line = replace(kept.line, due=replace(kept.line.due, person=person))
    return msgspec.structs.replace(kept, line=line)


def named_lines(row: RewardList, by: Account) -> Sequence[NamedLine]:
    """The lines of a list with names, for who keeps it. Raises `Refused` for anybody else."""
    require_keeper(by, row.scheme)
    lines = kept_lines(row)
    numbers = sorted({it.line.due.person for it in lines})
    people = {it.id: it for it in rows_among(select(Person), Person.id, numbers)}
    rules = {it.id: it for it in rows_of(row.scheme)}
    return [
        NamedLine(
            line=it.line,
            unit=it.unit,
            # Of somebody whose data were erased since the amounts stay, and nothing else.
            name=person.name if (person := people.get(it.line.due.person)) else "",
            number=mask_id(person.id_number or "") if person else "",
            rule=rules[it.line.due.rule],
        )
        for it in lines
    ]


def note_taken(row: RewardList, by: Account) -> None:
    """Put on record that the workbook of a list was fetched."""
    require_keeper(by, row.scheme)
    with unit_of_work():
        audit.claim_chain(None)
        record_reward(row.scheme, by, "take_list", after={"month": f"{row.month:%Y-%m}"})


def idle_rules(row: RewardList) -> Sequence[PayRuleRow]:
    """The rules of its scheme by which nobody was due on a list though they were in force.

    A rule that pays once has done so where it did on a list before.
    """
    used = _rules_used(row)
    idle = [
        rule
        for rule in rows_of(row.scheme)
        if rule.made_at <= row.made_at
        and pay_rule(rule).holds_in(row.month)
        and rule.id not in used
    ]
    once = {rule.id for rule in idle if rule.basis is Basis.ONCE}
    if once:
        earlier = (it for it in lists_of(row.scheme) if it.month < row.month)
        once &= {number for it in earlier for number in _rules_used(it)}
    return [rule for rule in idle if rule.id not in once]


def _rules_used(row: RewardList) -> set[int]:
    """The numbers of the rules by which somebody was due on a list."""
    return {it.line.due.rule for it in kept_lines(row) if it.line.change is not Change.LAPSED}


def takes_its_place(row: RewardList) -> RewardList | None:
    """The list that was made of the same month since; None of one that counts."""
    newest = next((it for it in lists_of(row.scheme) if it.month == row.month), row)
    return newest if newest.id != row.id else None
