"""sample_events/key-projects-labour: 六比六赛, 130 sections, four quarters with months inside."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from making.key_projects_rules import (
    MONTHS,
    QUARTERS,
    indicators,
    periods,
)
from making.notes import invented

SEED = 606

GROUPS = (("土建", 58, 1.0), ("机电", 30, 1.0), ("房建", 22, 0.97), ("绿化养护", 20, 0.84))
"""Groups, how many sections each has, 130 in all, and how the best of them does."""

LATE_JOINERS = {"S055": 4, "S109": 7}
"""Who came in mid-year, and with which month."""

UNREPORTED = {"S047", "S128"}
"""Who never said how many workers take part: they are left out of the sums, and named so."""

MENDED = (
    ("S017", "M05", "quality"),
    ("S072", "M09", "safety"),
    ("S072", "M09", "progress"),
    ("S121", "M11", "integrity"),
)
"""Squares that were empty when the month was closed; their values come last in the list."""


@dataclass(frozen=True)
class Section:
    """One section of a project: how well it is run, from 0 to 1."""

    code: str
    name: str
    group: str
    care: float
    workers: int


def bundle() -> dict[str, Any]:
    """The whole competition with its values."""
    sections = _sections()
    values = _values(sections)
    late = [value for value in values if _square(value) in MENDED]
    on_time = [value for value in values if _square(value) not in MENDED]
    for value in late:
        value["extra"] = {"note": "当月漏报，次月补报"}
    return {
        "format": "compete-bundle/1",
        "competition": {
            "code": "LB-2022",
            "name": "2022年“交通强省”重点工程劳动竞赛（六比六赛）",
            "kind": "labour",
            "level": "provincial-1",
            "year": 2022,
            "starts": "2022-01-01",
            "ends": "2022-12-31",
            "host": "重点工程劳动竞赛办公室",
            "series": "“交通强省”重点工程劳动竞赛",
            "extra": {"note": invented(SEED), "workers": sum(one.workers for one in sections)},
        },
        "units": [
            {"code": one.code, "name": one.name, "extra": {"workers": one.workers}}
            for one in sections
        ],
        "labour": {
            "periods": periods(),
            "indicators": indicators(),
            "values": [*on_time, *late],
            "groups": {one.code: one.group for one in sections},
            "adjustments": _adjustments(),
            "adjust_cap": 3,
            "ties": ["indicator:safety", "indicator:quality", "indicator:management"],
            "missing": "blocks",
            "vetoes": [
                {"unit": "S039", "period": "M08", "reason": "高处坠落责任事故"},
                {"unit": "S081", "period": "Q4", "reason": "拖欠农民工工资"},
            ],
            "flags": {"count": 1, "min": 90, "periods": list(QUARTERS), "min_leaves": 3},
            "warn_below": 80,
            "extra": {"head_counts": _head_counts(sections)},
        },
    }


def _sections() -> list[Section]:
    dice = random.Random(SEED)
    sections: list[Section] = []
    for group, count, best in GROUPS:
        for number in range(1, count + 1):
            sections.append(
                Section(
                    code=f"S{len(sections) + 1:03d}",
                    name=f"{group}{number:02d}标",
                    group=group,
                    care=best * dice.betavariate(6, 2.2),
                    workers=dice.randint(180, 760),
                )
            )
    return sections


def _values(sections: list[Section]) -> list[dict[str, Any]]:
    dice = random.Random(SEED + 1)
    rows: list[dict[str, Any]] = []
    for month, quarter in MONTHS.items():
        for section in sections:
            if int(month[1:]) >= LATE_JOINERS.get(section.code, 1):
                rows += _month(dice, section, month)
        if int(month[1:]) % 3 == 0:
            for section in sections:
                if int(month[1:]) >= LATE_JOINERS.get(section.code, 1):
                    rows += _inspection(dice, section, f"{quarter}-I")
    return rows


def _month(dice: random.Random, section: Section, month: str) -> list[dict[str, Any]]:
    care = min(1.0, max(0.0, section.care + dice.uniform(-0.12, 0.1)))
    hazards = max(0, round((1 - care) * 9 + dice.uniform(-1.2, 0.8)))
    planned = dice.randint(800, 4200)
    done = round(planned * (0.78 + 0.3 * care + dice.uniform(-0.06, 0.05)))
    return [
        _value(section, month, "safety", hazards),
        _value(section, month, "quality", f"{(22 + 8 * care) // 0.5 * 0.5:g}"),
        {**_value(section, month, "progress", done), "target": planned},
        _value(section, month, "integrity", f"{round(14 + 6 * care) / 2:g}"),
    ]


def _inspection(dice: random.Random, section: Section, period: str) -> list[dict[str, Any]]:
    care = min(1.0, max(0.0, section.care + dice.uniform(-0.08, 0.08)))
    return [
        _value(section, period, "innovation", dice.randint(0, 3) + round(care * 9)),
        _value(section, period, "management", f"{70 + 30 * care:.1f}"),
    ]


def _value(section: Section, period: str, indicator: str, value: Any) -> dict[str, Any]:
    return {"unit": section.code, "period": period, "indicator": indicator, "value": value}


def _square(value: dict[str, Any]) -> tuple[str, str, str]:
    return value["unit"], value["period"], value["indicator"]


def _head_counts(sections: list[Section]) -> list[dict[str, Any]]:
    """Reported with a section's first month, and again in a quarter in which crews came or went."""
    dice = random.Random(SEED + 2)
    reports = [
        {"unit": one.code, "period": f"M{LATE_JOINERS.get(one.code, 1):02d}", "people": one.workers}
        for one in sections
        if one.code not in UNREPORTED
    ]
    for month in (4, 7, 10):
        for section in sections:
            moved = dice.random() < 0.2
            people = round(section.workers * dice.uniform(0.85, 1.2))
            if (
                moved
                and section.code not in UNREPORTED
                and month > LATE_JOINERS.get(section.code, 1)
            ):
                reports.append({"unit": section.code, "period": f"M{month:02d}", "people": people})
    return reports


def _adjustments() -> list[dict[str, Any]]:
    return [
        {"unit": "S005", "period": "Q1", "points": "1.5", "reason": "QC 成果获省级二等奖"},
        {"unit": "S005", "period": "Q1", "points": 2, "reason": "发明专利一项"},
        {"unit": "S034", "period": "Q2", "points": -2, "reason": "环保督查通报"},
        {"unit": "S061", "period": "M10", "points": 1, "reason": "承办现场观摩会"},
        {"unit": "S100", "period": "Y2022", "points": "0.5", "reason": "年度先进表彰"},
    ]
