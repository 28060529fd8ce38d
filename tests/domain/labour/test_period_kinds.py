"""A period is held against one of its own kind alone, whatever lies beside it."""

from __future__ import annotations

import pytest

from compete.domain.labour.outcome import Outcome, outcome_of
from compete.domain.labour.participants import LabourField
from compete.domain.labour.period_kinds import alike, commonest, kind_of
from compete.domain.labour.shares import before_of
from tests.domain.labour.build import indicator, labour_bundle


def _beside(*names: str) -> Outcome:
    """A year whose parts all ask the same indicator."""
    periods = [{"code": "Y", "name": "全年"}]
    periods += [{"code": name, "name": name, "part_of": "Y"} for name in names]
    bundle = labour_bundle("A", periods=periods, indicators=[indicator("x")])
    assert bundle.labour is not None
    return outcome_of(LabourField(bundle, bundle.labour))


def _before(*names: str) -> list[str | None]:
    outcome = _beside(*names)
    return [before_of(outcome, name) for name in names]


def test_an_inspection_of_half_a_year_is_held_against_the_one_before_it() -> None:
    assert _before("1 月", "上半年检查", "2 月", "下半年检查") == [
        None,
        None,
        "1 月",
        "上半年检查",
    ]


def test_a_spot_check_of_a_quarter_is_none_of_half_a_year() -> None:
    assert _before("一季度抽查", "半年检查", "三季度抽查") == [None, None, "一季度抽查"]


def test_names_that_say_no_span_are_of_one_kind() -> None:
    assert _before("开工", "主体", "半年检查", "装修") == [None, "开工", None, "主体"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("2026 年 1 月", ("month", False)),
        ("2026 年上半年", ("half year", False)),
        ("2026 年", ("year", False)),
        ("一季度检查", ("quarter", True)),
        ("第 3 周", ("week", False)),
        ("February", ("month", False)),
        ("Half-year inspection", ("half year", True)),
        ("Decoration", ("", False)),
        ("M1", ("", False)),
    ],
)
def test_the_kind_is_what_the_name_says(name: str, kind: tuple[str, bool]) -> None:
    assert kind_of(name) == kind


def test_the_commonest_sort_leaves_inspections_out() -> None:
    tree = _beside("1 月", "2 月", "半年检查").field.tree
    assert commonest(tree, tree.leaves) == ["1 月", "2 月"]
    assert alike(tree, "半年检查", tree.leaves) == ["半年检查"]
    assert commonest(tree, []) == []
