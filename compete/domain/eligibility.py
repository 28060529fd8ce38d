"""参赛条件: an event's conditions on people who take part, checked rule by rule.

A rule that is not set asks nothing. Every finding says what is asked and what the person
is, so that nobody is turned away without a reason that can be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import msgspec

from compete.domain.grades.ladder import NATIONAL, Ladder, grade_label
from compete.domain.identity.certificate_number import CERTIFICATE_LENGTH, CertificateNumber
from compete.domain.values.days import date_words
from compete.domain.values.kinds import GROUP_WORDS, EntrantGroup
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.record import Record

_OLD_LENGTH, _OLD_LEVEL = 16, 10
"""Digits of a 职业资格证书's number, and which of them, from 0, is the grade."""


class Rule(StrEnum):
    """The rules that can be asked, in the order in which pages show them."""

    AGE = "age"
    YEARS = "years"
    GRADE = "grade"
    CERTIFICATE = "certificate"
    GROUP = "group"
    POST = "post"
    PROMOTED = "promoted"
    ONE_EVENT = "one_event"


RULE_WORDS = {
    Rule.AGE: msg("年龄"),
    Rule.YEARS: msg("本职业年限"),
    Rule.GRADE: msg("现等级"),
    Rule.CERTIFICATE: msg("等级证书编号"),
    Rule.GROUP: msg("组别"),
    Rule.POST: msg("岗位"),
    Rule.PROMOTED: msg("竞赛晋升"),
    Rule.ONE_EVENT: msg("赛项"),
}


class Conditions(Record, frozen=True, kw_only=True):
    """The conditions of one event; whatever is left out asks nothing.

    Ages are whole years on `age_on`, else on the day that the competition begins; `years`
    are of work in the occupation; `grade` is the lowest that will do, 5 the lowest of all;
    `groups` are those that may take part; who holds a post in which one of `no_posts`
    stands may not; `not_promoted`: not by a competition in the competition's year;
    `one_event`: who is in this event may be in no other of the competition. `most` is no rule
    for a person: so many, people or crews, the event takes; whoever comes later waits. So many
    of them `most_of_unit` takes from each unit.
    From `opens` to `closes` people are entered for it, where it has days of its own.
    """

    age_from: int | None = None
    age_to: int | None = None
    age_on: date | None = None
    years: int | None = None
    grade: int | None = None
    certificate: bool = False
    groups: tuple[EntrantGroup, ...] = ()
    no_posts: tuple[str, ...] = ()
    not_promoted: bool = False
    one_event: bool = False
    most: int | None = None
    most_of_unit: int | None = None
    opens: datetime | None = None
    closes: datetime | None = None

    @property
    def asked(self) -> bool:
        """True if anything is asked at all."""
        return bool(rules_in(self)) or any(self.beside_rules)

    @property
    def beside_rules(self) -> tuple[int | datetime | None, ...]:
        """The event's own places and days, which are asked of nobody."""
        return self.most, self.most_of_unit, self.opens, self.closes


EDITION_OWN = ("age_on", "opens", "closes")
"""Days of conditions that the next edition does not take over."""
_NOTHING = Conditions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The known facts of somebody; `months` are of work in the occupation."""

    birth: date | None = None
    months: int | None = None
    grade: int | None = None
    certificate: str | None = None
    group: str = EntrantGroup.WORKER
    post: str | None = None
    promoted: int | None = None
    other_events: Sequence[str] = ()
    """Names of the other events of the competition in which the same person is."""
    ladder: Ladder = NATIONAL
    """The event's names of grades."""
    reads_it: bool = False
    """True if it is told to the person, and not about them."""

    @property
    def who(self) -> Message:
        """The first words of a sentence about them."""
        return msg("你") if self.reads_it else msg("此人")


FACTS_ASKED = ("birth", "months", "grade", "certificate", "group", "post", "promoted")
"""The facts that the fields of a registration tell, under the same names."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule held against one person."""

    rule: Rule
    fits: bool
    asked: Message
    fact: Message
    """The fact, whose subject is the person it is about."""

    @property
    def sentence(self) -> Message:
        """The rung nearest to the given value, in each stretch between edges and beyond."""
        return msg(
            "%(rule)s要求：%(asked)s，%(fact)s",
            rule=RULE_WORDS[self.rule],
            asked=self.asked,
            fact=self.fact,
        )


def conditions_for(
    by_event: Mapping[str, Conditions], event: str, others: Collection[str]
) -> Conditions:
    """The conditions of an event on somebody who is in `others` too; all are codes.

    If either of two events allows no other, the rule holds for both.
    """
    own = by_event.get(event, _NOTHING)
    if not own.one_event and any(by_event.get(other, _NOTHING).one_event for other in others):
        return msgspec.structs.replace(own, one_event=True)
    return own


def rules_in(conditions: Conditions) -> list[Rule]:
    """The rules that ask something, in order."""
    asks = {
        Rule.AGE: conditions.age_from is not None or conditions.age_to is not None,
        Rule.YEARS: conditions.years is not None,
        Rule.GRADE: conditions.grade is not None,
        Rule.CERTIFICATE: conditions.certificate,
        Rule.GROUP: bool(conditions.groups),
        Rule.POST: bool(conditions.no_posts),
        Rule.PROMOTED: conditions.not_promoted,
        Rule.ONE_EVENT: conditions.one_event,
    }
    return [rule for rule in Rule if asks[rule]]


def asked_of(conditions: Conditions, day: date, ladder: Ladder = NATIONAL) -> dict[Rule, Message]:
    """Say the conditions in words; `day` is the competition's, grades are those of `ladder`."""
    words: dict[Rule, Callable[[Conditions, date], Message]] = {
        Rule.AGE: _ages,
        Rule.YEARS: lambda c, _day: msg("满 %(years)s 年", years=c.years),
        Rule.GRADE: lambda c, _day: msg("%(grade)s或以上", grade=grade_label(c.grade, ladder)),
        Rule.CERTIFICATE: lambda _c, _day: msg("填写，并且和现等级对得上"),
        Rule.GROUP: lambda c, _day: _word_list([GROUP_WORDS[group] for group in c.groups]),
        Rule.POST: lambda c, _day: msg("不是“%(posts)s”", posts=listed(c.no_posts)),
        Rule.PROMOTED: lambda _c, day: msg("%(year)s 年没有因竞赛晋升过", year=day.year),
        Rule.ONE_EVENT: lambda _c, _day: msg("一人只报一个赛项"),
    }
    return {rule: words[rule](conditions, day) for rule in rules_in(conditions)}


def findings(conditions: Conditions, facts: Facts, day: date) -> list[Finding]:
    """Hold every rule that asks something against somebody; `day` is that of the competition."""
    tries = {
        Rule.AGE: _age,
        Rule.YEARS: _years,
        Rule.GRADE: _grade,
        Rule.CERTIFICATE: _certificate,
        Rule.GROUP: _group,
        Rule.POST: _post,
        Rule.PROMOTED: _promoted,
        Rule.ONE_EVENT: _one_event,
    }
    findings = []
    for rule, asked in asked_of(conditions, day, facts.ladder).items():
        fits, fact = tries[rule](conditions, facts, day)
        findings.append(Finding(rule, fits, asked, fact))
    return findings


def age_on(birth: date, day: date) -> int:
    """Age in whole years on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def months_words(months: int) -> Message:
    """Months in words: `4 年 10 个月`."""
    years, rest = divmod(months, 12)
    if not rest:
        return msg("%(years)s 年", years=years)
    if not years:
        return msg("%(months)s 个月", months=rest)
    return msg("%(years)s 年 %(months)s 个月", years=years, months=rest)


_Tried = tuple[bool, Message]


def _not_filled(facts: Facts) -> Message:
    return msg("%(who)s没填", who=facts.who)


def _is(facts: Facts, what: Message) -> Message:
    return msg("%(who)s是%(what)s", who=facts.who, what=what)


def _word_list(words: Sequence[Message]) -> Message:
    named = listed(words)
    return named if isinstance(named, Message) else msg("没有")


def _ages(conditions: Conditions, day: date) -> Message:
    low, high, on = conditions.age_from, conditions.age_to, conditions.age_on or day
    if low is None:
        return msg("不超过 %(high)s 岁（到 %(on)s）", high=high, on=date_words(on))
    if high is None:
        return msg("满 %(low)s 岁（到 %(on)s）", low=low, on=date_words(on))
    return msg("%(low)s–%(high)s 岁（到 %(on)s）", low=low, high=high, on=date_words(on))


def _age(conditions: Conditions, facts: Facts, day: date) -> _Tried:
    if facts.birth is None:
        return False, msg("%(who)s没填出生日期", who=facts.who)
    age = age_on(facts.birth, conditions.age_on or day)
    low, high = conditions.age_from, conditions.age_to
    fits = (low is None or age >= low) and (high is None or age <= high)
    return fits, msg("%(who)s %(age)s 岁", who=facts.who, age=age)


def _years(conditions: Conditions, facts: Facts, _day: date) -> _Tried:
    if facts.months is None:
        return False, _not_filled(facts)
    fits = facts.months >= 12 * (conditions.years or 0)
    return fits, msg("%(who)s %(time)s", who=facts.who, time=months_words(facts.months))


def _grade(conditions: Conditions, facts: Facts, _day: date) -> _Tried:
    least = conditions.grade
    # The digits of the national grades run downward while the skill runs upward.
    fits = facts.grade is not None and least is not None and facts.grade <= least
    return fits, _is(facts, grade_label(facts.grade, facts.ladder))


def _certificate(_conditions: Conditions, facts: Facts, _day: date) -> _Tried:
    number = facts.certificate
    if not number:
        return False, _not_filled(facts)
    grade = _told_grade(number)
    if grade is not None and grade != facts.grade:
        return False, msg(
            "%(who)s填的编号上是%(told)s，现等级写的是%(grade)s",
            who=facts.who,
            told=grade_label(grade, facts.ladder),
            grade=grade_label(facts.grade, facts.ladder),
        )
    return True, msg("%(who)s填了 %(n)s 位，对得上", who=facts.who, n=len(number))


def _told_grade(number: str) -> int | None:
    """The grade that a certificate number tells, where it tells one of the five."""
    if len(number) == CERTIFICATE_LENGTH:
        return CertificateNumber.parse(number).grade
    digit = number[_OLD_LEVEL] if len(number) == _OLD_LENGTH else ""
    return int(digit) if digit in ("1", "2", "3", "4", "5") else None


def _group(conditions: Conditions, facts: Facts, _day: date) -> _Tried:
    group = EntrantGroup(facts.group)
    return group in conditions.groups, _is(facts, GROUP_WORDS[group])


def _post(conditions: Conditions, facts: Facts, _day: date) -> _Tried:
    if not facts.post:
        return False, _not_filled(facts)
    own = facts.post.casefold()
    fits = not any(post.casefold() in own for post in conditions.no_posts)
    return fits, msg("%(who)s的岗位是“%(post)s”", who=facts.who, post=facts.post)


def _promoted(_conditions: Conditions, facts: Facts, day: date) -> _Tried:
    if facts.promoted is None:
        return True, msg("%(who)s没有晋升过", who=facts.who)
    sentence = msg("%(who)s %(year)s 年晋升过", who=facts.who, year=facts.promoted)
    return facts.promoted != day.year, sentence


def _one_event(_conditions: Conditions, facts: Facts, _day: date) -> _Tried:
    if not facts.other_events:
        return True, msg("%(who)s只报了这一个", who=facts.who)
    return False, msg("%(who)s还报了%(events)s", who=facts.who, events=listed(facts.other_events))
