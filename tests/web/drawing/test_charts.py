"""Radars, bars and trends: what is drawn is where the numbers say."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from compete.web.drawing.charts import radar, share
from compete.web.drawing.trends import Series, spark, trend


def decimals(text: str) -> list[Decimal | None]:
    return [None if part == "-" else Decimal(part) for part in text.split()]


def test_the_first_axis_of_a_radar_points_up() -> None:
    shape = radar("甲乙丙丁", [Decimal(1)] * 4)
    first, right, below, left = shape.axes
    assert (first.x, first.anchor) == (shape.cx, "middle")
    assert first.y < shape.cy < below.y
    assert (right.anchor, left.anchor) == ("start", "end")


def test_a_radar_draws_shares_between_the_middle_and_the_rim() -> None:
    shape = radar("甲乙丙", [Decimal("0.5"), Decimal(0), Decimal(2)])
    half, none, over = shape.points
    assert half.y == pytest.approx((shape.cy + shape.axes[0].y) / 2)
    assert (none.x, none.y) == (shape.cx, shape.cy)
    assert (over.x, over.y) == (shape.axes[2].x, shape.axes[2].y)


def test_a_radar_without_median_draws_none() -> None:
    assert radar("甲乙丙", [Decimal(1)] * 3).median == ""


@pytest.mark.parametrize("count", [0, 2, 4])
def test_a_radar_wants_a_share_for_each_of_its_axes(count: int) -> None:
    with pytest.raises(ValueError, match="three axes"):
        radar("甲乙丙" if count != 2 else "甲乙", [Decimal(1)] * count)


@pytest.mark.parametrize(
    ("value", "full", "percent"), [("59.5", "100", "59.5"), ("1", "3", "33.3"), ("5", "0", "0")]
)
def test_a_share_is_a_part_of_a_hundred(value: str, full: str, percent: str) -> None:
    assert share(Decimal(value), Decimal(full)) == Decimal(percent)


def test_a_share_stays_within_its_bar() -> None:
    assert share(Decimal(-5), Decimal(100)) == 0
    assert share(Decimal(120), Decimal(100)) == 100


def test_a_trend_breaks_where_a_value_is_missing() -> None:
    shape = trend(["1月", "2月", "3月", "4月"], [Series("二标", decimals("90 - 92 93"))])
    assert shape is not None
    assert [len(run.split()) for run in shape.lines[0].runs] == [1, 2]


def test_a_trend_goes_up_with_its_values() -> None:
    shape = trend(["1月", "2月"], [Series("二标", decimals("80 95"))])
    assert shape is not None
    first, last = (float(point.split(",")[1]) for point in shape.lines[0].runs[0].split())
    assert last < first
    assert [mark.text for mark in shape.up] == ["80", "85", "90", "95"]


@pytest.mark.parametrize("values", ["90 95", "95 95", "95 90", "0 0", "100 100"])
def test_labels_at_the_end_of_a_trend_never_cover_each_other_nor_leave_it(values: str) -> None:
    series = [Series(str(n), decimals(values)) for n in range(5)]
    shape = trend(["1月", "2月"], series)
    assert shape is not None
    heights = [line.label_y for line in shape.lines]
    gaps = [below - above for above, below in pairwise(heights)]
    assert min(gaps) >= 19
    assert heights[-1] < shape.height
    assert min(mark.at for mark in shape.up) >= shape.top


def test_nothing_known_is_no_trend_and_no_spark() -> None:
    assert trend(["1月"], [Series("二标", [None])]) is None
    assert spark([Decimal(90), None]) == []


def test_a_flat_spark_is_a_level_line() -> None:
    (run,) = spark(decimals("90 90 90"))
    assert len({point.split(",")[1] for point in run.split()}) == 1


def test_a_trend_of_any_spread_has_a_side_with_few_figures() -> None:
    for most in ("6001", "900000", "12345678901"):
        shape = trend(["1月", "2月"], [Series("二标", decimals(f"0 {most}"))])
        assert shape is not None
        assert 2 <= len(shape.up) <= 8


def test_a_name_is_cut_where_it_has_no_room_beside_its_line() -> None:
    values = decimals("80 90")
    drawn = trend(
        ["1 月", "2 月"], [Series(name, values) for name in ("长" * 60, "二标", "A" * 60)]
    )
    assert drawn is not None
    assert {line.name for line in drawn.lines} == {"长" * 8 + "…", "二标", "A" * 16 + "…"}
    # They, their mark and a value of five digits have room at 13 px.
    assert drawn.width - drawn.right >= 30 + 9 * 13 + 42
