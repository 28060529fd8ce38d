"""The pump operators' evaluation: four levels, each by theory and skills, the second also 综合评审.

The years of the conditions are in the manner of the rule of 2018.
"""

from __future__ import annotations

from typing import Any

DAY = "2026-05-16"
LEVELS = {5: "五级", 4: "四级", 3: "三级", 2: "二级"}
SKILLS = {
    5: (("check", "开机前检查", 25), ("run", "机组开停机", 40), ("patrol", "巡视和记录", 20)),
    4: (("switch", "倒闸操作", 25), ("run", "机组开停机", 35), ("fault", "一般故障判断", 25)),
    3: (("adjust", "运行工况调整", 30), ("fault", "电气故障排除", 30), ("repair", "水泵检修", 25)),
    2: (("fault", "疑难故障分析", 35), ("overhaul", "大修装配", 30), ("teach", "培训指导", 20)),
}
"""By level: code, name and points; what is left of a hundred is for safe work."""
SAFETY = ("safety", "安全文明生产", 15)
REVIEW = (("report", "技术总结", 60), ("defence", "答辩", 40))

APPRENTICE, SCHOOL, COLLEGE = "学徒期满", "中专毕业", "技师学院毕业"
_APPLY: dict[int, tuple[tuple[str, dict[str, Any]], ...]] = {
    5: (
        ("从业满 1 年", {"years_in_trade": 1}),
        ("学徒期满", {"papers": {"of": [APPRENTICE]}}),
    ),
    4: (
        ("五级满 4 年", {"holds": {"at_least": 5}, "years_in_grade": 4}),
        ("从业满 6 年", {"years_in_trade": 6}),
        ("技工学校、中职毕业", {"papers": {"of": ["技工学校毕业", SCHOOL]}}),
    ),
    3: (
        ("四级满 5 年", {"holds": {"at_least": 4}, "years_in_grade": 5}),
        (
            "四级、高职毕业",
            {"holds": {"at_least": 4}, "papers": {"of": ["高职毕业", COLLEGE]}},
        ),
    ),
    2: (("三级满 4 年", {"holds": {"at_least": 3}, "years_in_grade": 4}),),
}
"""By level its lines, words and what is asked. One that holds will do."""


def event_code(level: int) -> str:
    """The event's code."""
    return f"PUMP-{level}"


def skills_of(level: int) -> tuple[tuple[str, str, int], ...]:
    """What is marked of the skills of a level."""
    return (*SKILLS[level], SAFETY)


def event(level: int) -> dict[str, Any]:
    """One level: its line of pass is 60 of each hundred, as where nothing is said."""
    return {
        "code": event_code(level),
        "name": f"灌排泵站运行工 {LEVELS[level]}",
        "occupation": {
            "code": "待核",
            "name": "灌排泵站运行工",
            "extra": {"note": "职业代码以公布为准"},
        },
        "verdict": "pass",
        "grade": level,
        "cite": "灌排泵站运行工国家职业技能标准 1.10",
        "carry_months": 24,
        "apply": [
            {"code": f"{level}-{place}", "cite": words, "when": when}
            for place, (words, when) in enumerate(_APPLY[level], start=1)
        ],
        "stages": [{"code": "sitting", "name": "考核", "modules": _modules(level)}],
        "extra": {"code_prefix": "E"},
    }


def _modules(level: int) -> list[dict[str, Any]]:
    modules = [
        _module("theory", "理论知识", [("paper", "卷面成绩", 100)]),
        _module("skills", "操作技能", skills_of(level), panel=_panel(10)),
    ]
    if level == 2:
        modules.append(_module("review", "综合评审", REVIEW, panel=_panel(15), review=True))
    return modules


def _panel(most: int) -> dict[str, Any]:
    """Three, the mean of their sums; further apart than so many points is looked at again."""
    return {"size": 3, "combine": "mean", "max_spread": most}


def _module(code: str, name: str, aspects: Any, **keys: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "full": 100,
        **keys,
        "aspects": [
            {"code": aspect, "name": what, "type": "score", "max": points, "step": 1}
            for aspect, what, points in aspects
        ],
    }
