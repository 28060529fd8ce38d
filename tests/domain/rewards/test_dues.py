"""Dues of a month: the highest grade, once for each certificate, and what changed since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.rewards.dues import (
    Basis,
    Change,
    Holding,
    ListLine,
    Merit,
    PayRule,
    Start,
    Why,
    dues_of,
    lines_of,
    month_of,
)
from compete.domain.values.days import months_later
from compete.domain.values.kinds import Level

JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (6, 7, 8))


def of_grade(number: int, grade: int, amount: int, **more: object) -> PayRule:
    keys = {"basis": Basis.MONTH, "first": date(2026, 1, 1)} | more
    return PayRule(
        number=number,
        merit=Merit.GRADE,
        grade=grade,
        amount=Decimal(amount),
        **keys,  # type: ignore[arg-type]
    )


def of_honour(number: int, honour: str, amount: int, **more: object) -> PayRule:
    keys = {"basis": Basis.ONCE, "first": date(2026, 1, 1)} | more
    return PayRule(
        number=number,
        merit=Merit.HONOUR,
        honour=honour,
        amount=Decimal(amount),
        **keys,  # type: ignore[arg-type]
    )


def grade_of(person: int, grade: int, day: date, **more: object) -> Holding:
    key = f"{person}-{grade}-{day}"
    return Holding(
        person=person,
        merit=Merit.GRADE,
        grade=grade,
        key=key,
        number=key,
        day=day,
        **more,  # type: ignore[arg-type]
    )


def honour_of(person: int, honour: str, day: date, level: Level, **more: object) -> Holding:
    key = f"{person}-{honour}-{day}"
    return Holding(
        person=person,
        merit=Merit.HONOUR,
        honour=honour,
        level=level,
        key=key,
        number=key,
        day=day,
        **more,  # type: ignore[arg-type]
    )


def months_list(
    rules: Sequence[PayRule],
    holdings: Sequence[Holding],
    month: date,
    *earlier: Sequence[ListLine],
    people: Collection[int] = (1, 2),
) -> Sequence[ListLine]:
    return lines_of(rules, holdings, people, month, earlier)


THREE, TWO = of_grade(1, 3, 300), of_grade(2, 2, 500)


def test_the_highest_grade_alone_is_paid_each_month() -> None:
    holdings = [grade_of(1, 3, date(2026, 3, 5)), grade_of(1, 2, date(2026, 5, 20))]
    (due,) = dues_of([THREE, TWO], holdings, JUNE)
    assert (due.amount, due.grade) == (500, 2)
    # A grade that no rule names leaves the next below it.
    (due,) = dues_of([THREE], holdings, JUNE)
    assert due.amount == 300


@pytest.mark.parametrize(("start", "months"), [(Start.NEXT, [0, 1, 1]), (Start.THIS, [1, 1, 1])])
def test_a_certificate_counts_from_its_month_or_the_one_after(
    start: Start, months: list[int]
) -> None:
    rule = of_grade(1, 3, 300, start=start)
    holdings = [grade_of(1, 3, date(2026, 6, 30))]
    assert [len(dues_of([rule], holdings, it)) for it in (JUNE, JULY, AUGUST)] == months


def test_a_rule_pays_in_its_months_alone() -> None:
    rule = of_grade(1, 3, 300, first=JULY, last=JULY)
    holdings = [grade_of(1, 3, date(2026, 1, 5))]
    assert [len(dues_of([rule], holdings, it)) for it in (JUNE, JULY, AUGUST)] == [0, 1, 0]


def test_an_honour_is_paid_once_for_each_certificate_of_its_level() -> None:
    national = of_honour(1, "一等奖", 5000, level=Level.NATIONAL_1)
    firm = of_honour(2, "一等奖", 500, level=Level.ENTERPRISE)
    holdings = [
        honour_of(1, "一等奖", date(2026, 4, 1), Level.ENTERPRISE),
        honour_of(1, "一等奖", date(2026, 5, 1), Level.NATIONAL_1),
        honour_of(1, "二等奖", date(2026, 5, 2), Level.NATIONAL_1),
    ]
    june = months_list([national, firm], holdings, JUNE)
    assert sorted(it.due.amount for it in june) == [500, 5000]
    assert months_list([national, firm], holdings, JULY, june) == ()
    assert not national.meets(firm)
    assert national.meets(of_honour(3, "一等奖", 1))


def test_a_list_says_who_is_new_changed_and_gone_and_why() -> None:
    third = grade_of(1, 3, date(2026, 3, 5))
    june = months_list([THREE, TWO], [third], JUNE)
    assert [(it.change, it.why) for it in june] == [(Change.NEW, Why.RULE_BEGAN)]
    july = months_list([THREE, TWO], [third], JULY, june)
    assert [(it.change, it.before) for it in july] == [(Change.SAME, 300)]
    second = grade_of(1, 2, date(2026, 7, 9))
    august = months_list([THREE, TWO], [third, second], AUGUST, june, july)
    assert [(it.change, it.why, it.before, it.due.amount) for it in august] == [
        (Change.CHANGED, Why.OTHER_GRADE, 300, 500)
    ]
    void = grade_of(1, 2, date(2026, 7, 9), ended=date(2026, 9, 2))
    september = months_list([TWO], [third, void], date(2026, 9, 1), june, july, august)
    assert [(it.change, it.why, it.before, it.due.amount) for it in september] == [
        (Change.LAPSED, Why.VOID, 500, 0)
    ]
    assert months_list([TWO], [third, void], date(2026, 10, 1), august, september) == ()


@pytest.mark.parametrize(
    ("rules", "people", "why"),
    [([THREE], (), Why.LEFT), ([], (1,), Why.RULE_ENDED)],
)
def test_why_somebody_lapses(rules: list[PayRule], people: tuple[int, ...], why: Why) -> None:
    holdings = [grade_of(1, 3, date(2026, 3, 5))]
    june = months_list([THREE], holdings, JUNE)
    (line,) = months_list(rules, holdings, JULY, june, people=people)
    assert (line.change, line.why) == (Change.LAPSED, why)


def test_what_was_paid_once_and_is_void_is_asked_back_once() -> None:
    rule = of_grade(1, 3, 2000, basis=Basis.ONCE)
    good = grade_of(1, 3, date(2026, 4, 5))
    june = months_list([rule], [good], JUNE)
    void = grade_of(1, 3, date(2026, 4, 5), ended=date(2026, 7, 3))
    (line,) = july = months_list([rule], [void], JULY, june)
    assert (line.change, line.why, line.before) == (Change.LAPSED, Why.VOID, 2000)
    assert months_list([rule], [void], AUGUST, june, july) == ()


@given(
    st.lists(
        st.tuples(
            st.integers(1, 3), st.integers(1, 5), st.dates(date(2026, 1, 1), date(2026, 8, 28))
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_lists_add_up_whatever_the_order(
    grades: list[tuple[int, int, date]], order: object
) -> None:
    """Month by month each sum is what is due, and of what is paid once nothing comes twice."""
    rules = [of_grade(it, it, 100 * it) for it in range(1, 6)]
    rules += [of_grade(9, 3, 1000, basis=Basis.ONCE)]
    holdings = [grade_of(person, grade, day) for person, grade, day in dict.fromkeys(grades)]
    shuffled = list(holdings)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    earlier: list[Sequence[ListLine]] = []
    month = date(2026, 1, 1)
    while month < date(2026, 11, 1):
        lines = lines_of(rules, shuffled, (1, 2, 3), month, earlier)
        assert lines == lines_of(rules, holdings, (1, 2, 3), month, earlier)
        monthly = [it for it in lines if it.due.basis is Basis.MONTH]
        best = {
            person: min(
                it.grade
                for it in holdings
                if it.person == person and it.grade and month_of(it.day) < month
            )
            for person in {it.person for it in holdings if month_of(it.day) < month}
        }
        assert {it.due.person: it.due.amount for it in monthly} == {
            person: 100 * grade for person, grade in best.items()
        }
        earlier.append(lines)
        month = months_later(month, 1)
    once = [it.due.key for lines in earlier for it in lines if it.due.basis is Basis.ONCE]
    assert sorted(once) == sorted({it.key for it in holdings if it.grade == 3})
