"""The port forklift competition: how it is marked, ranked, awarded and graded."""

from __future__ import annotations

from typing import Any

BANDS = ((10, 10), (20, 8), (30, 6), (50, 3))
"""Deviation of the stack in millimetres, and its marks."""

STANDARD_SECONDS = 480
ZERO_SECONDS = 580

FAULTS = (
    ("pole-hit", "碰杆", 20, 2, "车身、货叉、货物碰到标杆，一次记一次"),
    ("pole-down", "倒杆", 20, 5, "标杆倒地，一根记一次"),
    ("tipped", "货物倾倒", 20, 10, "货物从托盘上掉落或倾倒"),
    ("safety", "安全操作", 10, 5, "没系安全带、没鸣笛、没拉手刹，一样记一次"),
)
"""Code, name, full marks, points a fault, what counts."""


def event() -> dict[str, Any]:
    """The event 叉车司机: theory 20, practice 80."""
    return {
        "code": "FORK",
        "name": "叉车司机",
        "occupation": {
            "code": "6-30-05-01",
            "name": "起重装卸机械操作工",
            "track": "叉车司机",
        },
        "stages": [{"code": "final", "name": "决赛", "modules": [_theory(), _driving()]}],
        "ranking": {"ties": ["module:driving", "time:driving"]},
        "team_ranking": {
            "best": 3,
            "method": "sum",
            "require_full": False,
            "min_members": 3,
            "ties": ["best_rank"],
        },
        "unit_ranking": {"points": dict(zip("12345678", (9, 7, 6, 5, 4, 3, 2, 1), strict=True))},
        "awards": _awards(),
        "grades": _grades(),
        "extra": {"code_prefix": "B"},
    }


def _theory() -> dict[str, Any]:
    return {
        "code": "theory",
        "name": "理论知识",
        "weight": 20,
        "full": 100,
        "pass": 60,
        "aspects": [
            {
                "code": "paper",
                "name": "卷面成绩",
                "type": "score",
                "max": 100,
                "step": "0.5",
                "standard": "基础知识",
                "extra": {"hint": "照卷面填，0.5 一档", "unit": "分"},
            }
        ],
    }


def _driving() -> dict[str, Any]:
    return {
        "code": "driving",
        "name": "实操",
        "weight": 80,
        "full": 100,
        "pass": 60,
        "panel": {"size": 3, "min": 2, "at": "aspect", "max_spread": 1},
        "aspects": [*(_fault(*fault) for fault in FAULTS), _smooth(), _stack(), _time()],
        "extra": {"standard_seconds": STANDARD_SECONDS},
    }


def _fault(code: str, name: str, full: int, points: int, hint: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "type": "deduction",
        "max": full,
        "points": points,
        "criterion": "计错",
        "standard": "安全操作" if code == "safety" else "驾驶叉车",
        "extra": {"unit": "次", "hint": hint},
    }


def _smooth() -> dict[str, Any]:
    return {
        "code": "smooth",
        "name": "操作平稳",
        "type": "judgement",
        "max": 10,
        "criterion": "操作平稳",
        "standard": "驾驶叉车",
        "extra": {
            "descriptors": [
                "多次急停急转，货物晃动",
                "有急停，货物轻微晃动",
                "起步停车平稳，个别顿挫",
                "全程平稳，货物无晃动",
            ]
        },
    }


def _stack() -> dict[str, Any]:
    return {
        "code": "stack",
        "name": "堆码偏差",
        "type": "measurement",
        "max": 10,
        "bands": [{"within": within, "marks": marks} for within, marks in BANDS],
        "criterion": "堆码",
        "standard": "货物堆码",
        "extra": {"unit": "毫米", "hint": "量两箱边缘"},
    }


def _time() -> dict[str, Any]:
    return {
        "code": "time",
        "name": "用时",
        "type": "time",
        "max": 10,
        "full_at": STANDARD_SECONDS,
        "zero_at": ZERO_SECONDS,
        "criterion": "用时",
        "extra": {"unit": "秒", "hint": "8 分钟以内满分，每多 10 秒少 1 分"},
    }


def _awards() -> list[dict[str, Any]]:
    people = [
        ("first", "一等奖", "0.10"),
        ("second", "二等奖", "0.20"),
        ("third", "三等奖", "0.30"),
    ]
    teams = [("first", "一等奖", 1), ("second", "二等奖", 2), ("third", "三等奖", 3)]
    return [
        *({"code": code, "name": name, "ratio": ratio} for code, name, ratio in people),
        *(
            {"code": f"team-{code}", "name": f"团体{name}", "top": top, "scope": "teams"}
            for code, name, top in teams
        ),
    ]


def _grades() -> list[dict[str, Any]]:
    def when(last: int) -> dict[str, Any]:
        return {
            "levels": ["provincial-2"],
            "groups": ["worker"],
            "max_rank": last,
            "pass_modules": "all",
            "once_a_year": True,
        }

    return [
        {
            "code": "top-3",
            "cite": "竞赛规则 2022-03 第 14 条：前 3 名晋升技师，已是技师的晋升高级技师",
            "when": when(3),
            "grant": {"up": 1, "floor": 2, "ceiling": 1},
        },
        {
            "code": "top-10",
            "cite": "竞赛规则 2022-03 第 15 条：第 4 至 10 名晋升高级工，已是高级工的晋升技师",
            "when": when(10),
            "grant": {"up": 1, "floor": 3, "ceiling": 2},
        },
        {
            "code": "champion",
            "cite": "竞赛规则 2022-03 第 16 条：第 1 名授予江苏省技术能手",
            "when": {"levels": ["provincial-2"], "groups": ["worker"], "max_rank": 1},
            "grant": {"titles": ["江苏省技术能手"]},
        },
    ]
