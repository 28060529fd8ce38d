"""Standard scores, with roots that have an end and roots that have none."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from compete.domain.bundle.event_types import EventScale
from compete.domain.ranking.scaled import scaled_totals
from compete.domain.values.kinds import Centre, Spread
from tests.domain.reference.scaled import nearest


def scaled(totals: list[str], **keys: object) -> list[str]:
    scale = EventScale(**{"of": Decimal(30), **keys})  # type: ignore[arg-type]
    hundredths = {str(place): int(Decimal(total) * 100) for place, total in enumerate(totals)}
    figures = scaled_totals(scale, hundredths, 100)
    return [str(Decimal(value).scaleb(-scale.places)) for value in figures.values()]


def test_the_middle_stands_at_the_figure_and_a_spread_is_so_much_more() -> None:
    # Mean 6, variance (16 + 4 + 0 + 4 + 16) ÷ 5 = 8; one spread 2.828…
    assert scaled(["10", "8", "6", "4", "2"]) == ["742", "721", "700", "679", "658"]
    # Variance 1 has a root: a half is met, and goes away from zero.
    assert scaled(["7", "5"], of=Decimal("0.5")) == ["701", "700"]
    assert scaled(["7", "5"], of=Decimal("0.5"), at=Decimal(0)) == ["1", "-1"]
    assert scaled(["7", "5"], of=Decimal("0.5"), at=Decimal(-1)) == ["-1", "-2"]


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    none = {"spread": Spread.NONE, "of": Decimal(1), "places": 2}
    assert scaled(["9", "4", "3", "1"], **none) == ["705.50", "700.50", "699.50", "697.50"]
    mean = {**none, "centre": Centre.MEAN}
    assert scaled(["9", "4", "3", "1"], **mean) == ["704.75", "699.75", "698.75", "696.75"]


def test_nobody_differs_and_nobody_is_there() -> None:
    assert scaled(["88.1", "88.1"], at=Decimal("499.5")) == ["500", "500"]
    assert scaled(["5"]) == ["700"]
    assert scaled([]) == []


@pytest.mark.parametrize("seed", range(20))
def test_each_is_the_nearest_figure_by_squares_alone(seed: int) -> None:
    rng = Random(seed)
    for _ in range(10):
        totals = {str(n): rng.randint(-300, 10_000) for n in range(rng.randint(1, 9))}
        scale = EventScale(
            centre=rng.choice(list(Centre)),
            at=Decimal(rng.randint(-2000, 2000)) / 4,
            of=Decimal(rng.randint(1, 400)) / rng.choice([1, 8]),
            places=rng.choice([0, 1, 12]),
        )
        points = {code: Fraction(total, 100) for code, total in totals.items()}
        ordered = sorted(points.values())
        mean = sum(ordered) / len(ordered)
        lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
        middle = mean if scale.centre is Centre.MEAN else (lower + upper) / 2
        square = sum((x - mean) ** 2 for x in ordered) / len(ordered)
        figures = scaled_totals(scale, totals, 100)
        for code, x in points.items():
            away = Fraction(scale.of) * (x - middle) if square else Fraction(0)
            wanted = nearest(Fraction(scale.at), away, square or Fraction(1), scale.places)
            assert Fraction(figures[code], 10**scale.places) == wanted
