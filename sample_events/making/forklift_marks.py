"""What the judges of the port forklift competition wrote down."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from making.forklift_people import PLACES, SEED, STATIONS, THEORY_JUDGE, code
from making.forklift_schedule import station_of

ASPECTS = ("pole-hit", "pole-down", "tipped", "safety", "smooth", "stack", "time")


@dataclass(frozen=True)
class Run:
    """One contestant's theory paper and drive."""

    theory: str
    hits: int = 0
    downs: int = 0
    tipped: int = 0
    unsafe: int = 0
    smooth: tuple[int, int, int] = (3, 3, 3)
    stack: int = 6
    seconds: int = 460

    def value(self, aspect: str, judge: int) -> int:
        """What the judge of this seat wrote; the tape is read by each for himself."""
        return {
            "pole-hit": self.hits,
            "pole-down": self.downs,
            "tipped": self.tipped,
            "safety": self.unsafe,
            "smooth": self.smooth[judge],
            "stack": self.stack + judge,
            "time": self.seconds,
        }[aspect]


TOLD = {
    1: Run("92", seconds=452),
    2: Run("90", hits=1, seconds=470),
    3: Run("88", hits=1, seconds=490),
    4: Run("85", hits=3, seconds=475),
    5: Run("86", downs=1, hits=1, seconds=478),
    7: Run("95", hits=3, seconds=476),
    8: Run("78", downs=1, hits=1, seconds=471),
    10: Run("89", hits=2, seconds=479),
    11: Run("84", downs=1, hits=1, seconds=469),
    13: Run("72", hits=1, downs=1, smooth=(2, 2, 2), seconds=505),
    14: Run("91", downs=1, seconds=466),
    21: Run("59.5", hits=1, seconds=464),
}
"""Runs that stories are told of; all others are thrown."""

ABSENT = code(12)
STOPPED = code(35)


def runs() -> dict[str, Run]:
    """Everybody's run, by code."""
    dice = random.Random(SEED)
    thrown = {number: _thrown(dice) for number in range(1, len(PLACES) + 1)}
    return {code(number): run for number, run in (thrown | TOLD).items()}


def _thrown(dice: random.Random) -> Run:
    level = dice.choice((1, 2, 2, 3))
    near = [dice.choice((0, 1)) for _ in range(3)]
    return Run(
        theory=f"{dice.randint(116, 178) / 2:g}",
        hits=dice.randint(2, 4),
        downs=dice.choice((0, 0, 1, 1, 2)),
        tipped=dice.choice((0, 0, 0, 0, 1)),
        unsafe=dice.choice((0, 0, 1)),
        smooth=(level - near[0], level - near[1], level - near[2]),
        stack=dice.choice((4, 12, 15, 22, 26, 33, 41)),
        seconds=dice.randint(470, 535),
    )


def marks() -> list[dict[str, Any]]:
    """Theory first, then the drives by station."""
    everybody = runs()
    rows = [
        _mark("theory", who, THEORY_JUDGE, "paper", run.theory) for who, run in everybody.items()
    ]
    for who, run in everybody.items():
        if who != ABSENT:
            rows.extend(_drive(who, run))
    return rows


def _drive(who: str, run: Run) -> list[dict[str, Any]]:
    # Who stopped on the way has no stack to measure and no time.
    aspects = ASPECTS[:5] if who == STOPPED else ASPECTS
    return [
        _mark("driving", who, judge, aspect, run.value(aspect, seat))
        for seat, judge in enumerate(STATIONS[station_of(who)])
        for aspect in aspects
    ]


def _mark(module: str, who: str, judge: str, aspect: str, value: int | str) -> dict[str, Any]:
    return {
        "stage": "final",
        "module": module,
        "entrant": who,
        "judge": judge,
        "aspect": aspect,
        "value": value,
    }


def times() -> list[dict[str, Any]]:
    """Working times of the drives, for ties."""
    return [
        {"stage": "final", "module": "driving", "entrant": who, "seconds": run.seconds}
        for who, run in runs().items()
        if who not in (ABSENT, STOPPED)
    ]


def outcomes() -> list[dict[str, Any]]:
    """One never came to the drive, one stopped on the way."""
    return [
        _event(ABSENT, status="dns", reason="实操检录时没到"),
        _event(STOPPED, status="dnf", reason="身体不适，中途退出"),
    ]


def penalties() -> list[dict[str, Any]]:
    """One talked with the crowd, one touched the edge of the station."""
    return [
        _event(code(17), points=5, reason="比赛中与场外交谈，警告后再犯"),
        _event(code(29), seconds=15, reason="车轮压出工位边线，加 15 秒"),
    ]


def _event(who: str, **keys: Any) -> dict[str, Any]:
    return {"stage": "final", "module": "driving", "entrant": who, **keys}
