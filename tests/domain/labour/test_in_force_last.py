"""A year begins anew with the rules that were in force last, whatever was changed on the way."""

from __future__ import annotations

from typing import Any

from compete.domain.bundle.labour_types import Labour
from compete.domain.labour.rule_versions import held_from, in_force_last
from tests.domain.labour.build import indicator, labour_bundle, quarter


def _labour(*indicators: dict[str, Any], **more: Any) -> Labour:
    months = quarter("M1", "M2", "M3", "M4")
    labour = labour_bundle("A", periods=months, indicators=list(indicators), **more).labour
    assert labour is not None
    return labour


FAULTS = indicator("x", 50, scoring={"type": "deduction", "points": 3})
LIGHTER = indicator("x", 40, scoring={"type": "deduction", "points": 1})
LIGHTEST = indicator("x-2", 30, scoring={"type": "deduction", "points": 1})


def test_an_indicator_scored_otherwise_from_a_month_on_is_one_again_scored_as_last() -> None:
    before = _labour(FAULTS, indicator("y", 50), ties=["indicator:x"])
    wanted = _labour(LIGHTER, indicator("y", 60), ties=["indicator:x"])
    after, made = held_from(before, wanted, "M3")
    assert made == {"x": "x-2", "y": "y-2"}
    anew, codes = in_force_last(after, [(before, after, "M3")])
    assert anew == wanted
    assert codes == {"x-2": "x", "y-2": "y"}


def test_one_changed_twice_is_scored_as_it_was_the_second_time() -> None:
    before = _labour(FAULTS, indicator("y", 50))
    once, _made = held_from(before, _labour(LIGHTER, indicator("y", 50)), "M2")
    later = _labour(
        *({**FAULTS, "periods": ["M1"]}, {**LIGHTEST, "periods": ["M2", "M3", "M4"]}),
        indicator("y", 50),
    )
    twice, _made = held_from(once, later, "M4")
    anew, _codes = in_force_last(twice, [(before, once, "M2"), (once, twice, "M4")])
    assert anew == _labour({**LIGHTEST, "code": "x"}, indicator("y", 50))


def test_what_was_given_up_is_gone_and_what_came_is_asked_all_year() -> None:
    before = _labour(indicator("x", 50), indicator("y", 50))
    wanted = _labour(indicator("y", 50), indicator("z", 20))
    after, _made = held_from(before, wanted, "M3")
    assert [row.code for row in after.indicators] == ["y", "z", "x"]
    anew, _codes = in_force_last(after, [(before, after, "M3")])
    assert anew == wanted


def test_what_is_asked_in_some_months_alone_by_the_rules_stays_so() -> None:
    rules = _labour(indicator("x", 50), indicator("y", 50, periods=["M1"]))
    assert in_force_last(rules, []) == (rules, {})
    after, _made = held_from(rules, _labour(indicator("x", 60), rules_y()), "M3")
    anew, _codes = in_force_last(after, [(rules, after, "M3")])
    assert anew == _labour(indicator("x", 60), rules_y())


def rules_y() -> dict[str, Any]:
    return indicator("y", 50, periods=["M1"])
