"""A total's parts add up to it, and what moved it adds up to the difference."""

from __future__ import annotations

import json
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import given, settings

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.labour_moves import (
    causes_of,
    causes_words,
    changes_since,
    named_changes,
)
from compete.domain.labour.outcome import Outcome, outcome_of
from compete.domain.labour.participants import LabourField
from compete.domain.labour.rows import labour_results
from compete.domain.labour.shares import before_of, moved_since, shares_of
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.domain.labour.by_hand import ByHand
from tests.domain.labour_competitions import labour_competition
from tests.domain.strategies import RANDOMS, labour_bundles


def _outcome(bundle: Bundle) -> Outcome:
    assert bundle.labour is not None
    return outcome_of(LabourField(bundle, bundle.labour))


def _two_months(**labour: object) -> Outcome:
    values = [
        value("A", "M1", "x", "60"),
        value("A", "M1", "y", "20"),
        value("A", "M2", "x", "66.5"),
        value("A", "M2", "y", "15"),
        value("B", "M2", "x", "70"),
        value("B", "M2", "y", "7"),
    ]
    defaults = {
        "periods": quarter("M1", "M2", M1=1, M2=2),
        "indicators": [indicator("x", 70), indicator("y", 30)],
        "values": values,
    }
    return _outcome(labour_bundle("AB", **{**defaults, **labour}))


def test_parts_weigh_as_their_periods_do() -> None:
    shares = shares_of(_two_months(), "Q", "A")
    assert shares is not None
    assert shares.indicators == {"x": Fraction(193, 3), "y": Fraction(50, 3)}
    assert shares.lost == {"x": Fraction(17, 3), "y": Fraction(40, 3)}
    # (80 + 2 × 81.5) ÷ 3 is 81 exactly
    assert (shares.total, shares.rounded) == (81, 0)


def test_where_a_unit_was_absent_nothing_weighs() -> None:
    shares = shares_of(_two_months(), "Q", "B")
    assert shares is not None
    assert shares.indicators == {"x": Fraction(70), "y": Fraction(7)}
    assert shares_of(_two_months(), "M1", "B") is None
    assert moved_since(_two_months(), "M1", "M2", "B") is None


def test_what_moved_a_unit_is_said_with_its_figures() -> None:
    outcome = _two_months(adjustments=[{"unit": "A", "period": "M2", "points": "1.25"}])
    assert before_of(outcome, "M1") is None
    assert before_of(outcome, "M2") == "M1"
    changes = [(change.code, change.moved) for change in changes_since(outcome, "M1", "M2", "A")]
    assert changes == [
        ("x", Fraction("0.065")),
        ("y", Fraction("-0.05")),
        (None, Fraction("0.0125")),
    ]
    assert str(causes_words(outcome, "M1", "M2", "A")) == ("得分率 80% → 82.8%：x 85.7% → 95%")
    assert causes_words(outcome, "M1", "M2", "B") is None


def test_what_one_period_alone_asks_is_no_cause_and_not_nothing() -> None:
    """五小成果 is asked in M2 alone: from not asked to 7.3 explains no fall, and no rise."""
    outcome = _two_months(
        indicators=[indicator("x", 70), indicator("y", 30), indicator("w", 8, periods=["M2"])],
        values=[
            value("A", "M1", "x", "60"),
            value("A", "M1", "y", "20"),
            value("A", "M2", "x", "60"),
            value("A", "M2", "y", "18"),
            value("A", "M2", "w", "7.3"),
        ],
    )
    assert [change.code for change in changes_since(outcome, "M1", "M2", "A")] == ["y"]
    assert str(causes_words(outcome, "M1", "M2", "A")) == (
        "得分率 80% → 78%：y 66.7% → 60%；满分 100 → 108，只有一期考的不比：w"
    )


def test_a_place_lost_by_who_got_better_is_the_others_doing() -> None:
    outcome = _two_months(
        values=[
            value("A", "M1", "x", "60"),
            value("A", "M1", "y", "20"),
            value("B", "M1", "x", "50"),
            value("B", "M1", "y", "20"),
            value("A", "M2", "x", "61"),
            value("A", "M2", "y", "20"),
            value("B", "M2", "x", "70"),
            value("B", "M2", "y", "20"),
        ]
    )
    assert str(causes_words(outcome, "M1", "M2", "A")) == "得分率 80% → 81%：自己没降，别家升得多"
    assert named_changes(outcome, "M1", "M2", "A") == []


def test_a_month_is_not_held_against_an_inspection() -> None:
    periods = [
        {"code": "Y", "name": "年"},
        *({"code": code, "name": code, "part_of": "Y"} for code in ("M1", "I1", "M2", "I2")),
    ]
    indicators = [
        indicator("x", 70, periods=["M1", "M2"]),
        indicator("y", 30, periods=["I1", "I2"]),
    ]
    outcome = _outcome(labour_bundle("A", periods=periods, indicators=indicators))
    assert [before_of(outcome, code) for code in ("M2", "I2", "M1", "Y")] == [
        "M1",
        "I1",
        None,
        None,
    ]


def test_rules_that_change_within_a_year_leave_a_month_its_month_before() -> None:
    """`x` is scored otherwise from M2 on, `w` asked no more; both months ask `y`."""
    otherwise = {
        "indicators": [
            indicator("x", 60, periods=["M1"]),
            indicator("x2", 80, periods=["M2"]) | {"name": "x"},
            indicator("w", 10, periods=["M1"]),
            indicator("y", 30),
        ],
        "values": [
            value("A", "M1", "x", "50"),
            value("A", "M1", "w", "10"),
            value("A", "M1", "y", "20"),
            value("A", "M2", "x2", "66.5"),
            value("A", "M2", "y", "20"),
        ],
    }
    outcome = _two_months(**otherwise)
    assert before_of(outcome, "M2") == "M1"
    assert [
        (change.name, change.was, change.now) for change in changes_since(outcome, "M1", "M2", "A")
    ] == [("x", Fraction(50, 60), Fraction("66.5") / 80)]
    assert str(causes_words(outcome, "M1", "M2", "A")) == (
        "得分率 78.3% → 78.2%：x 83.3% → 83.1%；满分 100 → 110，只有一期考的不比：w"
    )


@given(labour_bundles())
def test_the_parts_add_up_whatever_the_rules(bundle: Bundle) -> None:
    outcome = _outcome(bundle)
    totals = {
        (period.code, row.unit): row.total
        for period in labour_results(outcome).periods
        for row in period.standings
    }
    for (period, unit), total in totals.items():
        shares = shares_of(outcome, period, unit)
        assert (None if shares is None else shares.total) == (
            None if total is None else Fraction(total)
        )
        assert shares is None or all(part >= 0 for part in shares.lost.values())


@given(labour_bundles())
def test_a_named_cause_goes_the_way_of_the_move_and_is_the_largest_that_does(
    bundle: Bundle,
) -> None:
    """Worked out here from scores and rules: shares of what both periods ask of the unit."""
    outcome = _outcome(bundle)
    for period in outcome.field.tree.periods:
        before = before_of(outcome, period)
        for unit in outcome.field.units if before is not None else ():
            assert before is not None
            then, now = shares_of(outcome, before, unit), shares_of(outcome, period, unit)
            movement = moved_since(outcome, before, period, unit)
            if then is None or now is None or movement is None:
                continue
            once = set(then.indicators) ^ set(now.indicators)
            changes = changes_since(outcome, before, period, unit)
            assert movement.moved == sum((change.moved for change in changes), Fraction(0))
            for change in changes:
                # By its own share alone, and only where both periods ask it.
                assert change.code not in once
                assert (change.moved > 0) == (change.now > change.was)
                if change.code is not None:
                    assert min(change.asked) > 0
            for sign in (1, -1):
                causes = causes_of(changes, sign)
                assert bool(causes) == (movement.moved * sign > 0)
                that_way = [change.moved * sign for change in changes if change.moved * sign > 0]
                assert [change.moved * sign for change in causes] == sorted(that_way)[::-1][
                    : len(causes)
                ]
                assert len(causes) < 2 or causes[0].moved * sign * 2 <= sum(that_way)
            ranks = [outcome.ranks.get((code, unit)) for code in (before, period)]
            if None not in ranks and ranks[0] != ranks[1]:
                up = ranks[1] < ranks[0]  # type: ignore[operator]
                named = named_changes(outcome, before, period, unit)
                assert all((change.moved > 0) == up for change in named)


def _best(plain: ByHand, unit: str, leaf: str, code: str) -> dict[str, Any]:
    """The best that a unit can have written in a square, whatever it has now."""
    indicator = plain.indicators[code]
    rule = indicator["scoring"]
    row = {"unit": unit, "period": leaf, "indicator": code, "value": indicator["max"]}
    match rule["type"]:
        case "completion":
            return row | {"value": rule.get("cap", 1), "target": 1}
        case "deduction":
            return row | {"value": 0}
        case "linear":
            return row | {"value": rule["full_at"]}
        case "rank":
            return row | {"value": -1 if rule.get("better") == "lower" else 10**6}
    return row


@settings(max_examples=20)
@given(RANDOMS)
def test_what_would_lift_a_unit_is_what_the_best_value_brings(rng: Random) -> None:
    """Tried out: the best value written wherever the unit takes part, all else as it is."""
    plain = labour_competition(rng, version=None)
    outcome = _outcome(read_bundle(json.dumps(plain).encode()))
    before = ByHand(plain)
    leaves = [code for code in before.periods if not before.parts(code)]
    for unit in before.units:
        there = [leaf for leaf in leaves if before.present(unit, leaf)]
        for code in before.indicators:
            more = [_best(before, unit, leaf, code) for leaf in there if code in before.asked(leaf)]
            values = [*plain["labour"]["values"], *more]
            after = ByHand(plain | {"labour": plain["labour"] | {"values": values}})
            for period in before.periods:
                shares = shares_of(outcome, period, unit)
                if shares is None:
                    continue
                exact = before.exact(unit, period)
                assert shares.total - shares.rounded == exact
                lost = shares.lost.get(code, Fraction(0))
                assert after.exact(unit, period) - exact == lost, (unit, period, code)
