"""What a judge may have meant by a number, by the type of its aspect."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect, AspectType, Band
from compete.domain.values.kinds import Better

BANDS = (Band(within=Decimal(5), marks=Decimal(10)), Band(within=Decimal(8), marks=Decimal(6)))


def aspect(kind: str, **keys: Any) -> Aspect:
    return Aspect(code="a", name="要点", type=AspectType(kind), max=Decimal(10), **keys)


def timed(full_at: int = 60, zero_at: int = 90, **keys: Any) -> Aspect:
    return aspect("time", full_at=Decimal(full_at), zero_at=Decimal(zero_at), **keys)


def counted(points: str) -> Aspect:
    return aspect("deduction", points=Decimal(points))


@pytest.mark.parametrize(
    ("the_aspect", "limits"),
    [
        (aspect("measurement"), (None, None)),
        (aspect("measurement", bands=BANDS), (-8000, 8000)),
        (aspect("measurement", bands=BANDS, extra={"least": 0}), (0, 8000)),
        (aspect("measurement", bands=BANDS, extra={"most": "12.5"}), (-8000, Decimal("12.5"))),
        (counted("0.5"), (None, 99)),
        (counted("0.2"), (None, 150)),
        (counted("0.3"), (None, 102)),
        (aspect("deduction", points=Decimal(1), extra={"most": 12}), (None, 12)),
        (timed(), (Decimal("0.1"), 86400)),
        (timed(zero_at=9000), (Decimal("0.1"), 90000)),
        (timed(extra={"most": 600}), (Decimal("0.1"), 600)),
        (aspect("relative"), (None, 10**9)),
        (aspect("relative", extra={"least": "0.5", "most": 40}), (Decimal("0.5"), 40)),
    ],
)
def test_beyond_these_no_finger_meant_it(the_aspect: Aspect, limits: object) -> None:
    assert kind_of(the_aspect).limits() == limits


@pytest.mark.parametrize("most", [True, "many", "NaN", [5]])
def test_a_limit_that_is_no_number_is_as_none(most: Any) -> None:
    assert kind_of(timed(extra={"most": most})).limits() == (Decimal("0.1"), 86400)


def test_while_there_are_few_a_time_is_held_against_that_for_full_marks() -> None:
    usual = kind_of(timed(full_at=60, zero_at=90)).plausible
    assert usual([]) == usual([Decimal(7), Decimal(9000)]) == (15, 180)
    assert kind_of(timed(full_at=60, zero_at=400)).plausible([]) == (15, 400)
    assert kind_of(timed(full_at=0)).plausible([]) is None
    assert kind_of(timed(full_at=0)).plausible([Decimal(40)] * 3) == (20, 80)


def test_a_compared_value_is_held_against_the_judges_others_alone() -> None:
    usual = kind_of(aspect("relative", better=Better.LOWER)).plausible
    assert usual([Decimal(46), Decimal(50)]) is None
    assert usual([Decimal(n) for n in ("4.6", "46", "50", "60")]) == (23, 120)


def test_of_the_others_wild_times_are_left_out() -> None:
    usual = kind_of(timed()).plausible
    assert usual([Decimal(n) for n in (70, 80, 100)]) == (35, 200)
    assert usual([Decimal(n) for n in (39, 80, 40, 160, 161)]) == (20, 320)
