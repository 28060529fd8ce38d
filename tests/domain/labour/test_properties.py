"""What holds for every labour competition, found by trying many."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.bundle.labour_types import Labour, LabourValue
from compete.domain.bundle.types import Bundle
from compete.domain.labour.rows import score_labour
from tests.domain.labour.build import indicator, labour_bundle, quarter

UNITS = "ABCDE"
MONTHS = ("M1", "M2", "M3")
INDICATORS = (
    indicator("own", 40),
    indicator("done", 30, scoring={"type": "completion", "cap": "1.1"}),
    indicator("faults", 20, scoring={"type": "deduction", "points": "0.7"}, periods=["M1", "M3"]),
    indicator("race", 10, scoring={"type": "rank", "points": [10, 7, 4]}),
)
NUMBERS = st.decimals(0, 40, places=2, allow_nan=False)


@st.composite
def competitions(draw: st.DrawFn, *, races: bool = True) -> Bundle:
    """Five units, three months, four indicators; any of the squares may be empty."""
    indicators = [known for known in INDICATORS if races or known["code"] != "race"]
    values: list[dict[str, Any]] = []
    for unit in UNITS:
        for month in MONTHS:
            for asked_for in indicators:
                asked = month in asked_for.get("periods", MONTHS)
                if asked and draw(st.integers(0, 9)):
                    number = draw(NUMBERS)
                    values.append(
                        {
                            "unit": unit,
                            "period": month,
                            "indicator": asked_for["code"],
                            "value": str(number),
                            **({"target": "20"} if asked_for["code"] == "done" else {}),
                        }
                    )
    return labour_bundle(
        UNITS,
        periods=quarter(*MONTHS, M1="1.5"),
        indicators=indicators,
        values=values,
        groups={unit: draw(st.sampled_from("甲乙")) for unit in UNITS},
        missing=draw(st.sampled_from(["blocks", "zero"])),
        ties=draw(st.sampled_from([[], ["indicator:own"]])),
        flags={"count": draw(st.integers(1, 3)), "min": "50"},
        adjust_cap="2",
        adjustments=[
            {"unit": unit, "period": "Q", "points": str(draw(NUMBERS) - 20), "reason": "加减"}
            for unit in draw(st.sets(st.sampled_from(UNITS)))
        ],
    )


def with_values(bundle: Bundle, values: tuple[LabourValue, ...]) -> Bundle:
    labour = bundle.labour
    assert isinstance(labour, Labour)
    return msgspec.structs.replace(bundle, labour=msgspec.structs.replace(labour, values=values))


@settings(max_examples=60, deadline=None)
@given(competitions(), st.randoms(use_true_random=False))
def test_the_order_of_values_and_units_never_matters(
    bundle: Bundle, shuffler: random.Random
) -> None:
    assert bundle.labour is not None
    values, units = list(bundle.labour.values), list(bundle.units)
    shuffler.shuffle(values)
    shuffler.shuffle(units)
    shuffled = msgspec.structs.replace(with_values(bundle, tuple(values)), units=tuple(units))
    assert score_labour(shuffled) == score_labour(bundle)


@settings(max_examples=60, deadline=None)
@given(competitions())
def test_ranks_run_from_one_with_gaps_only_after_shared_ranks(bundle: Bundle) -> None:
    for period in score_labour(bundle).periods:
        for group in ("甲", "乙"):
            ranks = [row.rank for row in period.standings if row.group == group and row.rank]
            assert ranks == sorted(ranks)
            for rank in ranks:
                assert rank == 1 + sum(other < rank for other in ranks)


@settings(max_examples=60, deadline=None)
@given(competitions())
def test_rank_total_and_flag_go_together(bundle: Bundle) -> None:
    for period in score_labour(bundle).periods:
        for row in period.standings:
            assert (row.rank is None) == (row.total is None)
            if row.flag:
                assert row.total is not None
                assert Decimal(row.total) >= 50


@settings(max_examples=60, deadline=None)
@given(competitions(races=False), st.data())
def test_more_points_never_lower_a_rank(bundle: Bundle, data: st.DataObject) -> None:
    assert bundle.labour is not None
    owned = [value for value in bundle.labour.values if value.indicator in ("own", "done")]
    if not owned:
        return
    chosen = data.draw(st.sampled_from(owned))
    better = msgspec.structs.replace(chosen, value=chosen.value + 1)
    raised = with_values(bundle, (*bundle.labour.values, better))
    for before, after in zip(
        score_labour(bundle).periods, score_labour(raised).periods, strict=True
    ):
        was = {row.unit: row.rank for row in before.standings}
        now = {row.unit: row.rank for row in after.standings}
        if was[chosen.unit] is not None:
            assert now[chosen.unit] is not None
            assert (now[chosen.unit] or 0) <= (was[chosen.unit] or 0)


@settings(max_examples=60, deadline=None)
@given(competitions(races=False), st.sampled_from(UNITS))
def test_a_total_never_depends_on_another_unit_without_rank_points(
    bundle: Bundle, gone: str
) -> None:
    assert bundle.labour is not None
    kept = tuple(value for value in bundle.labour.values if value.unit != gone)
    whole, without = score_labour(bundle), score_labour(with_values(bundle, kept))
    for before, after in zip(whole.periods, without.periods, strict=True):
        was = {row.unit: row.total for row in before.standings if row.unit != gone}
        now = {row.unit: row.total for row in after.standings if row.unit != gone}
        assert was == now
