"""Every value that might stand in another's place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from compete.domain.aspects.kind import Steps
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect, AspectType, Band

TENTH, MOST = Decimal("0.1"), Decimal(10**6)


def rungs(kind: str, value: Any, **keys: Any) -> Any:
    the_aspect = Aspect(code="a", name="要点", type=AspectType(kind), max=Decimal(10), **keys)
    return kind_of(the_aspect).rungs(value, TENTH, MOST)


@pytest.mark.parametrize(
    ("value", "others"),
    [
        ("0.4", ["0.4", "1.1", "2.1"]),
        ("-1.5", ["-1.5", "-1", "-2.1"]),
        ("3", ["3", "2", "1"]),
    ],
)
def test_of_each_band_and_beyond_them_the_nearest_deviation(value: str, others: list[str]) -> None:
    bands = tuple(Band(within=Decimal(n), marks=Decimal(n)) for n in (1, 2))
    assert rungs("measurement", Decimal(value), bands=bands) == [Decimal(other) for other in others]


def test_a_measurement_without_bands_is_met_or_not() -> None:
    assert rungs("measurement", True) == [False, True]


def test_a_time_may_be_any_until_there_are_no_marks_left() -> None:
    times = {"full_at": Decimal(60), "zero_at": Decimal("90.05")}
    assert rungs("time", Decimal(70), **times) == Steps(0, 901, TENTH)
    assert rungs("time", Decimal(120), **times) == Steps(0, 1200, TENTH)


def test_faults_may_be_as_many_as_use_the_marks_up() -> None:
    assert rungs("deduction", Decimal(1), points=Decimal(3)) == Steps(0, 4, Decimal(1))
    assert rungs("deduction", Decimal(9), points=Decimal(3)) == Steps(0, 9, Decimal(1))
    assert rungs("deduction", Decimal(2), points=Decimal(0)) == Steps(0, 2, Decimal(1))


def test_marks_go_in_their_steps_up_to_the_last_that_fits() -> None:
    assert rungs("score", Decimal(1), step=Decimal(3)) == Steps(0, 3, Decimal(3))


def test_a_quantity_may_be_all_that_is_above_nothing_and_below_the_most() -> None:
    assert rungs("relative", Decimal(8)) == Steps(1, 10**7 - 1, TENTH)
