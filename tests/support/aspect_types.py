"""Aspect types as the tests know them, from the bundle format's sentences alone.

Nothing here is asked of the program. A new type gets its paragraph, and with it the
made-up competitions, the second opinions on scores and robustness and the tablet's
arithmetic all try it. Aspects are the plain objects of a bundle file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, NamedTuple

Plain = dict[str, Any]
Given = Any
"""A judge's value as a file has it: a text, a whole number, true or false."""


class Known(NamedTuple):
    """A type as tests know it, from five sides.

    `keys` makes its own keys, from how many marks it has; `value` one of a few
    values that it takes, so that ties are common; `better` one that brings at
    least as much; `every` all on a coarse grid that bring different marks;
    `worth` marks before the factor, of a value with its penalty seconds,
    against the best of the field; `wide` keys and a value of any size that a
    tablet takes.
    """

    keys: Callable[[Random, Decimal], Plain]
    value: Callable[[Random, Plain], Given]
    better: Callable[[Plain, Given], Given]
    every: Callable[[Plain], Iterator[Given]]
    worth: Callable[[Plain, Fraction, Fraction | None], Fraction]
    wide: Callable[[Random], tuple[Plain, str | bool]] | None


def full(aspect: Plain) -> Fraction:
    return Fraction(aspect["max"])


def up_to(count: int) -> Iterator[int]:
    return iter(range(count + 1))


def hundredths(rng: Random) -> str:
    return str(Decimal(rng.randint(1, 20_000)) / 100)


def wide_score(rng: Random) -> tuple[Plain, str]:
    step, steps = Decimal(rng.choice(["0.01", "0.5", "1", "0.25"])), rng.randint(0, 400)
    most = step * rng.randint(max(steps, 1), 400)
    return {"max": str(most), "step": str(step)}, str(step * steps)


SCORE = Known(
    keys=lambda rng, most: {},
    value=lambda rng, aspect: str(Decimal(aspect["max"]) * rng.choice([0, 4, 5, 8, 10]) / 10),
    better=lambda aspect, value: str(min(Decimal(value) + 1, Decimal(aspect["max"]))),
    every=lambda aspect: (
        str(Decimal(aspect.get("step", "0.01")) * n)
        for n in range(
            int(Fraction(aspect.get("min", 0)) / Fraction(aspect.get("step", "0.01"))),
            int(full(aspect) / Fraction(aspect.get("step", "0.01"))) + 1,
        )
    ),
    worth=lambda aspect, value, best: value,
    wide=wide_score,
)


def wide_judgement(rng: Random) -> tuple[Plain, str]:
    scale = rng.randint(1, 9)
    return {"scale": scale}, str(rng.randint(0, scale))


JUDGEMENT = Known(
    keys=lambda rng, most: {},
    value=lambda rng, aspect: rng.randint(0, 3),
    better=lambda aspect, value: min(value + 1, 3),
    every=lambda aspect: up_to(aspect.get("scale", 3)),
    worth=lambda aspect, value, best: full(aspect) * value / aspect.get("scale", 3),
    wide=wide_judgement,
)


YES_NO = Known(
    keys=lambda rng, most: {},
    value=lambda rng, aspect: rng.random() < 0.5,
    better=lambda aspect, value: True,
    every=lambda aspect: iter((False, True)),
    worth=lambda aspect, value, best: full(aspect) * value,
    wide=lambda rng: ({}, rng.random() < 0.5),
)


def wide_bands(rng: Random) -> tuple[Plain, str]:
    edges = sorted({rng.randint(0, 500) for _ in range(rng.randint(1, 5))})
    bands = [{"within": str(Decimal(edge) / 10), "marks": hundredths(rng)} for edge in edges]
    value = rng.choice([rng.choice(edges), rng.randint(-600, 600)])
    return {"bands": bands}, str(Decimal(value) / 10)


def in_bands(aspect: Plain, value: Fraction, best: Fraction | None) -> Fraction:
    for band in aspect["bands"]:
        if abs(value) <= Fraction(band["within"]):
            return Fraction(band["marks"])
    return Fraction(0)


BANDS = Known(
    keys=lambda rng, most: {
        "bands": [
            {"within": "0.5", "marks": str(most)},
            {"within": "1", "marks": str(most / 2)},
        ]
    },
    value=lambda rng, aspect: rng.choice(["-0.5", "0.7", "3"]),
    better=lambda aspect, value: "0",
    every=lambda aspect: (str(Decimal(n) / 10) for n in range(-16, 17)),
    worth=in_bands,
    wide=wide_bands,
)


def wide_checklist(rng: Random) -> tuple[Plain, str]:
    count = rng.randint(1, 50)
    return {"checks": [f"第 {n} 样" for n in range(count)]}, str(rng.randint(0, count))


CHECKLIST = Known(
    keys=lambda rng, most: {"checks": [f"第 {n} 样" for n in range(rng.choice([1, 3, 7]))]},
    value=lambda rng, aspect: rng.randint(0, len(aspect["checks"])),
    better=lambda aspect, value: min(value + 1, len(aspect["checks"])),
    every=lambda aspect: up_to(len(aspect["checks"])),
    worth=lambda aspect, value, best: full(aspect) * value / len(aspect["checks"]),
    wide=wide_checklist,
)


DEDUCTION = Known(
    keys=lambda rng, most: {"points": "0.7"},
    value=lambda rng, aspect: rng.randint(0, 4),
    better=lambda aspect, value: max(value - 1, 0),
    every=lambda aspect: up_to(16),
    worth=lambda aspect, value, best: max(
        full(aspect) - value * Fraction(aspect["points"]), Fraction(0)
    ),
    wide=lambda rng: ({"points": hundredths(rng)}, str(rng.randint(0, 60))),
)


def on_the_line(aspect: Plain, value: Fraction, best: Fraction | None) -> Fraction:
    start, end = Fraction(aspect["full_at"]), Fraction(aspect["zero_at"])
    return full(aspect) * min(max((end - value) / (end - start), Fraction(0)), Fraction(1))


def wide_time(rng: Random) -> tuple[Plain, str]:
    start = rng.randint(0, 9000)
    end = start + rng.randint(1, 9000)
    line = {"full_at": str(Decimal(start) / 10), "zero_at": str(Decimal(end) / 10)}
    return line, str(Decimal(rng.randint(0, 20_000)) / 10)


TIME = Known(
    keys=lambda rng, most: {"full_at": "60", "zero_at": "97"},
    value=lambda rng, aspect: rng.choice(["50", "61.37", "80", "99"]),
    better=lambda aspect, value: str(Decimal(value) / 2),
    every=lambda aspect: up_to(int(Fraction(aspect["zero_at"])) + 2),
    worth=on_the_line,
    wide=wide_time,
)


def is_lower_better(aspect: Plain) -> bool:
    return aspect.get("better", "lower") == "lower"


def beside_the_best(aspect: Plain, value: Fraction, best: Fraction | None) -> Fraction:
    if best is None:
        return Fraction(0)
    share = best / value if is_lower_better(aspect) else value / best
    return min(full(aspect), full(aspect) * share)


RELATIVE = Known(
    keys=lambda rng, most: {"better": rng.choice(["lower", "higher"])},
    value=lambda rng, aspect: rng.choice(["3", "7", "12.5"]),
    better=lambda aspect, value: str(
        Decimal(value) / 2 if is_lower_better(aspect) else Decimal(value) * 2
    ),
    every=lambda aspect: iter(range(1, 25)),
    worth=beside_the_best,
    wide=None,
)

FACTORED = Known(
    keys=lambda rng, most: {"top": str(most), "step": "0.1", "difficulties": ["0.5", "1"]},
    value=lambda rng, aspect: str(Decimal(aspect["top"]) * rng.choice([0, 4, 6, 8, 10]) / 10),
    better=lambda aspect, value: str(min(Decimal(value) + 1, Decimal(aspect["top"]))),
    every=lambda aspect: (
        str(Decimal(aspect["step"]) * n)
        for n in range(int(Fraction(aspect["top"]) / Fraction(aspect["step"])) + 1)
    ),
    worth=lambda aspect, value, best: value * Fraction(aspect["difficulty"]),
    wide=None,
)

TYPES: dict[str, tuple[Known, ...]] = {
    "score": (SCORE,),
    "judgement": (JUDGEMENT,),
    "measurement": (YES_NO, BANDS),
    "checklist": (CHECKLIST,),
    "deduction": (DEDUCTION,),
    "time": (TIME,),
    "relative": (RELATIVE,),
    "factored": (FACTORED,),
}
"""By type its forms: yes and no is the first of a measurement, a deviation the second."""

AGAINST_OTHERS = frozenset({"relative"})
WITH_DIFFICULTY = frozenset({"factored"})
"""Of version 2. Marks need the aspect's `difficulty` of the entrant, which tests put in it."""

TIMED = frozenset({"time"})
IN_LEVELS = frozenset({"judgement"})


def known(aspect: Plain) -> Known:
    """The tests' knowledge of an aspect's type."""
    forms = TYPES[aspect["type"]]
    return forms[1] if aspect.get("bands") else forms[0]


def takes_seconds(aspect: Plain) -> bool:
    """True if penalty seconds are added to its values."""
    if aspect["type"] in AGAINST_OTHERS:
        return is_lower_better(aspect)
    return aspect["type"] in TIMED


def worth(aspect: Plain, value: Given, best: Fraction | None = None) -> Fraction:
    """Marks before the factor; `value` with its penalty seconds."""
    return Fraction(known(aspect).worth(aspect, Fraction(value), best))
