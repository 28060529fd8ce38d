"""Judges in a hurry: `python -m tests.tablets.load PLAN.json`, the plan being a `Rush`.

It prints `in` when everyone has signed in, and waits for a line on its standard input. Then
each tablet sends its next marks as soon as the last were answered, for so many seconds or until
another line, and everything sent must be held. At the end it prints one line of JSON: `answers`,
`acts`, and the `seconds` of every call.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import threading
import time
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from tests.tablets.contest import Seat
from tests.tablets.journal import Journal
from tests.tablets.lossy import Lossy
from tests.tablets.marks import Marks
from tests.tablets.tablet import Tablet
from tests.tablets.wire import Wire, trusting_anyone


class Rush(msgspec.Struct):
    """Who sends where, how many acts a call, for how long; `whole` says to sign in first."""

    port: int
    seats: list[Seat]
    folder: str
    seconds: float
    batch: int
    seed: int
    whole: bool
    # Seconds between two calls of a tablet; 0 for as soon as it was answered.
    pace: float = 0
    tls: bool = False


_ASPECT = {"code": "gap", "type": "measurement", "bands": [1]}


async def rush(plan: Rush) -> dict[str, Any]:
    """All tablets at once."""
    tablets = [_Hurried(plan, seat) for seat in plan.seats]
    await asyncio.gather(*(tablet.begin() for tablet in tablets))
    # The tablets are one process here: a pause in which it collects is no wait of theirs.
    gc.disable()
    print("in", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    until, over = time.perf_counter() + plan.seconds, threading.Event()
    # A daemon: where no line comes, it must not keep this process.
    threading.Thread(target=_hear, args=(over,), daemon=True).start()
    await asyncio.gather(*(tablet.send(until, over) for tablet in tablets))
    seconds = [value for tablet in tablets for value in tablet.seconds]
    return {"answers": len(seconds), "acts": len(seconds) * plan.batch, "seconds": seconds}


def _hear(over: threading.Event) -> None:
    if sys.stdin.readline():
        over.set()


class _Hurried:
    def __init__(self, plan: Rush, seat: Seat) -> None:
        self._plan, self._seat = plan, seat
        context = trusting_anyone() if plan.tls else None
        self._wire = Wire("127.0.0.1", plan.port, tls=context)
        self._chance = Random(f"{plan.seed} {seat.tablet}")
        self._headers = {"Content-Type": "application/json"}
        self._sheets: list[dict[str, Any]] = [{"id": "0" * 32, "aspects": [_ASPECT]}]
        self.seconds: list[float] = []

    async def begin(self) -> None:
        if not self._plan.whole:
            return
        folder = Path(self._plan.folder)
        kept = folder / f"{self._seat.tablet}.in.json"
        if kept.exists():
            # Signed in by an earlier rush to the same server, as a tablet stays all day.
            self._wire.cookies, self._headers, self._sheets = json.loads(kept.read_bytes())
            return
        journal = Journal(folder / f"{self._seat.tablet}.{self._plan.seed}.jsonl")
        tablet = Tablet(self._seat, Lossy(self._wire, 0, self._chance), journal, 1)
        self._sheets = await tablet.begin()
        self._headers = tablet.headers
        kept.write_text(json.dumps([self._wire.cookies, self._headers, self._sheets]))

    async def send(self, until: float, over: threading.Event) -> None:
        await asyncio.sleep(self._chance.uniform(0, self._plan.pace))
        # Not `alone`: then nothing is submitted, and the marks have no end.
        acts = iter(Marks(self._seat.tablet, self._sheets, False, self._chance))
        while time.perf_counter() < until and not over.is_set():
            body = json.dumps({"acts": list(islice(acts, self._plan.batch))}).encode()
            begun = time.perf_counter()
            answer = await self._wire.request("POST", "/api/acts", body, self._headers)
            self.seconds.append(time.perf_counter() - begun)
            assert answer.status == 200, answer.text
            assert len(json.loads(answer.body)["held"]) == self._plan.batch, answer.text
            if self._plan.pace:
                await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._plan.pace)


if __name__ == "__main__":
    given = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Rush)
    print(json.dumps(asyncio.run(rush(given))))
