"""Who is evaluated, what they bring along, and what is to become of each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from making.evaluation_rules import APPRENTICE, COLLEGE, DAY, SCHOOL, event_code
from making.people import People, Person

SEED = 147
UNITS = {
    "S1": "滨江水利工程公司一站",
    "S2": "滨江水利工程公司二站",
    "S3": "滨江水利工程公司三站",
    "S4": "沙河灌区管理处",
    "S5": "东塘排涝泵站",
    "S6": "柳湖泵站管理所",
    "S7": "临淮供水公司泵站",
}
OUTCOMES = {
    5: {"pass": 36, "fail": 8, "absent": 4},
    4: {"pass": 35, "fail": 13, "absent": 4},
    3: {"pass": 22, "fail": 9, "absent": 3},
    2: {"pass": 8, "fail": 4, "absent": 1},
}
"""By level, what becomes of how many: 147 people."""
SHORT: dict[str, dict[str, Any]] = {
    "E051": {"grade": 5, "grade_since": "2023-06-01", "trade": 50},
    "E100": {"trade": 62},
    "E104": {"grade": 4, "grade_since": "2022-09-15", "trade": 75},
    "E128": {"grade": 4, "grade_since": "2021-11-08", "trade": 96},
    "E138": {"grade": 3, "grade_since": "2023-03-01", "trade": 130},
}
"""Who meets no line yet: grade, day of its certificate, months of work."""
_BEFORE = "PUMP-EVAL-2025"
AGAIN: dict[str, tuple[str, dict[str, str]]] = {
    "E060": ("D031", {"theory": "74"}),
    "E110": ("D058", {"skills": "68.33"}),
    "E085": ("D047", {}),
}
"""Who sat last year, under which number, and what is brought along of it."""
HELD_BACK = ("E096", "E097", "E098")
"""Who is registered late, by workbook, and judged thereafter."""
CORRECTED = "E070"
"""Whose paper was added up wrong, and right only after the notice."""


@dataclass(frozen=True)
class Worker:
    """Somebody in one level."""

    code: str
    level: int
    unit: str
    person: Person
    outcome: str
    """`pass`, `fail` or `absent`."""

    @property
    def brings(self) -> dict[str, str]:
        """Modules brought along, with their marks."""
        return AGAIN[self.code][1] if self.code in AGAIN else {}

    @property
    def dice(self) -> random.Random:
        """Of this person alone, so that nobody's marks hang on who stands before."""
        return random.Random(f"{SEED}{self.code}")


@cache
def workers() -> tuple[Worker, ...]:
    """Everybody, level by level."""
    people = People(SEED, region=31)
    dice = random.Random(SEED)
    found: list[Worker] = []
    for level, counts in OUTCOMES.items():
        for outcome in _shuffled(dice, len(found), counts):
            code = f"E{len(found) + 1:03d}"
            unit = dice.choice(list(UNITS))
            found.append(Worker(code, level, unit, people.person(), outcome))
    return tuple(found)


_SETTLED = {CORRECTED: "pass", **dict.fromkeys((*AGAIN, *HELD_BACK), "pass")} | {
    "E051": "pass",
    "E100": "absent",
    "E104": "pass",
    "E128": "fail",
    "E138": "pass",
}
"""What becomes of those of whom more is told."""


def _shuffled(dice: random.Random, before: int, counts: dict[str, int]) -> list[str]:
    """What becomes of each of a level: by lot, but for whom it is settled."""
    left = dict(counts)
    codes = [f"E{before + place:03d}" for place in range(1, sum(counts.values()) + 1)]
    for code in codes:
        if code in _SETTLED:
            left[_SETTLED[code]] -= 1
    lots = [outcome for outcome, many in left.items() for _ in range(many)]
    dice.shuffle(lots)
    drawn = iter(lots)
    return [_SETTLED.get(code) or next(drawn) for code in codes]


def entrants() -> list[dict[str, Any]]:
    """Everybody as the file has them."""
    return [
        {
            "code": each.code,
            "name": each.person.name,
            "event": event_code(each.level),
            "unit": each.unit,
            "id_number": each.person.id_number,
            "phone": each.person.phone,
            "gender": each.person.gender,
            "birth": each.person.birth.isoformat(),
            **_facts(each),
            **dict(_again(each)),
        }
        for each in workers()
    ]


def _facts(each: Worker) -> dict[str, Any]:
    """Grade, work and papers: of nearly everybody such that a line holds."""
    said = dict(SHORT[each.code]) if each.code in SHORT else _FACTS[each.level](each)
    return {**said, "trade": {"months": said["trade"], "at": DAY}}


def _worked(each: Worker, least: int) -> int:
    """Months of work, at least so many and not from before the age of twenty."""
    grown = (2026 - each.person.birth.year - 20) * 12
    return each.dice.randint(least, max(least + 12, min(grown, least + 150)))


def _since(each: Worker, years: int) -> str:
    """A day at least so many years before."""
    day = date(2026 - years, 5, 10) - timedelta(days=each.dice.randint(0, 700))
    return day.isoformat()


def _five(each: Worker) -> dict[str, Any]:
    if each.dice.random() < 0.15:
        return {"trade": 10, "papers": [{"kind": APPRENTICE, "since": "2026-03-31"}]}
    return {"trade": _worked(each, 14)}


def _four(each: Worker) -> dict[str, Any]:
    way = each.dice.random()
    if way < 0.2:
        return {"trade": _worked(each, 78)}
    if way < 0.35:
        since = f"{each.person.birth.year + 19}-07-01"
        return {"trade": _worked(each, 20), "papers": [{"kind": SCHOOL, "since": since}]}
    return {"grade": 5, "grade_since": _since(each, 4), "trade": _worked(each, 60)}


def _three(each: Worker) -> dict[str, Any]:
    if each.dice.random() < 0.2:
        papers = [{"kind": COLLEGE, "since": f"{each.person.birth.year + 22}-07-01"}]
        since = {"grade_since": _since(each, 2)}
        return {"grade": 4, **since, "trade": _worked(each, 40), "papers": papers}
    return {"grade": 4, "grade_since": _since(each, 5), "trade": _worked(each, 110)}


def _two(each: Worker) -> dict[str, Any]:
    return {"grade": 3, "grade_since": _since(each, 4), "trade": _worked(each, 150)}


_FACTS = {5: _five, 4: _four, 3: _three, 2: _two}


def _again(each: Worker) -> Iterator[tuple[str, Any]]:
    """The former sitting, and what was brought along of it."""
    if each.code not in AGAIN:
        return
    before, brought = AGAIN[each.code]
    place = {"competition": _BEFORE, "event": event_code(each.level), "entrant": before}
    if brought:
        yield (
            "carried",
            [
                {
                    "of": of,
                    "mark": mark,
                    "until": "2027-09-20",
                    "from": place | {"publication": "1"},
                }
                for of, mark in brought.items()
            ],
        )
    yield "resit", place | {"attempt": 2}
