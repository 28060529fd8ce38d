"""How long a draw takes that a hundred tries can't satisfy, against its shuffles alone.

Run as a script: `python tests/bench/draws.py`. Each kind of draw is worked out
for a thousand and for ten thousand people; the rule can't be met, so that all
hundred tries are walked through. The exit status is 1 where a limit is passed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from compete.domain.ceremonies.drawing import draw_places  # noqa: E402
from compete.domain.ceremonies.types import MOST_TRIES, Draw, Person, Place, Rule  # noqa: E402
from compete.domain.values.chance import random_numbers, shuffled  # noqa: E402

SIZES = (1_000, 10_000)
SEED = bytes(32)
MOST_TIME, MOST_GROWTH = 10.0, 2.0

HEADING = """\
| draw | people | shuffles s | draw s | time × |
|---|--:|--:|--:|--:|"""

Kind = tuple[Callable[[int], str], Callable[[int], dict[str, Any]], Rule]
KINDS: dict[str, Kind] = {
    "one unit at one station": (
        lambda _: "U",
        lambda i: {"line": "1", "order": i},
        Rule(apart=True),
    ),
    "nine tenths of one unit": (
        lambda i: "U" if i % 10 else f"U{i}",
        lambda i: {"line": "1", "order": i},
        Rule(apart=True),
    ),
    "pairs in one session": (
        lambda i: f"U{i // 2}",
        lambda _: {"session": "A"},
        Rule(per_session=1),
    ),
    "forty units, sessions of fifty": (
        lambda i: f"U{i % 40}",
        lambda i: {"session": str(i // 50), "line": str(i % 10), "order": i // 10},
        Rule(apart=True, per_session=1),
    ),
}


def draw_of(kind: Kind, size: int) -> Draw:
    """A draw of so many people that was not drawn yet."""
    unit, place, rule = kind
    return Draw(
        event="E",
        stage="final",
        module="m",
        layer="station",
        people=tuple(Person(code=f"{i:06}", unit=unit(i)) for i in range(size)),
        places=tuple(Place(code=str(i), **place(i)) for i in range(size)),
        rule=rule,
        result=(),
        unmet=(),
        tries=0,
    )


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of the better of two runs."""

    def once() -> float:
        start = time.process_time()
        work()
        return time.process_time() - start

    return min(once(), once())


def shuffle_only(size: int) -> None:
    """The chance that a draw of a hundred tries takes, and nothing else."""
    numbers = random_numbers(SEED, "0 station")
    for _ in range(MOST_TRIES):
        shuffled(numbers, size)


def main() -> int:
    """Measure every kind and print it."""
    missed = False
    floors = {size: seconds(partial(shuffle_only, size)) for size in SIZES}
    print(HEADING)
    for name, kind in KINDS.items():
        ratios = []
        for size in SIZES:
            draw = draw_of(kind, size)
            assert draw_places(SEED, 0, draw).tries == MOST_TRIES, name
            duration = seconds(partial(draw_places, SEED, 0, draw))
            ratios.append(duration / floors[size])
            print(f"| {name} | {size:,} | {floors[size]:.2f} | {duration:.2f} | {ratios[-1]:.1f} |")
        growth = ratios[-1] / ratios[0]
        ok = max(ratios) <= MOST_TIME and growth <= MOST_GROWTH
        print(
            f"{'ok  ' if ok else 'MISS'} {name}: {max(ratios):.1f} times the shuffles "
            f"(≤ {MOST_TIME:g}), {growth:.2f} times more from {SIZES[0]:,} to {SIZES[-1]:,} people "
            f"(≤ {MOST_GROWTH:g})",
            flush=True,
        )
        missed = missed or not ok
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
