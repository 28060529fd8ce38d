"""A process full of tablets: `python -m tests.tablets.hall PLAN.json`.

The plan is the JSON form of `Plan`. It prints `in` when every tablet has signed
in and has its sheets, then waits for a line on its standard input, marks for
so many seconds, and ends when all that was marked is held or refused.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from random import Random

import msgspec

from tests.tablets.contest import Seat
from tests.tablets.journal import Journal
from tests.tablets.lossy import Lossy
from tests.tablets.tablet import Tablet
from tests.tablets.wire import Wire


class Plan(msgspec.Struct):
    """Who marks where, for how long, and through how bad a network."""

    port: int
    seats: list[Seat]
    folder: str
    seconds: float
    pace: float
    loss: float
    wait: float
    seed: int


async def judge_all(plan: Plan) -> None:
    """Every tablet of the plan at once."""
    tablets = [_tablet(plan, seat) for seat in plan.seats]
    await asyncio.gather(*(_begin(tablet, plan) for tablet in tablets))
    print("in", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    until = time.monotonic() + plan.seconds
    await asyncio.gather(*(tablet.judge(until) for tablet in tablets))


async def _begin(tablet: Tablet, plan: Plan) -> None:
    # Judges walk in over half a minute; a hall of two hundred shares one address.
    await asyncio.sleep(plan.wait * Random(id(tablet)).uniform(0, len(plan.seats) / 5))
    await tablet.begin()


def _tablet(plan: Plan, seat: Seat) -> Tablet:
    journal = Journal(Path(plan.folder) / f"{seat.tablet}.jsonl")
    chance = Random(f"{plan.seed} {seat.tablet}")
    line = Lossy(Wire("127.0.0.1", plan.port), plan.loss, chance, plan.wait)
    return Tablet(seat, line, journal, plan.pace)


if __name__ == "__main__":
    asyncio.run(judge_all(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan)))
