"""The recovery competition: theory, three machines, fitness; three single items."""

from __future__ import annotations

from typing import Any

MACHINES = (
    ("flatbed", "5 吨折叠平板清障车", 420, 720),
    ("rotator", "50 吨旋转吊清障车", 780, 1200),
    ("crane", "重型吊车", 600, 960),
)
"""Code, name, seconds for full marks, seconds for none."""

HOME = "JS"


def event() -> dict[str, Any]:
    """Theory 20, practice 60 made of three machines alike, fitness 20."""
    return {
        "code": "RESCUE",
        "name": "救援机械操作员",
        "occupation": {
            "code": "待核",
            "name": "救援机械操作员",
            "track": "道路清障员",
            "extra": {"note": "2022 年版新增职业，代码以公布为准"},
        },
        "stages": [
            {
                "code": "final",
                "name": "决赛",
                "parts": [
                    {"code": "practical", "name": "实践操作", "weight": 60, "full": 100, "pass": 60}
                ],
                "modules": [_theory(), *(_machine(*machine) for machine in MACHINES), _fitness()],
            }
        ],
        "ranking": {"ties": ["part:practical", "module:theory", "aspect:carry", "age:younger"]},
        "team_ranking": {"best": 3, "ties": ["best", "module:rotator"]},
        "unit_ranking": {"medals": True},
        "items": [
            {"code": f"best-{code}", "name": name, "of": code, "ties": [f"time:{code}"]}
            for code, name, _, _ in MACHINES
        ],
        "awards": _awards(),
        "grades": _grades(),
        "extra": {"code_prefix": "R"},
    }


def _theory() -> dict[str, Any]:
    return {
        "code": "theory",
        "name": "理论考试",
        "weight": 20,
        "full": 100,
        "pass": 60,
        "aspects": [
            {"code": "paper", "name": "卷面成绩", "type": "score", "max": 100, "step": "0.5"}
        ],
    }


def _machine(code: str, name: str, full_at: int, zero_at: int) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "part": "practical",
        "weight": 1,
        "full": 100,
        "panel": {"size": 3, "combine": "median", "at": "aspect"},
        "aspects": [
            {
                "code": f"{code}-guard",
                "name": "现场防护到位",
                "type": "measurement",
                "max": 10,
                "criterion": "安全",
            },
            {
                "code": f"{code}-faults",
                "name": "操作差错",
                "type": "deduction",
                "max": 40,
                "points": 4,
                "criterion": "操作",
                "extra": {"unit": "次"},
            },
            {
                "code": f"{code}-steady",
                "name": "起吊平稳",
                "type": "judgement",
                "max": 20,
                "criterion": "操作",
                "extra": {
                    "descriptors": [
                        "被救车摆动失控",
                        "摆动大，有磕碰",
                        "轻微摆动",
                        "全程平稳",
                    ]
                },
            },
            {
                "code": f"{code}-time",
                "name": "用时",
                "type": "time",
                "max": 30,
                "full_at": full_at,
                "zero_at": zero_at,
                "criterion": "用时",
                "extra": {"unit": "秒"},
            },
        ],
    }


def _fitness() -> dict[str, Any]:
    return {
        "code": "fitness",
        "name": "体能测试",
        "weight": 20,
        "full": 100,
        "aspects": [
            {
                "code": "carry",
                "name": "负重 200 米",
                "type": "relative",
                "max": 50,
                "extra": {"unit": "秒", "hint": "最快的人满分"},
            },
            {
                "code": "push-ups",
                "name": "两分钟俯卧撑",
                "type": "relative",
                "max": 50,
                "better": "higher",
                "extra": {"unit": "个", "hint": "最多的人满分"},
            },
        ],
    }


def _awards() -> list[dict[str, Any]]:
    tops = (("first", "一等奖", 3), ("second", "二等奖", 5), ("third", "三等奖", 8))
    return [
        *(
            {"code": code, "name": name, "top": top, "pass_modules": True}
            for code, name, top in tops
        ),
        *(
            {"code": f"team-{code}", "name": f"团体{name}", "top": top, "scope": "teams"}
            for (code, name, _), top in zip(tops, (1, 2, 3), strict=True)
        ),
        {"code": "item-first", "name": "单项第一名", "top": 1, "scope": "items"},
        {"code": "item-top-4", "name": "单项优胜", "top": 3, "scope": "items", "min_total": 70},
    ]


def _grades() -> list[dict[str, Any]]:
    """Only contestants of the home province get certificates from this competition."""
    home = {"under": [HOME], "pass_modules": "all"}
    return [
        {
            "code": "home-top-3",
            "cite": "江苏省选手总成绩前 3 名晋升技师",
            "when": {"max_rank": 3, **home},
            "grant": {"up": 1, "floor": 2, "ceiling": 1, "max_step": 2},
        },
        {
            "code": "home-item-top-4",
            "cite": "江苏省选手任一单项前 4 名晋升高级工，已是高级工的晋升技师",
            "when": {"item": {"code": "any", "max_rank": 4}, **home},
            "grant": {"up": 1, "floor": 3, "ceiling": 2},
        },
        {
            "code": "home-upper-half",
            "cite": "江苏省选手总成绩前一半晋升中级工，已是中级工的晋升高级工",
            "when": {"top_percent": 50, **home},
            "grant": {"up": 1, "floor": 4, "ceiling": 3},
        },
    ]
