"""Some periods alone: what was closed, what is told, what is lacking; rules beside the scores."""

from __future__ import annotations

from compete.domain.bundle.labour_types import Labour
from compete.domain.labour.closed_periods import only_periods, shifts_between, told_alone
from compete.domain.labour.gaps import absent, lacking
from compete.domain.labour.head_counts import HEAD_COUNTS
from compete.domain.labour.kept_flags import FLAG_KEEP, FlagKeep, flag_keep_of, with_flag_keep
from compete.domain.labour.outcome import Outcome, outcome_of
from compete.domain.labour.participants import LabourField
from tests.domain.labour.build import indicator, labour_bundle, quarter, value

REPORTS = [{"unit": "A", "period": month, "people": 9} for month in ("M1", "M2")]
VALUES = [
    *(value("A", month, code, 40) for month in ("M1", "M2") for code in "xy"),
    *(value("B", month, code, 20) for month in ("M1", "M2") for code in "xy"),
    value("C", "M1", "x", 30),
]


def contest(units: str = "ABCD", **labour: object) -> Outcome:
    """A leads, B stands below the line and has a veto, C is not whole, D never came."""
    fields: dict[str, object] = {
        "periods": quarter("M1", "M2"),
        "indicators": [indicator("x", 50), indicator("y", 50)],
        "values": VALUES,
        "adjustments": [{"unit": "A", "period": month, "points": 1} for month in ("M1", "M2")],
        "vetoes": [{"unit": "B", "period": month} for month in ("M1", "M2")],
        "flags": {"count": 1},
        "warn_below": 60,
        "extra": {HEAD_COUNTS: REPORTS, "own": "kept"},
    }
    bundle = labour_bundle(units, **fields | labour)
    assert bundle.labour is not None
    return outcome_of(LabourField(bundle, bundle.labour))


def periods_of(labour: Labour) -> list[set[str]]:
    extra = labour.extra or {}
    return [
        {square.period for square in labour.values},
        {adjustment.period for adjustment in labour.adjustments},
        {veto.period for veto in labour.vetoes},
        {head_count["period"] for head_count in extra[HEAD_COUNTS]},
    ]


def test_of_periods_that_are_not_meant_nothing_is_left() -> None:
    labour = contest().field.labour
    assert periods_of(labour) == [{"M1", "M2"}] * 4
    alone = only_periods(labour, {"M1"})
    assert periods_of(alone) == [{"M1"}] * 4
    assert (alone.extra or {})["own"] == "kept"


def test_what_is_told_has_totals_ranks_flags_and_warnings_of_its_own_periods_alone() -> None:
    whole = contest()
    for marked in (whole.ranks, whole.flagged, whole.warned):
        assert {period for period, _unit in marked} == {"M1", "M2", "Q"}
    public = told_alone(whole, {"M1"})
    for marked in (public.ranks, public.flagged, public.warned):
        assert {period for period, _unit in marked} == {"M1"}
    totals = {key for key, total in public.totals.items() if total.total is not None}
    assert totals == {("M1", "A"), ("M1", "B")}


def test_who_is_in_one_of_two_outcomes_alone_is_told_too() -> None:
    few = contest("A", values=VALUES[:4], vetoes=[])
    more = contest("AB", values=VALUES[:8])
    for before, after, totals in ((more, few, True), (few, more, False)):
        shifts = {shift.unit: shift for shift in shifts_between(before, after, ["M1"])}
        assert set(shifts) == {"B"}
        was, now = shifts["B"].totals
        assert (was is not None, now is not None) == (totals, not totals)
        assert shifts["B"].vetoes == (totals, not totals)


def test_who_takes_part_lacks_what_was_not_entered_and_who_does_not_is_absent() -> None:
    assert lacking(contest(), "Q") == {("M1", "y"): ["C"]}
    assert absent(contest(), "Q") == {"M1": ["D"], "M2": ["C", "D"]}


def test_a_rule_for_keeping_the_flag_leaves_all_else_as_it_was() -> None:
    labour = contest().field.labour
    keep = FlagKeep(3, "M1")
    labour_keep = with_flag_keep(labour, keep)
    assert flag_keep_of(labour_keep) == keep
    assert labour_keep.extra == {**(labour.extra or {}), FLAG_KEEP: {"after": 3, "of": "M1"}}
    assert flag_keep_of(with_flag_keep(labour_keep, None)) is None
