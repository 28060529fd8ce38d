"""sample_events/pump-evaluation: 147 workers judged against lines, in four levels."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from making.evaluation_people import (
    CORRECTED,
    HELD_BACK,
    OUTCOMES,
    SEED,
    SHORT,
    UNITS,
    Worker,
    entrants,
    workers,
)
from making.evaluation_rules import DAY, LEVELS, REVIEW, event, event_code, skills_of
from making.notes import invented
from making.people import People

HALLS = {
    5: (("第1机房", "T1"), ("第2机房", "T2")),
    4: (("第3机房", "T3"), ("第4机房", "T4")),
    3: (("第1机房", "T1"), ("第2机房", "T2")),
    2: (("第3机房", "T3"),),
}
"""By level, where the papers are written, and who marks them."""
STATIONS = {
    5: (("1号机组", ("A1", "A2", "A3")), ("2号机组", ("B1", "B2", "B3"))),
    4: (("3号机组", ("C1", "C2", "C3")), ("4号机组", ("D1", "D2", "D3"))),
    3: (("1号机组", ("A1", "A2", "A3")), ("2号机组", ("B1", "B2", "B3"))),
    2: (("3号机组", ("C1", "C2", "C3")),),
}
"""By level, where the skills are shown, and to whom."""
BOARD = ("评审室", ("V1", "V2", "V3"))
TIMES = {
    5: (f"{DAY}T08:30", f"{DAY}T10:00", f"{DAY}T13:00", f"{DAY}T17:30"),
    4: (f"{DAY}T08:30", f"{DAY}T10:00", f"{DAY}T13:00", f"{DAY}T17:30"),
    3: (f"{DAY}T10:30", f"{DAY}T12:00", "2026-05-17T08:00", "2026-05-17T12:00"),
    2: (f"{DAY}T10:30", f"{DAY}T12:00", "2026-05-17T08:00", "2026-05-17T12:00"),
}
"""By level: theory from and to, skills from and to."""
FIRST, RIGHT = 57, 62
"""What the corrected paper was first said to have, and what it has."""


def bundle() -> dict[str, Any]:
    """The whole evaluation with its marks."""
    return {
        "format": "compete-bundle/2",
        "competition": {
            "code": "PUMP-EVAL-2026",
            "name": "2026年上半年灌排泵站运行工职业技能等级认定",
            "kind": "evaluation",
            "level": "enterprise",
            "year": 2026,
            "starts": DAY,
            "ends": "2026-05-17",
            "host": "滨江水利工程公司技能评价中心",
            "venue": "滨江水利工程公司实训基地",
            "extra": {
                "note": invented(SEED) + told(),
                "contact": "评价中心 唐玲，0517-0000 0031",
                "place": "实训基地一楼大厅",
                "bring": ["身份证原件", "准考证", "工作服"],
                "schedule": list(_schedule()),
                "demo": _demo(),
            },
        },
        "units": [{"code": code, "name": name} for code, name in UNITS.items()],
        "judges": _judges(),
        "entrants": entrants(),
        "events": [event(level) for level in LEVELS],
        "marks": [mark for each in workers() for mark in _marks(each)],
        "outcomes": [
            {"stage": "sitting", "entrant": each.code, "status": "dns", "reason": "没有到场"}
            for each in workers()
            if each.outcome == "absent"
        ],
    }


def told() -> str:
    """What became of how many, level by level."""
    words = [
        f"{LEVELS[level]} {sum(many.values())} 人，合格 {many['pass']}、"
        f"不合格 {many['fail']}、缺考 {many['absent']}"
        for level, many in OUTCOMES.items()
    ]
    return (
        f"共 {len(workers())} 人：{'；'.join(words)}。其中 {len(SHORT)} 人申报条件不够，"
        "合格了也不认定。申报年限照 2018 年规程的样子写，用以前对照标准核对。"
    )


def _demo() -> dict[str, Any]:
    """What the program does itself: see docs/bundle.md, "A demonstration"."""
    return {
        "hold_back": list(HELD_BACK),
        "chief": "K1",
        "corrected": {
            "module": "theory",
            "entrant": CORRECTED,
            "aspect": "paper",
            "first": FIRST,
            "reason": "核对答卷，最后一道简答题的 5 分漏加",
            "note": "核对答卷，更正 1 人的理论知识成绩，增加合格 1 人",
            "early": "新机组投运，急需持证上岗",
            "fewer": "理论由机器评分，一个机房一名考评员监考；技能分两天考",
        },
    }


def _judges() -> list[dict[str, Any]]:
    people = People(SEED + 1, region=32)
    seats = [
        *(marker for halls in HALLS.values() for _, marker in halls),
        *(seat for stations in STATIONS.values() for _, panel in stations for seat in panel),
        *BOARD[1],
    ]
    roles = {"K1": "chief", "S1": "supervisor"}
    return [
        {"code": code, "name": people.person().name, "role": roles.get(code, "judge")}
        for code in ("K1", "S1", *dict.fromkeys(seats))
    ]


def _shared(level: int, seats: Sequence[Any]) -> Iterator[tuple[Any, list[Worker]]]:
    """Everybody of the level at one of these seats, in equal shares."""
    here = [each for each in workers() if each.level == level]
    share = -(-len(here) // len(seats))
    for place, seat in enumerate(seats):
        yield seat, here[place * share : (place + 1) * share]


def _schedule() -> Iterator[dict[str, Any]]:
    for level in LEVELS:
        opens, closes, begins, ends = TIMES[level]
        for (hall, marker), here in _shared(level, HALLS[level]):
            yield _slot(level, "theory", "理论考试", (opens, closes), hall, [marker], here)
        for (station, panel), here in _shared(level, STATIONS[level]):
            yield _slot(level, "skills", "技能考核", (begins, ends), station, panel, here)
        if level == 2:
            times = "2026-05-17T14:00", "2026-05-17T17:30"
            here = [each for each in workers() if each.level == level]
            yield _slot(level, "review", "综合评审", times, BOARD[0], BOARD[1], here)


def _slot(
    level: int,
    module: str,
    session: str,
    times: tuple[str, str],
    station: str,
    panel: Sequence[str],
    here: Sequence[Worker],
) -> dict[str, Any]:
    return {
        "event": event_code(level),
        "stage": "sitting",
        "module": module,
        "session": f"{LEVELS[level]}{session}",
        "check_in": times[0],
        "starts": times[0],
        "ends": times[1],
        "station": station,
        "judges": list(panel),
        "entrants": [each.code for each in here if module not in each.brings],
    }


def _panel_of(each: Worker, module: str) -> Sequence[str]:
    """Who marks somebody's module."""
    if module == "review":
        return BOARD[1]
    if module == "theory":
        halls = _shared(each.level, HALLS[each.level])
        return next((marker,) for (_, marker), here in halls if each in here)
    stations = _shared(each.level, STATIONS[each.level])
    return next(panel for (_, panel), here in stations if each in here)


def _marks(each: Worker) -> Iterator[dict[str, Any]]:
    if each.outcome == "absent":
        return
    for module, reached in _reached(each).items():
        if module in each.brings:
            continue
        aspects = {
            "theory": (("paper", "", 100),),
            "skills": skills_of(each.level),
            "review": REVIEW,
        }[module]
        dice = random.Random(f"{SEED}{each.code}{module}")
        for judge in _panel_of(each, module):
            for (aspect, _, full), points in zip(aspects, _parted(reached, aspects), strict=True):
                apart = dice.choice((-1, 0, 0, 1)) if module != "theory" else 0
                value = min(max(points + apart, 0), full)
                yield {
                    "stage": "sitting",
                    "module": module,
                    "entrant": each.code,
                    "judge": judge,
                    "aspect": aspect,
                    "value": value,
                }


def _reached(each: Worker) -> dict[str, int]:
    """About how many of a hundred somebody reaches in each module."""
    dice = each.dice
    modules = ["theory", "skills", *(["review"] if each.level == 2 else [])]
    reached = {module: round(dice.triangular(65, 95, 76)) for module in modules}
    if each.outcome == "fail":
        free = [module for module in modules if module not in each.brings]
        weak = [dice.choice(free)] if dice.random() < 0.75 else free
        reached |= {module: dice.randint(38, 55) for module in weak}
    if each.code == CORRECTED:
        reached["theory"] = RIGHT
    return reached


def _parted(reached: int, aspects: Sequence[tuple[str, str, int]]) -> list[int]:
    """So many of a hundred over the aspects, by what each has; together they are as many."""
    done, parts, upto = 0, [], 0
    for _, _, full in aspects:
        upto += full
        parts.append(reached * upto // 100 - done)
        done += parts[-1]
    return parts
