"""Dues of a month by pay rules (激励办法): newly due, changed, lapsed, and why.

A rule pays for a grade or for an honour, each month or once. Of somebody's grades the highest one
that has a rule is paid each month; an honour each month once, however often it was given. What is
paid once is paid for each certificate. A list is compared with the newest one before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from compete.domain.values.days import months_later
from compete.domain.values.kinds import Level


class Merit(StrEnum):
    """What is paid for."""

    GRADE = "grade"
    HONOUR = "honour"


class Basis(StrEnum):
    """How often it is paid."""

    MONTH = "month"
    ONCE = "once"


class Start(StrEnum):
    """From which month on a certificate counts: that of its day, or the one after."""

    THIS = "this"
    NEXT = "next"


class Change(StrEnum):
    """What became of a due since the list before, in the order of a list."""

    NEW = "new"
    CHANGED = "changed"
    LAPSED = "lapsed"
    SAME = "same"


class Why(StrEnum):
    """Why a due is new, changed or gone."""

    CERTIFIED = "certified"
    """A certificate counts that did not before."""
    RULE_BEGAN = "rule_began"
    """The certificate is older: the rule, or the person's part in the organisation, is new."""
    OTHER_GRADE = "other_grade"
    """Another grade is the highest now."""
    RULE_CHANGED = "rule_changed"
    """The same merit is paid by another rule."""
    VOID = "void"
    """The certificate is void."""
    LEFT = "left"
    """The person does not belong to the organisation any more."""
    RULE_ENDED = "rule_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRule:
    """A rule; `first` and `last` are the first days of its first and last month."""

    number: int
    merit: Merit
    basis: Basis
    amount: Decimal
    first: date
    last: date | None = None
    start: Start = Start.NEXT
    grade: int | None = None
    honour: str = ""
    level: Level | None = None
    """Of an honour: the level of its contest; None for any."""

    def is_of(self, holding: Holding) -> bool:
        """True if the rule pays for it."""
        if self.merit is not holding.merit:
            return False
        if self.merit is Merit.GRADE:
            return self.grade == holding.grade
        return self.honour == holding.honour and self.level in (None, holding.level)

    def holds_in(self, month: date) -> bool:
        """True if the rule is in force in a month."""
        return self.first <= month and (self.last is None or month <= self.last)

    @property
    def is_void(self) -> bool:
        """True of a rule that was wrong: it holds in no month."""
        return self.last is not None and self.last < self.first

    def meets(self, other: PayRule) -> bool:
        """True if both would pay for the same merit, on the same basis, in the same month."""
        if self.is_void or other.is_void:
            return False
        same = (self.merit, self.basis, self.grade, self.honour) == (
            *(other.merit, other.basis, other.grade, other.honour),
        )
        levels = None in (self.level, other.level) or self.level == other.level
        apart = (self.last is not None and self.last < other.first) or (
            other.last is not None and other.last < self.first
        )
        return same and levels and not apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A grade or an honour that somebody has by a certificate.

    `key` is that of the first certificate of its chain: one that was issued anew for a name is
    the same merit. `ended` is the day on which it became void.
    """

    person: int
    merit: Merit
    key: str
    number: str
    day: date
    ended: date | None = None
    grade: int | None = None
    honour: str = ""
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An amount that is due to somebody in a month, by a rule, for a merit."""

    person: int
    rule: int
    merit: Merit
    basis: Basis
    amount: Decimal
    key: str
    number: str
    day: date
    grade: int | None = None
    honour: str = ""
    level: Level | None = None

    @property
    def matter(self) -> tuple[object, ...]:
        """What stays one matter from list to list."""
        if self.basis is Basis.ONCE:
            # Of one certificate, whoever's record stands behind it by now.
            return self.basis, self.key
        if self.merit is Merit.GRADE:
            return self.person, self.basis, self.merit
        return self.person, self.basis, self.honour, self.level


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLine:
    """A line of a month's list; `before` is the amount of the list before, None where it is new.

    What lapsed is due no more: its amount is zero; of what was paid once and is void `before` is
    what was paid. `missed_from` is the first month in which it was due and stood on no list: that
    month's was made before.
    """

    due: Due
    change: Change
    why: Why | None
    before: Decimal | None = None
    grade_before: int | None = None
    missed_from: date | None = None

    @property
    def pays(self) -> Decimal:
        """What is paid this month: of what was paid once before the difference."""
        if self.due.basis is Basis.ONCE and self.change is Change.CHANGED:
            return self.due.amount - (self.before or 0)
        return self.due.amount


def month_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def dues_of(rules: Iterable[PayRule], holdings: Iterable[Holding], month: date) -> tuple[Due, ...]:
    """What is due in a month, by person, rule and certificate."""
    rules = tuple(rules)
    once: list[Due] = []
    monthly: dict[tuple[object, ...], Due] = {}
    for holding in sorted(holdings, key=lambda it: (it.person, it.day, it.key)):
        if holding.ended is not None and month_of(holding.ended) <= month:
            continue
        rule_once = _rule_once(rules, holding)
        # Not for what is void when the list is made, also where it was not yet in its month.
        if rule_once and _begins_by(rule_once, holding.day) <= month and holding.ended is None:
            once.append(_due(rule_once, holding))
        for rule in rules:
            begun = _begins_by(rule, holding.day) <= month and rule.holds_in(month)
            if begun and rule.basis is Basis.MONTH and rule.is_of(holding):
                due = _due(rule, holding)
                known = monthly.get(due.matter)
                if known is None or _higher(due, known):
                    monthly[due.matter] = due
    rows = [*monthly.values(), *once]
    return tuple(sorted(rows, key=lambda it: (it.person, it.basis, it.rule, it.key)))


def _rule_once(rules: Iterable[PayRule], holding: Holding) -> PayRule | None:
    """The rule that pays once for a certificate: that of the month from which it counts.

    Between two of which the one counts from the month after and the next from the same month
    there would be none: then the rule of the certificate's own month does.
    """
    own = [it for it in rules if it.basis is Basis.ONCE and it.is_of(holding)]
    begun = [it for it in own if it.holds_in(_begins_by(it, holding.day))]
    rest = [it for it in own if it.holds_in(month_of(holding.day))]
    return min(begun or rest, key=lambda it: (_begins_by(it, holding.day), it.number), default=None)


def _begins_by(rule: PayRule, day: date) -> date:
    """The first month in which a certificate of a day counts by a rule."""
    month = month_of(day)
    return months_later(month, 1) if rule.start is Start.NEXT else month


def _higher(due: Due, known: Due) -> bool:
    # The digits of grades fall as the grades rise.
    return due.grade is not None and known.grade is not None and due.grade < known.grade


def _due(rule: PayRule, holding: Holding) -> Due:
    return Due(
        person=holding.person,
        rule=rule.number,
        merit=rule.merit,
        basis=rule.basis,
        amount=rule.amount,
        key=holding.key,
        number=holding.number,
        day=holding.day,
        grade=holding.grade,
        honour=holding.honour,
        level=rule.level,
    )


def lines_of(
    rules: Collection[PayRule],
    holdings: Collection[Holding],
    people: Collection[int],
    month: date,
    earlier: Iterable[Sequence[ListLine]],
    first: date | None = None,
) -> tuple[ListLine, ...]:
    """The list of a month, held against those before it, the oldest first.

    `first` is the month of the oldest; each month after it has one.
    `holdings` are those of `people`, who belong to the organisation now, and of whoever stood on
    a list before. New lines come first, then changed, lapsed and unchanged ones.
    """
    earlier = list(earlier)
    before = {
        line.due.matter: line.due
        for line in (earlier[-1] if earlier else ())
        if line.due.basis is Basis.MONTH and line.change is not Change.LAPSED
    }
    paid = _paid(earlier)
    mine = [it for it in holdings if it.person in people]
    now = {it.matter: it for it in dues_of(rules, mine, month)}
    by_key = {it.key: it for it in holdings}
    lines = [
        *_standing(now, before, paid, month, {it.number: it for it in rules}, first or month),
        *_gone(now, before, by_key, people, month),
        *_asked_back(paid, now, rules, by_key, month),
    ]
    order = list(Change)
    lines.sort(
        key=lambda it: (order.index(it.change), it.due.person, it.due.basis, str(it.due.matter))
    )
    return tuple(lines)


def _paid(earlier: Iterable[Sequence[ListLine]]) -> Mapping[tuple[object, ...], Due]:
    """What was paid once and not asked back since."""
    paid: dict[tuple[object, ...], Due] = {}
    for lines in earlier:
        for line in lines:
            if line.due.basis is not Basis.ONCE:
                continue
            if line.change is Change.LAPSED:
                paid.pop(line.due.matter, None)
            else:
                paid[line.due.matter] = line.due
    return paid


def _standing(
    now: Mapping[tuple[object, ...], Due],
    before: Mapping[tuple[object, ...], Due],
    paid: Mapping[tuple[object, ...], Due],
    month: date,
    rules: Mapping[int, PayRule],
    first: date,
) -> Iterator[ListLine]:
    for matter, due in now.items():
        if due.basis is Basis.ONCE:
            known = paid.get(matter)
            if known is None:
                yield ListLine(due=due, change=Change.NEW, why=Why.CERTIFIED)
            elif known.amount != due.amount:
                yield ListLine(
                    due=due, change=Change.CHANGED, why=Why.RULE_CHANGED, before=known.amount
                )
            continue
        was = before.get(matter)
        if was is None:
            is_fresh = months_later(month_of(due.day), 1) >= month
            why = Why.CERTIFIED if is_fresh else Why.RULE_BEGAN
            rule = rules[due.rule]
            since = max(_begins_by(rule, due.day), rule.first, first)
            missed = since if since < month else None
            yield ListLine(due=due, change=Change.NEW, why=why, missed_from=missed)
        elif (was.amount, was.grade) == (due.amount, due.grade):
            yield ListLine(due=due, change=Change.SAME, why=None, before=was.amount)
        else:
            yield ListLine(
                due=due,
                change=Change.CHANGED,
                why=Why.RULE_CHANGED if was.grade == due.grade else Why.OTHER_GRADE,
                before=was.amount,
                grade_before=was.grade,
            )


def _gone(
    now: Collection[tuple[object, ...]],
    before: Mapping[tuple[object, ...], Due],
    by_key: Mapping[str, Holding],
    people: Collection[int],
    month: date,
) -> Iterator[ListLine]:
    for matter, was in before.items():
        if matter in now:
            continue
        holding = by_key.get(was.key)
        if holding is None or _is_void(holding, month):
            why = Why.VOID
        else:
            why = Why.RULE_ENDED if was.person in people else Why.LEFT
        yield _lapsed(was, why)


def _asked_back(
    paid: Mapping[tuple[object, ...], Due],
    now: Collection[tuple[object, ...]],
    rules: Iterable[PayRule],
    by_key: Mapping[str, Holding],
    month: date,
) -> Iterator[ListLine]:
    """What was paid once for a certificate that is void now, or by a rule that was wrong."""
    wrong = {rule.number for rule in rules if rule.is_void}
    for matter, due in paid.items():
        holding = by_key.get(due.key)
        if holding is not None and _is_void(holding, month):
            yield _lapsed(due, Why.VOID)
        elif due.rule in wrong and matter not in now:
            yield _lapsed(due, Why.RULE_ENDED)


def _is_void(holding: Holding, month: date) -> bool:
    return holding.ended is not None and month_of(holding.ended) <= month


def _lapsed(was: Due, why: Why) -> ListLine:
    nothing = replace(was, amount=Decimal(0))
    return ListLine(due=nothing, change=Change.LAPSED, why=why, before=was.amount)
