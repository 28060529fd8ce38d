"""The pump station competition: a preliminary by theory, a final of three practical modules."""

from __future__ import annotations

from typing import Any

NATIONAL = "全国水利行业（泵站运行工）技能竞赛"

PRACTICAL = (
    ("operation", "机组开停机操作", 40),
    ("fault", "故障判断和排除", 35),
    ("assembly", "水泵检修装配", 25),
)
"""Code, name, weight in the final."""


def event() -> dict[str, Any]:
    """The preliminary sends twelve to the final, at most four of one unit; it counts 30 in 100."""
    return {
        "code": "PUMP",
        "name": "泵站运行和维修工",
        "occupation": {
            "code": "待核",
            "name": "灌排泵站运行工",
            "extra": {"note": "职业代码以公布为准"},
        },
        "stages": [
            {
                "code": "preliminary",
                "name": "预赛",
                "modules": [_theory()],
                "advance": {"top": 12, "per_unit": 4, "ties": "include"},
            },
            {
                "code": "final",
                "name": "决赛",
                "carry": {"from": "preliminary", "weight": "0.3", "own": "0.7"},
                "modules": [_operation(), _fault(), _assembly()],
            },
        ],
        "ranking": {"ties": ["module:operation", "time:fault", "stage:preliminary"]},
        "unit_ranking": {"points": {"1": 7, "2": 5, "3": 4, "4": 3, "5": 2, "6": 1}},
        "awards": [
            {"code": "first", "name": "一等奖", "top": 1, "pass_modules": True},
            {"code": "second", "name": "二等奖", "top": 3},
            {"code": "third", "name": "三等奖", "top": 4},
        ],
        "grades": _grades(),
        "extra": {"code_prefix": "P"},
    }


def _theory() -> dict[str, Any]:
    return {
        "code": "theory",
        "name": "理论知识",
        "weight": 100,
        "full": 100,
        "pass": 60,
        "aspects": [{"code": "paper", "name": "卷面成绩", "type": "score", "max": 100, "step": 1}],
    }


def _operation() -> dict[str, Any]:
    """Three judges, the middle one of their sums."""
    return {
        "code": "operation",
        "name": "机组开停机操作",
        "weight": 40,
        "full": 100,
        "pass": 60,
        "panel": {"size": 3, "combine": "median", "max_spread": 12},
        "aspects": [
            {
                "code": "steps",
                "name": "操作票和步骤",
                "type": "deduction",
                "max": 60,
                "points": 6,
                "criterion": "操作",
                "extra": {"unit": "处"},
            },
            {
                "code": "calling",
                "name": "唱票复诵",
                "type": "judgement",
                "max": 10,
                "factor": 2,
                "criterion": "规范",
                "extra": {"descriptors": ["不唱票", "漏唱较多", "个别漏唱", "完整清楚"]},
            },
            {
                "code": "safety",
                "name": "安全用具",
                "type": "score",
                "max": 20,
                "step": 1,
                "criterion": "规范",
            },
        ],
    }


def _fault() -> dict[str, Any]:
    """Two judges who must agree: a fault is found or it is not."""
    found = [
        {
            "code": f"fault-{number}",
            "name": f"故障点 {number}",
            "type": "measurement",
            "max": 16,
            "criterion": "排故",
        }
        for number in range(1, 6)
    ]
    return {
        "code": "fault",
        "name": "故障判断和排除",
        "weight": 35,
        "full": 100,
        "pass": 60,
        "panel": {"size": 2, "combine": "agreed"},
        "aspects": [
            *found,
            {
                "code": "fault-time",
                "name": "用时",
                "type": "time",
                "max": 20,
                "full_at": 900,
                "zero_at": 1800,
                "criterion": "用时",
                "extra": {"unit": "秒"},
            },
        ],
    }


def _assembly() -> dict[str, Any]:
    return {
        "code": "assembly",
        "name": "水泵检修装配",
        "weight": 25,
        "full": 100,
        "pass": 60,
        "aspects": [
            {
                "code": "clearance",
                "name": "叶片间隙偏差",
                "type": "measurement",
                "max": 60,
                "bands": [
                    {"within": "0.05", "marks": 60},
                    {"within": "0.10", "marks": 50},
                    {"within": "0.20", "marks": 36},
                    {"within": "0.40", "marks": 18},
                ],
                "extra": {"unit": "毫米"},
            },
            {
                "code": "tools",
                "name": "工具摆放和清理",
                "type": "deduction",
                "max": 40,
                "points": 5,
                "extra": {"unit": "处"},
            },
        ],
    }


def _grades() -> list[dict[str, Any]]:
    """Honours for four, grades for those who passed everything."""
    return [
        {
            "code": "honour-4",
            "cite": "前 4 名授予省部属企业五一创新能手",
            "when": {"levels": ["provincial-2"], "groups": ["worker"], "max_rank": 4},
            "grant": {"titles": ["省部属企业五一创新能手"]},
        },
        {
            "code": "first",
            "cite": "第 1 名晋升技师，已是技师的晋升高级技师；推荐参加" + NATIONAL,
            "when": {
                "levels": ["provincial-2"],
                "groups": ["worker"],
                "max_rank": 1,
                "pass_modules": "all",
                "once_a_year": True,
            },
            "grant": {"up": 1, "floor": 2, "ceiling": 1},
        },
        {
            "code": "top-6",
            "cite": "第 2 至 6 名晋升高级工，已是高级工的晋升技师",
            "when": {
                "levels": ["provincial-2"],
                "groups": ["worker"],
                "max_rank": 6,
                "pass_modules": "all",
                "once_a_year": True,
                "min_ranked": 10,
            },
            "grant": {"up": 1, "floor": 3, "ceiling": 2},
        },
    ]
