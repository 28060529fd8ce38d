"""A total's parts add up to it, and what moved it adds up to the difference."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import given, settings

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.labour_moves import causes_words, changes_since
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
    changes = [
        (change.code, change.hundredths) for change in changes_since(outcome, "M1", "M2", "A")
    ]
    assert changes == [("x", 650), ("y", -500), (None, 125)]
    assert str(causes_words(outcome, "M1", "M2", "A")) == (
        "总分 80.00 → 82.75：x +6.50，y −5.00，加减分 +1.25"
    )
    assert causes_words(outcome, "M1", "M2", "B") is None


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
    ] == [("x", 50, Fraction("66.5")), ("w", 10, 0)]
    assert str(causes_words(outcome, "M1", "M2", "A")) == "总分 80.00 → 86.50：x +16.50，w −10.00"


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
        before = before_of(outcome, period)
        if before is None or shares is None:
            continue
        earlier = shares_of(outcome, before, unit)
        moved = moved_since(outcome, before, period, unit)
        changes = changes_since(outcome, before, period, unit)
        if earlier is None or moved is None:
            assert not changes
            continue
        assert moved.total == shares.total - earlier.total
        assert Fraction(sum(change.hundredths for change in changes), 100) == moved.total
        assert all(part >= 0 for part in shares.lost.values())


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


_FIGURES = re.compile(r"[-+−]?\d+\.\d\d")


@settings(max_examples=40)
@given(labour_bundles())
def test_the_figures_in_the_sentence_about_a_move_add_up(bundle: Bundle) -> None:
    """As they stand in the words: the first, and all that moved it, make the second."""
    outcome = _outcome(bundle)
    for period in outcome.field.tree.periods:
        before = before_of(outcome, period)
        if before is None:
            continue
        for unit in outcome.field.units:
            words = causes_words(outcome, before, period, unit)
            if words is None:
                continue
            totals, _, causes = str(words).partition("：")
            then, now = (Decimal(figure.replace("−", "-")) for figure in _FIGURES.findall(totals))
            moved = [Decimal(figure.replace("−", "-")) for figure in _FIGURES.findall(causes)]
            assert then + sum(moved) == now, str(words)
