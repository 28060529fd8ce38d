"""A process full of candidates: `python -m tests.tablets.exam_hall PLAN.json`.

The plan is the JSON form of `HallPlan`. It prints `in` when everybody sits and has the sealed
paper, then waits for a line on its standard input: the room has begun. Each answers for so many
seconds; it ends when all that was answered is held or refused.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import msgspec

from tests.tablets.candidate import Candidate
from tests.tablets.examination import ExamRoomPlan
from tests.tablets.journal import Journal
from tests.tablets.lossy import Lossy
from tests.tablets.wire import Wire

NEVER = (0.0, 0.0)


class HallPlan(msgspec.Struct):
    """Who sits where, for how long, and through how bad a network; times in seconds.

    `cut` devices have no line from `cut_from` on for `cut_for`; the clocks of `off` are an hour
    fast or slow. A page looks every `look` whether it has begun. The first is done after the part
    `first_done` of the time, the last at its end.
    """

    port: int
    room: ExamRoomPlan
    folder: str
    seconds: float
    pace: float
    loss: float
    wait: float
    look: float
    cut: int
    cut_from: float
    cut_for: float
    off: int
    seed: int
    first_done: float


async def sit_all(plan: HallPlan) -> None:
    """Every candidate of the plan at once."""
    people = [_candidate(plan, place, number, 1) for place, number in _numbered(plan)]
    await asyncio.gather(*(_come_in(plan, it) for it in people))
    print("in", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    begun = time.monotonic()
    await asyncio.gather(*(_sit(plan, place, it, begun) for place, it in enumerate(people)))


def _numbered(plan: HallPlan) -> list[tuple[int, str]]:
    return list(enumerate(plan.room.numbers))


async def _come_in(plan: HallPlan, candidate: Candidate) -> None:
    # A room fills over minutes; here in proportion to what a lost request costs.
    await asyncio.sleep(plan.wait * candidate.line.chance.uniform(0, len(plan.room.numbers) / 10))
    await candidate.sit_down()


async def _sit(plan: HallPlan, place: int, candidate: Candidate, begun: float) -> None:
    await candidate.wait_for_start(begun, plan.look)
    from_ = begun + plan.cut_from
    cut = (from_, from_ + plan.cut_for) if place < plan.cut else NEVER
    # They are not all done at the same moment.
    until = begun + plan.seconds * candidate.line.chance.uniform(plan.first_done, 1)
    await candidate.answer(until, plan.pace, cut)
    term = 2
    while candidate.moved:
        candidate = _candidate(plan, place, candidate.number, term)
        await candidate.sit_down()
        await candidate.answer(until, plan.pace, NEVER)
        term += 1


def _candidate(plan: HallPlan, place: int, number: str, term: int) -> Candidate:
    journal = Journal(Path(plan.folder) / f"{number}.{term}.jsonl")
    chance = Random(f"{plan.seed} {number} {term}")
    line = Lossy(Wire("127.0.0.1", plan.port), plan.loss, chance, plan.wait)
    hours = (-1, 1)[place % 2] if place < plan.off else 0
    return Candidate(number, plan.room, line, journal, timedelta(hours=hours))


if __name__ == "__main__":
    asyncio.run(sit_all(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=HallPlan)))
