"""Six contests in one: the periods and indicators of the key-projects competition."""

from __future__ import annotations

from typing import Any

QUARTERS = {"Q1": 20, "Q2": 25, "Q3": 25, "Q4": 30}
"""Quarters and their weights in the year."""

MONTHS = {f"M{month:02d}": f"Q{(month + 2) // 3}" for month in range(1, 13)}
"""Months and their quarters."""

_NUMBERS = "一二三四"


def periods() -> list[dict[str, Any]]:
    """A year of quarters; a quarter is its months, 70 in 100, and an inspection, 30."""
    rows: list[dict[str, Any]] = [{"code": "Y2022", "name": "2022 年"}]
    for at, (quarter, weight) in enumerate(QUARTERS.items()):
        called = f"{_NUMBERS[at]}季度"
        months = [month for month, of in MONTHS.items() if of == quarter]
        rows += [
            {"code": quarter, "name": called, "part_of": "Y2022", "weight": weight},
            {
                "code": f"{quarter}-M",
                "name": f"{called}月度考核",
                "part_of": quarter,
                "weight": 70,
            },
            *(
                {"code": month, "name": f"{int(month[1:])} 月", "part_of": f"{quarter}-M"}
                for month in months
            ),
            {
                "code": f"{quarter}-I",
                "name": f"{called}检查",
                "part_of": quarter,
                "weight": 30,
            },
        ]
    return rows


def indicators() -> list[dict[str, Any]]:
    """Four asked every month, two at each quarter's inspection; each leaf makes 100."""
    monthly = list(MONTHS)
    quarterly = [f"{quarter}-I" for quarter in QUARTERS]
    return [
        _indicator(
            "safety", "隐患和违章", "比安全", 30, {"type": "deduction", "points": 3}, monthly
        ),
        _indicator("quality", "实体质量抽检", "比质量", 30, {"type": "score"}, monthly),
        _indicator(
            "progress", "产值完成（万元）", "比进度", 30, {"type": "completion", "cap": 1}, monthly
        ),
        _indicator("integrity", "廉洁文明", "比廉洁", 10, {"type": "score"}, monthly),
        _indicator(
            "innovation",
            "创新成果得分",
            "比创新",
            40,
            {"type": "rank", "points": [40, 38, 36, 34, 32, *([30] * 25), *([26] * 70)]},
            quarterly,
        ),
        _indicator(
            "management",
            "履约检查得分率（%）",
            "比管理",
            60,
            {"type": "linear", "zero_at": 50, "full_at": 98},
            quarterly,
        ),
    ]


def _indicator(
    code: str, name: str, heading: str, full: int, scoring: dict[str, Any], periods: list[str]
) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "heading": heading,
        "max": full,
        "scoring": scoring,
        "periods": periods,
    }
