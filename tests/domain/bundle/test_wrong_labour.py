"""Labour bundles of the right shape that make no sense."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.bundle.sample import GONE, changed, labour, refused, skills

PERIODS, ASKED, VALUES = "labour.periods", "labour.indicators", "labour.values"

WRONG: list[tuple[str, Any, str, str]] = [
    (f"{PERIODS}[4].code", "q1", "", "periods[3]"),
    (f"{ASKED}[1].code", "safe", "", "indicators[0]"),
    (f"{PERIODS}[1].part_of", "decade", "", "labour.periods"),
    (f"{PERIODS}[1].part_of", GONE, "", "只能有一个"),
    (f"{PERIODS}[0].part_of", "q1", "", "year → q1 → h1 → year"),
    (f"{PERIODS}[0].part_of", "year", "", "绕成了一圈"),
    (f"{PERIODS}[0].part_of", "h2", PERIODS, "要有一个时段"),
    (PERIODS, [], "", "不能是空的"),
    (f"{PERIODS}[1].weight", 0, "", "大于 0"),
    (f"{PERIODS}[1].weight", -1, "", "大于 0"),
    (f"{ASKED}[3].periods[0]", "q9", "", "labour.periods"),
    (f"{ASKED}[3].periods[0]", "h1", "", "最下层"),
    (f"{ASKED}[0].max", -1, "", "至少应当是 0"),
    (f"{ASKED}[1].scoring.cap", 0, "", "大于 0"),
    (f"{ASKED}[2].scoring.zero_at", GONE, "", "zero_at"),
    (f"{ASKED}[2].scoring.full_at", GONE, "", "full_at"),
    (f"{ASKED}[2].scoring.full_at", "100.0", "", "不能相同"),
    (f"{ASKED}[3].scoring.points", GONE, "", "deduction 要有"),
    (f"{ASKED}[3].scoring.points", [1, 2], "", "deduction 要有"),
    (f"{ASKED}[3].scoring.points", -1, "", "至少应当是 0"),
    (f"{ASKED}[4].scoring.points", 3, "", "rank 要有"),
    (f"{ASKED}[4].scoring.points", GONE, "", "rank 要有"),
    (f"{VALUES}[0].unit", "C", "", "units"),
    (f"{VALUES}[0].period", "q9", "", "labour.periods"),
    (f"{VALUES}[0].period", "h1", "", "最下层"),
    (f"{VALUES}[0].indicator", "noise", "", "labour.indicators"),
    (f"{VALUES}[3].period", "h2", f"{VALUES}[3].indicator", "时段 h2 不考核指标 bad"),
    (f"{VALUES}[0].value", "100.5", "", "单位 A 的指标 safe 是 100.5"),
    (f"{VALUES}[0].value", -1, "", "0 到 100"),
    (f"{VALUES}[1].target", GONE, "", "target"),
    (f"{VALUES}[1].target", 0, "", "大于 0"),
    (f"{VALUES}[1].target", -8, "", "大于 0"),
    ("labour.groups.C", "一线", "", "units"),
    ("labour.adjustments[0].unit", "C", "", "units"),
    ("labour.adjustments[0].period", "q9", "", "labour.periods"),
    ("labour.adjust_cap", -1, "", "至少应当是 0"),
    ("labour.vetoes[0].unit", "C", "", "units"),
    ("labour.vetoes[0].period", "q9", "", "labour.periods"),
    ("labour.ties[0]", "indicator:noise", "", "indicator:noise"),
    ("labour.ties[0]", "safe", "", "indicator:…"),
    ("labour.ties[0]", "module:safe", "", "indicator:…"),
    ("labour.flags.periods[0]", "q9", "", "labour.periods"),
    ("labour.flags", GONE, "labour.warn_below", "没有评流动红旗"),
    ("labour", GONE, "labour", "要有 labour"),
    ("competition.kind", "skills", "labour", "不能有 labour"),
    ("events", skills()["events"], "events", "不能有 events"),
]


@pytest.mark.parametrize(("path", "value", "place", "words"), WRONG)
def test_it_is_refused_and_located(path: str, value: Any, place: str, words: str) -> None:
    messages = refused(changed(labour(), path, value))
    assert (place or path) in messages
    assert words in messages[place or path]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("labour.groups", GONE),
        ("labour.groups", {}),
        ("labour.groups", {"B": "二线"}),
        ("labour.missing", "zero"),
        ("labour.warn_below", GONE),
        ("labour.flags.periods", GONE),
        ("labour.adjustments[0].points", "7.5"),
        (f"{VALUES}[3].value", "0.5"),
        (f"{VALUES}[4].value", "-12.5"),
        (f"{VALUES}[5]", {"unit": "A", "period": "q1", "indicator": "safe", "value": 90}),
        (f"{ASKED}[2].scoring", {"type": "linear", "zero_at": 80, "full_at": 100}),
        ("events", []),
        ("units[2]", {"code": "C", "name": "三队"}),
    ],
)
def test_it_is_allowed(path: str, value: Any) -> None:
    assert refused(changed(labour(), path, value)) == {}
