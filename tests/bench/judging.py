"""Durable marks per second through the whole stack, against a floor, and how long they wait.

Run as a script: `python tests/bench/judging.py`. In one run, on the same
machine, by the same clients, under the same server settings:

- the floor: one Flask route that inserts an act and a record (`tests/tablets/floor.py`);
- the whole: `compete serve`, with session, token, rules, state of the sheet and
  audit chain, one mark a call and twenty marks a call;
- the wait: two hundred tablets, each sending a mark every two seconds.

The first three take turns, so that a busy machine is busy for each. The exit
status is 1 where a limit is passed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import msgspec

from tests.tablets.contest import Seat, make_contest
from tests.tablets.load import Rush
from tests.tablets.run import application, database, release
from tests.tablets.server import Server

TABLETS, BATCH = 16, 20
LEAST_OF_FLOOR, LEAST_OF_BATCHES, MOST_WAIT, MOST_OF_FLOOR = 0.6, 5.0, 0.050, 2.0
PACE, ROUNDS = 2.0, 4


@dataclass(frozen=True)
class Round:
    """Acts a second, the server's processor seconds a call, and the seconds of every call."""

    rate: float
    cost: float
    waits: list[float]


@dataclass(frozen=True)
class Place:
    """A server with a database of its own, and the tablets that know it."""

    server: Server
    seats: list[Seat]
    folder: Path
    whole: bool
    tls: bool = False

    def rush(
        self,
        batch: int,
        seconds: float,
        seed: int,
        pace: float = 0,
        beside: Callable[[], None] | None = None,
    ) -> Round:
        """One round of tablets in a hurry, or at their pace (seconds from mark to mark).

        With `beside` they go on until it is done.
        """
        plan = Rush(
            **{"port": self.server.port, "seats": self.seats, "folder": str(self.folder)},
            **{"seconds": seconds, "batch": batch, "seed": seed, "whole": self.whole, "pace": pace},
            tls=self.tls,
        )
        file = self.folder / "rush.json"
        file.write_bytes(msgspec.json.encode(plan))
        command = [sys.executable, "-m", "tests.tablets.load", str(file)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as load:
            assert load.stdin is not None
            assert load.stdout is not None
            assert load.stdout.readline() == "in\n", "the tablets did not get in"
            before = self.server.processor_seconds()
            load.stdin.write("go\n")
            load.stdin.flush()
            if beside is not None:
                beside()
                load.stdin.write("enough\n")
                load.stdin.flush()
            report = json.loads(load.stdout.readline())
        used = self.server.processor_seconds() - before
        return Round(report["acts"] / seconds, used / report["answers"], report["seconds"])


@contextmanager
def place(kind: str, *, whole: bool, options: list[str], tablets: int = TABLETS) -> Iterator[Place]:
    """The whole or the floor, serving. `how`: server, workers, threads."""
    with tempfile.TemporaryDirectory(prefix="compete-bench-") as name:
        folder = Path(name)
        with database(kind, folder) as url:
            with application(url, folder).app_context():
                seats = make_contest(tablets, entrants_each=12)
                release()
            module = "tests.tablets.whole" if whole else "tests.tablets.floor"
            command = [sys.executable, "-m", module, *options]
            environment = {"COMPETE_DATA_DIR": name, "COMPETE_DATABASE_URL": url}
            server = Server(environment, folder / "server.log", command)
            server.start()
            try:
                yield Place(server, seats, folder, whole)
            finally:
                server.stop()


def throughput(kind: str, rounds: int, seconds: float, options: list[str]) -> bool:
    """Floor, singles and batches in turn; whether the limits are kept."""
    rounds_of: dict[str, list[Round]] = {"floor": [], "single": [], "batch": []}
    with (
        place(kind, whole=False, options=options) as floor,
        place(kind, whole=True, options=options) as whole,
    ):
        for seed in range(rounds):
            rounds_of["floor"].append(floor.rush(1, seconds, seed))
            rounds_of["single"].append(whole.rush(1, seconds, seed))
            rounds_of["batch"].append(whole.rush(BATCH, seconds, seed + rounds))
    for name, rushes in rounds_of.items():
        waits = sorted(wait for rush in rushes for wait in rush.waits)
        print(
            f"     {name:8} {median(rush.rate for rush in rushes):7,.0f} acts/s,"
            f" {median(rush.cost for rush in rushes) * 1e3:6.2f} ms of processor a call,"
            f" p50 {at(waits, 0.5):6.1f} ms, p99 {at(waits, 0.99):6.1f} ms"
        )
    rates = {name: [rush.rate for rush in rushes_there] for name, rushes_there in rounds_of.items()}
    of_floor = median(s / f for s, f in zip(rates["single"], rates["floor"], strict=True))
    of_single = median(b / s for b, s in zip(rates["batch"], rates["single"], strict=True))
    return all(
        (
            limit("one mark a call, over the floor", of_floor, LEAST_OF_FLOOR),
            limit(f"{BATCH} marks a call, over one", of_single, LEAST_OF_BATCHES),
        )
    )


def waiting(kind: str, tablets: int, seconds: float, options: list[str]) -> bool:
    """How long a mark waits while a whole hall marks, and on the floor by the same calls."""
    waits: dict[str, list[float]] = {"floor": [], "whole": []}
    with (
        place(kind, whole=False, options=options, tablets=tablets) as floor,
        place(kind, whole=True, options=options, tablets=tablets) as whole,
    ):
        for seed in range(ROUNDS):
            for name, server in (("floor", floor), ("whole", whole)):
                waits[name] += server.rush(1, seconds / ROUNDS, 100 + seed, PACE).waits
    for name, times in waits.items():
        times.sort()
        print(
            f"     {name:8} {len(times) / seconds:.0f} calls/s, p50 {at(times, 0.5):.1f} ms,"
            f" p99 {at(times, 0.99):.1f} ms, the longest {times[-1] * 1e3:.0f} ms"
        )
    longest = at(waits["whole"], 0.99)
    of_floor = longest / at(waits["floor"], 0.99)
    return all(
        (
            limit("p99 in ms", longest, MOST_WAIT * 1e3, at_least=False),
            limit("p99 over the floor's", of_floor, MOST_OF_FLOOR, at_least=False),
        )
    )


def limit(name: str, figure: float, wanted: float, *, at_least: bool = True) -> bool:
    """Print a figure beside its limit; whether it keeps it."""
    kept = figure >= wanted if at_least else figure <= wanted
    sign = "≥" if at_least else "≤"
    print(f"{'  ok ' if kept else 'MISS '} {name:40} {figure:8.2f}  {sign} {wanted:g}", flush=True)
    return kept


def at(waits: list[float], part: float) -> float:
    """A quantile of sorted seconds, in ms."""
    return waits[min(len(waits) - 1, int(len(waits) * part))] * 1e3


def main() -> int:
    """Exit status 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--server", default="ours,2,8", help="server, workers, threads")
    parser.add_argument("--tablets", type=int, default=200, help="0 leaves the waiting out")
    words = parser.parse_args()
    options = words.server.split(",")
    print(f"   {words.database}, {' '.join(options)}")
    kept = throughput(words.database, words.rounds, words.seconds, options)
    if words.tablets:
        kept = waiting(words.database, words.tablets, 60, options) and kept
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
