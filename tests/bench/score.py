"""How fast `compete score` is, against the standard JSON reader on the same file.

Run as a script: `python tests/bench/score.py`. It makes bundles of ten
thousand, a hundred thousand and a million marks (5 judges × 10 aspects) in a
temporary folder, measures whole processes, and prints one table and the
limits. The exit status is 1 where a limit is passed.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.making import bundle_of  # noqa: E402

SIZES = (10_000, 100_000, 1_000_000)
MOST_TIME, MOST_MEMORY, MOST_PER_MARK, MOST_START = 5.0, 2.5, 1.2, 8.0
MOST_OF_LARGEST = 1.5, 0.8
"""Time and memory of the largest, where starting up no longer counts."""
LEAST_GAIN = 50.0
CHANGES = 300

HEADING = """\
| marks | file MB | json.load s | score s | time × | json MiB | score MiB | memory × |
|--:|--:|--:|--:|--:|--:|--:|--:|"""

Command = Sequence[str]


class Cost(NamedTuple):
    """Processor seconds and peak memory in MiB of one process.

    Processor time is what the clock shows on an idle machine, and stays so on
    a busy one.
    """

    seconds: float
    memory: float


def cost(command: Command, times: int) -> Cost:
    """The best of several runs of a process whose output is thrown away."""
    return min(_once(command) for _ in range(times))


def _once(command: Command) -> Cost:
    environment = {key: value for key, value in os.environ.items() if key != NO_BYTECODE}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Left out, so that a second run finds the compiled modules as it does after an install."""


def make_bundle(marks: int, path: Path) -> None:
    """Write a bundle, in another process: a child's peak memory is never below its parent's."""
    maker = Path(__file__).with_name("making.py")
    subprocess.run([sys.executable, str(maker), str(marks), str(path)], check=True)


def reading(path: Path) -> Command:
    """The standard reader on a file, as a process of its own."""
    code = "import json, sys; json.load(open(sys.argv[1], encoding='utf-8'))"
    return [sys.executable, "-c", code, str(path)]


def scoring(path: Path) -> Command:
    """`compete score` on a file."""
    code = "import sys; from compete.cli import main; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", code, "score", str(path)]


def changing() -> tuple[float, float]:
    """Seconds to score 1,000 entrants in full, and after one more mark."""
    import json

    import msgspec

    from compete.domain.bundle.reading import read_bundle
    from compete.domain.scoring.scorer import Scorer, score

    bundle = read_bundle(json.dumps(bundle_of(50_000)).encode())
    rng = Random(1)
    changes = [
        msgspec.structs.replace(rng.choice(bundle.marks), value=Decimal(rng.randint(0, 100)) / 10)
        for _ in range(CHANGES)
    ]
    gc.disable()
    start = time.process_time()
    score(bundle)
    full = time.process_time() - start
    scorer = Scorer(bundle)
    start = time.process_time()
    for mark in changes:
        scorer.change(mark)
    single = (time.process_time() - start) / CHANGES
    gc.enable()
    return full, single


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=SIZES[-1], help="the largest number of marks")
    largest = parser.parse_args(arguments).most
    missed: list[str] = []

    def limit(name: str, figure: float, wanted: float, *, at_least: bool = False) -> None:
        met = figure >= wanted if at_least else figure <= wanted
        sign = "≥" if at_least else "≤"
        print(f"{'ok  ' if met else 'MISS'} {name}: {figure:.2f} ({sign} {wanted:g})")
        if not met:
            missed.append(name)

    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.json"
        make_bundle(100, small)
        cost(scoring(small), 1)
        idle = cost([sys.executable, "-c", "pass"], 15)
        start = cost(scoring(small), 15)
        print(HEADING)
        per_mark = {}
        ratios = []
        for size in [size for size in SIZES if size <= largest]:
            path = Path(folder) / f"{size}.json"
            make_bundle(size, path)
            times = 2 if size >= 1_000_000 else 5
            read, scored = cost(reading(path), times), cost(scoring(path), times)
            per_mark[size] = (scored.seconds - start.seconds) / size * 1e6
            ratios.append((size, scored.seconds / read.seconds, scored.memory / read.memory))
            print(
                f"| {size:,} | {path.stat().st_size / 1e6:.1f} | {read.seconds:.3f} "
                f"| {scored.seconds:.3f} | {ratios[-1][1]:.2f} | {read.memory:.0f} "
                f"| {scored.memory:.0f} | {ratios[-1][2]:.2f} |",
                flush=True,
            )
            path.unlink()
    for size, by_time, by_memory in ratios:
        most = MOST_OF_LARGEST if size == SIZES[-1] else (MOST_TIME, MOST_MEMORY)
        limit(f"time against json.load, {size:,} marks", by_time, most[0])
        limit(f"memory against json.load, {size:,} marks", by_memory, most[1])
    first, last = min(per_mark), max(per_mark)
    print(f"     beyond start-up: {per_mark[first]:.2f} µs a mark, then {per_mark[last]:.2f} µs")
    growth = per_mark[last] / per_mark[first]
    limit("cost per mark, largest against smallest", growth, MOST_PER_MARK)
    limit("small bundle against python -c pass", start.seconds / idle.seconds, MOST_START)
    full, single = changing()
    print(f"     1,000 entrants in full {full * 1e3:.1f} ms, one more mark {single * 1e3:.3f} ms")
    limit("one more mark of 1,000 entrants, times faster", full / single, LEAST_GAIN, at_least=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
