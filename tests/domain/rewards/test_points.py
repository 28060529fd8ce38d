"""Points by rules: one act earns once, the year's cap, and when points end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from compete.domain.rewards.points import PointAct, PointRule, PointSource, entries_of, totals_on

FIRST = date(2026, 1, 1)
COURSE = PointRule(
    number=1, source=PointSource.ATTENDANCE, points=Decimal(2), by_hours=True, first=FIRST
)
PRIZE = PointRule(
    number=2,
    source=PointSource.PRIZE,
    match="一等奖",
    points=Decimal(10),
    cap=Decimal(15),
    months=12,
    first=FIRST,
)


def attended(key: str, day: date, hours: str = "1", person: int = 1) -> PointAct:
    source = PointSource.ATTENDANCE
    return PointAct(person=person, source=source, key=key, day=day, hours=Decimal(hours))


def won(key: str, day: date, prize: str = "一等奖") -> PointAct:
    return PointAct(person=1, source=PointSource.PRIZE, key=key, day=day, of=prize)


def test_hours_caps_and_ends() -> None:
    acts = [
        attended("a", date(2026, 3, 1), "2.5"),
        won("x", date(2026, 4, 1)),
        won("y", date(2026, 5, 1)),
        won("z", date(2026, 5, 1), "二等奖"),
        attended("before", date(2025, 12, 31)),
    ]
    entries = entries_of([COURSE, PRIZE], acts)
    assert sorted(it.points for it in entries) == [5, 10, 10]
    # Of the second prize five are within the cap.
    assert totals_on([COURSE, PRIZE], entries, date(2026, 6, 1)) == {1: Decimal("20.0")}
    assert totals_on([COURSE, PRIZE], entries, date(2026, 4, 30)) == {1: Decimal("15.0")}
    # The first prize ends after twelve months, what the cap cut comes not back.
    assert totals_on([COURSE, PRIZE], entries, date(2027, 4, 1)) == {1: Decimal("10.0")}
    assert totals_on([COURSE, PRIZE], entries, date(2027, 5, 1)) == {1: Decimal("5.0")}


@given(
    st.lists(
        st.builds(
            attended,
            st.sampled_from("abcdef"),
            st.just(date(2026, 2, 3)),
            st.just("3"),
            st.integers(1, 3),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_the_same_acts_twice_or_in_another_order_earn_the_same(
    acts: list[PointAct], order: object
) -> None:
    again = [*acts, *acts]
    order.shuffle(again)  # type: ignore[attr-defined]
    assert entries_of([COURSE, PRIZE], again) == entries_of([COURSE, PRIZE], acts)
    on = date(2026, 12, 31)
    expected = {
        person: 6 * Decimal(len({it.key for it in acts if it.person == person}))
        for person in {it.person for it in acts}
    }
    assert totals_on([COURSE], entries_of([COURSE], again), on) == expected
