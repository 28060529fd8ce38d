"""Sheets for the tests: one with every kind of control, as the field knows them."""

from __future__ import annotations

from typing import Any


def aspect(code: str, name: str, kind: str, most: str, **more: Any) -> dict[str, Any]:
    """An aspect as the API gives it."""
    empty = {
        "factor": "1",
        "criterion": None,
        "step": "0.01",
        "scale": 3,
        "points": None,
        "bands": [],
        "full_at": None,
        "zero_at": None,
        "better": "lower",
        "descriptors": None,
        "unit": None,
        "hint": None,
    }
    return empty | {"code": code, "name": name, "type": kind, "max": most} | more


def forklift() -> list[dict[str, Any]]:
    """The port forklift sheet: four counters, a ladder, a measured value, a stop-watch."""
    return [
        aspect("hit", "碰杆", "deduction", "20", points="2"),
        aspect("fall", "倒杆", "deduction", "20", points="5"),
        aspect("spill", "货物倾倒", "deduction", "20", points="10"),
        aspect("safe", "安全操作", "deduction", "10", points="5"),
        aspect(
            "smooth",
            "操作平稳",
            "judgement",
            "10",
            descriptors=[
                "多次急停急转，货物晃动",
                "有急停，货物轻微晃动",
                "起步停车平稳，个别顿挫",
                "全程平稳，货物无晃动",
            ],
        ),
        aspect(
            "stack",
            "堆码偏差",
            "measurement",
            "10",
            unit="毫米",
            hint="量两箱边缘",
            bands=[
                {"within": "10", "marks": "10"},
                {"within": "20", "marks": "7"},
                {"within": "40", "marks": "4"},
            ],
        ),
        aspect("time", "用时", "time", "10", full_at="480", zero_at="580"),
    ]


def desk_work() -> list[dict[str, Any]]:
    """Marks given outright and yes/no, under criteria."""
    return [
        aspect("plan", "作业方案", "score", "20", step="0.5", criterion="准备"),
        aspect("tools", "工具齐全", "measurement", "5", criterion="准备"),
        aspect("result", "测量结果", "score", "75", criterion="操作", factor="1"),
    ]
