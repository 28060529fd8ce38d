"""The coal competition: theory 30, practice 70 made of sampling, preparing and assay."""

from __future__ import annotations

from typing import Any

PANEL = ("J1", "J2", "J3", "J4", "J5")

JUDGED = {
    "sampling": (
        ("points", "布点和子样数", 40),
        ("taking", "采样动作", 40),
        ("label", "封装和标识", 20),
    ),
    "preparing": (
        ("crushing", "破碎和缩分", 50),
        ("drying", "干燥", 20),
        ("grinding", "制粉和装瓶", 30),
    ),
}
"""Aspects the five judges give points for: code, name, full marks."""

_NAMES = {"sampling": "采样", "preparing": "制样"}


def event() -> dict[str, Any]:
    """采样 30, 制样 30, 化验 40 within the practice."""
    return {
        "code": "COAL",
        "name": "电煤采制化",
        "occupation": {"code": "6-31-03-01", "name": "化学检验员", "track": "煤质化验"},
        "stages": [
            {
                "code": "final",
                "name": "决赛",
                "parts": [
                    {"code": "practical", "name": "技能操作", "weight": 70, "full": 100, "pass": 60}
                ],
                "modules": [_theory(), *(_judged(code) for code in JUDGED), _assay()],
            }
        ],
        "ranking": {"ties": ["part:practical", "module:assay", "time:assay"]},
        "awards": [
            {"code": "first", "name": "一等奖", "top": 1, "pass_modules": True},
            {"code": "second", "name": "二等奖", "top": 2},
            {"code": "third", "name": "三等奖", "top": 3},
            {"code": "merit", "name": "优胜奖", "ratio": "0.2", "round": "floor", "min_total": 70},
        ],
        "grades": _grades(),
        "extra": {"code_prefix": "A", "blind": True},
    }


def _theory() -> dict[str, Any]:
    return {
        "code": "theory",
        "name": "理论知识",
        "weight": 30,
        "full": 100,
        "pass": 60,
        "aspects": [
            {"code": "paper", "name": "卷面成绩", "type": "score", "max": 100, "step": "0.5"}
        ],
    }


def _judged(module: str) -> dict[str, Any]:
    """Five judges: the highest and the lowest dropped; with fewer than five, the plain mean."""
    return {
        "code": module,
        "name": _NAMES[module],
        "part": "practical",
        "weight": 30,
        "full": 100,
        "panel": {
            "size": 5,
            "combine": "trimmed_mean",
            "drop_high": 1,
            "drop_low": 1,
            "min": 3,
            "reduced": "mean",
            "max_spread": 15,
        },
        "aspects": [
            {"code": code, "name": name, "type": "score", "max": full, "step": "0.5"}
            for code, name, full in JUDGED[module]
        ],
    }


def _assay() -> dict[str, Any]:
    return {
        "code": "assay",
        "name": "化验",
        "part": "practical",
        "weight": 40,
        "full": 100,
        "aspects": [
            {
                "code": "deviation",
                "name": "灰分测定偏差",
                "type": "measurement",
                "max": 40,
                "bands": [
                    {"within": "0.10", "marks": 40},
                    {"within": "0.20", "marks": 34},
                    {"within": "0.30", "marks": 26},
                    {"within": "0.50", "marks": 14},
                ],
                "extra": {"unit": "%", "hint": "测定值减标准值，可以是负的"},
            },
            {
                "code": "repeat",
                "name": "两次测定之差",
                "type": "measurement",
                "max": 20,
                "bands": [{"within": "0.20", "marks": 20}, {"within": "0.30", "marks": 10}],
                "extra": {"unit": "%"},
            },
            {
                "code": "handling",
                "name": "操作差错",
                "type": "deduction",
                "max": 30,
                "points": 3,
                "extra": {"unit": "次"},
            },
            {
                "code": "assay-time",
                "name": "用时",
                "type": "time",
                "max": 10,
                "full_at": 2700,
                "zero_at": 3600,
                "extra": {"unit": "秒"},
            },
        ],
    }


def _grades() -> list[dict[str, Any]]:
    def when(group: str, last: int) -> dict[str, Any]:
        return {"groups": [group], "max_rank": last, "pass_modules": "all", "once_a_year": True}

    return [
        {
            "code": "worker-top-3",
            "cite": "职工前 3 名晋升技师，已是技师的晋升高级技师",
            "when": when("worker", 3),
            "grant": {"up": 1, "floor": 2, "ceiling": 1, "max_step": 2},
        },
        {
            "code": "worker-top-6",
            "cite": "职工第 4 至 6 名晋升高级工，已是高级工的晋升技师",
            "when": when("worker", 6),
            "grant": {"up": 1, "floor": 3, "ceiling": 2},
        },
        {
            "code": "student-top-9",
            "cite": "学生前 9 名晋升高级工",
            "when": when("student", 9),
            "grant": {"to": 3},
        },
    ]
