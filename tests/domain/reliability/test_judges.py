"""One judge against the panel: severity, drift, spread, agreement, own people."""

from __future__ import annotations

import random

import pytest

from compete.domain.reliability.panels import panel_levels, whole_panels
from compete.domain.reliability.readings import Reading, Residual, by_entrant, residuals
from compete.domain.reliability.report import (
    agreement,
    drift,
    judge_reports,
    own_bias,
    severities,
    spread,
)


def panel(
    entrants: int,
    bias: dict[str, float],
    noise: float = 1.0,
    seed: int = 7,
    drifts: dict[str, float] | None = None,
) -> list[Reading]:
    """Marks of a panel whose judges differ from the truth by `bias`, and `drifts` an hour."""
    chance = random.Random(seed)
    readings = []
    for number in range(entrants):
        truth = chance.gauss(80, 6)
        hour = 8 + number / 6
        for judge, off in bias.items():
            moved = off + (drifts or {}).get(judge, 0) * (hour - 8)
            marks = truth + moved + chance.gauss(0, noise)
            readings.append(Reading(f"K-{number:02}", judge, marks, hour))
    return readings


def rows(*values: float, own: int = 0, hours: bool = True) -> list[Residual]:
    return [
        Residual(f"K-{n}", value, float(n) if hours else None, n < own)
        for n, value in enumerate(values)
    ]


def test_a_residual_is_against_the_others_alone() -> None:
    residual_rows = residuals(
        [Reading("K-1", "a", 80), Reading("K-1", "b", 83), Reading("K-1", "c", 89)]
    )
    assert {judge: figures[0].value for judge, figures in residual_rows.items()} == {
        "a": -6,
        "b": -1.5,
        "c": 7.5,
    }


def test_who_is_left_out_is_nobodys_measure() -> None:
    marks = [Reading("K-1", "a", 80), Reading("K-1", "b", 83), Reading("K-1", "c", 89)]
    assert residuals(marks, {"c"})["a"][0].value == -3
    assert residuals(marks, {"c"})["c"][0].value == 7.5
    assert residuals(marks[:2], {"a", "b"})["a"][0].value == -3


def test_an_entrant_marked_by_one_judge_alone_says_nothing() -> None:
    assert residuals([Reading("K-1", "a", 80), Reading("K-2", "b", 83)]) == {}


def test_a_strict_judge_is_seen_and_the_others_are_not_blamed() -> None:
    severity_of = severities(residuals(panel(15, {"a": 0, "b": 0.5, "c": -6})))
    strict = severity_of["c"].shrunk
    assert strict.clear
    assert strict.high < -2
    assert strict.value == pytest.approx(-6.25, abs=0.9)
    assert severity_of["a"].shrunk.value > 0


def test_few_sheets_are_drawn_toward_nothing() -> None:
    bias = {"a": 0.0, "b": 0.0, "c": -3.0}
    few, many = (severities(residuals(panel(n, bias, noise=3)))["c"] for n in (4, 40))
    assert abs(few.shrunk.value) < abs(few.raw)
    assert abs(few.shrunk.value / few.raw) < abs(many.shrunk.value / many.raw) < 1
    assert few.shrunk.high - few.shrunk.low > many.shrunk.high - many.shrunk.low


def test_with_two_sheets_there_is_no_severity_but_a_reason() -> None:
    severity = severities({"a": rows(1, 2), "b": rows(-1, -2)})["a"]
    assert severity.raw == 1.5
    assert severity.shrunk.value is None
    assert str(severity.shrunk.reason) == "只有 2 张能和同组比，满 3 张再看"


def test_judges_who_say_exactly_the_same_have_no_severity_and_no_doubt() -> None:
    severity = severities({"a": rows(0, 0, 0), "b": rows(0, 0, 0)})["a"].shrunk
    assert (severity.value, severity.low, severity.high) == (0, 0, 0)
    assert not severity.clear


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    within = tried = 0
    chance = random.Random(2024)
    for trial in range(200):
        bias = {judge: chance.gauss(0, 2) for judge in "abcde"}
        severity_of = severities(residuals(panel(10, bias, noise=2, seed=trial)))
        for judge, off in bias.items():
            tried += 1
            shrunk = severity_of[judge].shrunk
            others = (sum(bias.values()) - off) / (len(bias) - 1)
            within += shrunk.low <= off - others <= shrunk.high
    assert 0.92 <= within / tried <= 0.99


def test_a_judge_who_grows_strict_through_the_day_drifts() -> None:
    residual_rows = residuals(panel(18, {"a": 0, "b": 0, "c": 0}, noise=0.5, drifts={"c": -2}))
    slope = drift(residual_rows["c"])
    assert slope.clear
    assert slope.value == pytest.approx(-2, abs=0.35)
    assert not drift(residuals(panel(18, {"a": 0, "b": 0, "c": -4}))["c"]).clear


def test_drift_wants_six_sheets_with_times() -> None:
    assert drift(rows(1, 2, 3)).value is None
    assert drift(rows(1, 2, 3, 4, 5, 6, hours=False)).value is None
    same = [Residual(f"K-{n}", float(n), 9.0, False) for n in range(6)]
    assert str(drift(same).reason) == "时间都一样，看不出先后变化"


def test_what_is_too_little_is_told_with_how_much_there_is() -> None:
    slope = drift(rows(1, 2, 3))
    assert (str(slope.reason), slope.count) == ("有时间的不到 6 张，看不出先后变化", 3)
    assert str(agreement([]).reason) == "还没有能和同组比的"


def test_after_the_first_sheets_there_is_a_report_without_a_severity() -> None:
    reports = judge_reports([Reading("K-1", "a", 80, 8.0), Reading("K-1", "b", 84, 8.1)], {})
    assert {judge: judge_report.severity.raw for judge, judge_report in reports.items()} == {
        "a": -4,
        "b": 4,
    }
    assert all(judge_report.severity.shrunk.value is None for judge_report in reports.values())


def test_the_spread_of_a_report_is_the_judges_own() -> None:
    sheets = [
        Reading(f"K-{number}", judge, 80 + number * by)
        for number in range(5)
        for judge, by in (("wide", 5), ("narrow", 1))
    ]
    reports = judge_reports(sheets, {})
    groups = by_entrant(sheets)
    for judge in ("wide", "narrow"):
        assert reports[judge].spread == spread(judge, groups)
        assert reports[judge].spread.value is not None


def test_drift_along_a_straight_line_is_its_slope() -> None:
    slope = drift(rows(0, 0.5, 1, 1.5, 2, 2.5))
    assert slope.value == pytest.approx(0.5)
    assert slope.low == pytest.approx(0.5)


def test_a_judge_who_squeezes_marks_together_has_a_small_spread() -> None:
    readings = []
    for number, truth in enumerate((60, 70, 80, 90, 100)):
        readings += [
            Reading(f"K-{number}", "wide", truth),
            Reading(f"K-{number}", "narrow", 80 + (truth - 80) / 5),
        ]
    groups = by_entrant(readings)
    # Against the root mean square of both: 1 / sqrt((1 + 25) / 2) and 5 times that.
    assert spread("narrow", groups).value == pytest.approx((2 / 26) ** 0.5)
    assert spread("wide", groups).value == pytest.approx(5 * (2 / 26) ** 0.5)


def test_spread_wants_five_entrants() -> None:
    assert spread("a", by_entrant(panel(4, {"a": 0, "b": 0}))).value is None


def test_agreement_is_the_mean_distance_from_the_panel() -> None:
    assert agreement(rows(-2, 1, 3)).value == 2
    assert agreement([]).value is None


def test_kindness_to_the_own_unit_is_seen() -> None:
    bias = own_bias(rows(3, 4, 3.5, -0.5, 0, -0.2, 0.1, -0.3, own=3))
    assert bias.clear
    assert bias.value == pytest.approx(3.5 + 0.18)
    assert own_bias(rows(3, 0, 0, 0, own=1)).value is None
    assert own_bias(rows(3, 3, 3, own=3)).value is None


def test_panels_at_different_stations_are_tables_of_their_own() -> None:
    here = panel(4, {"a": 0, "b": 0, "c": 0})
    there = [Reading(f"L-{n}", judge, 80.0 + n) for n in range(3) for judge in ("d", "e")]
    late = [Reading("K-99", "a", 70), Reading("K-99", "b", 71)]
    panels = whole_panels([*here, *there, *late])
    assert [(panel.judges, len(panel.entrants)) for panel in panels] == [
        (("a", "b", "c"), 4),
        (("d", "e"), 3),
    ]


def test_a_report_tells_of_every_judge_who_had_a_colleague() -> None:
    whole = panel(8, {"a": 0, "b": 0})
    alone = Reading("K-50", "z", 90)
    reports = judge_reports([*whole, alone], {"A1": whole[:6]})
    assert sorted(reports) == ["a", "b"]
    assert reports["a"].sheets == 8
    assert reports["a"].hours == pytest.approx(7 / 6)
    assert reports["a"].aspects["A1"].shrunk.count == 3


def test_twelve_judges_who_do_not_drift_are_seldom_said_to() -> None:
    chance = random.Random(20261126)
    tried, alarms = 300, 0
    for _ in range(tried):
        readings = [
            Reading(f"{station}-{number}", f"{station}{judge}", chance.gauss(80, 3), 8 + number / 4)
            for station in range(4)
            for number in range(12)
            for judge in "abc"
        ]
        reports = judge_reports(readings, {})
        assert len(reports) == 12
        alarms += any(report.drift.clear for report in reports.values())
    # At 5 % wanted, more than 8 % of 300 comes by chance once in a hundred times.
    assert alarms / tried <= 0.08


def test_more_judges_in_the_competition_ask_for_more_before_one_is_named() -> None:
    readings = panel(12, {"a": 0, "b": 0, "c": 0}, noise=0.8, drifts={"c": -0.9})
    alone, of_many = (judge_reports(readings, {}, compared)["c"].drift for compared in (3, 300))
    assert alone.value == of_many.value
    assert of_many.high - of_many.low > alone.high - alone.low


def test_a_strict_station_is_seen_though_its_judges_agree() -> None:
    readings = [
        Reading(f"{place}-{number}", f"{place}{judge}", mark - (8 if place == "S" else 0), 9.0)
        for place in "SML"
        for number in range(10)
        for mark in [random.Random(f"{place}{number}").gauss(80, 3)]
        for judge in "ab"
    ]
    assert all(not report.severity.shrunk.clear for report in judge_reports(readings, {}).values())
    panels = whole_panels(readings)
    pairs = zip(panels, panel_levels(panels), strict=True)
    levels = {panel.judges[0][0]: level for panel, level in pairs}
    assert levels["S"].clear
    assert levels["S"].high < -4
    assert not levels["M"].clear or levels["M"].value > 0
    few = panel_levels(whole_panels([reading for reading in readings if reading.entrant[0] == "S"]))
    assert few[0].value is None
