"""An examination in a hall: from the start to the first question, and an answer at exam rate.

Run as a script: `python tests/bench/exam_hall.py`. Five hundred simulated devices sit in one room
of `compete serve`, look every five seconds whether it has begun, and answer every 55 seconds, as
100 questions in 90 minutes are (nine a second), and hand in one after another; then four times as
often, all of them handing in within a few seconds, as in the last minutes. The exit status is 1
where a limit is passed: the last has the first question within 10 s of the start, and the 99th of
a hundred answers is held within 50 ms at exam rate.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.databases import NoPostgresError  # noqa: E402
from tests.tablets.exam_run import ExamTrial, rehearse_exam  # noqa: E402
from tests.tablets.run import database  # noqa: E402

KINDS = ("sqlite", "postgres")
MOST_BEGIN_S, MOST_P99_MS = 10.0, 50.0
PACES = {"exam rate": (55.0, 0.2), "the last minutes": (13.0, 0.8)}
"""Seconds between two answers, and after which part of the time the first hands in."""
HEADING = "| database | pace | answers a s | median ms | p99 ms | last first question s |"


def main() -> int:
    """Print the table; exit status 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=KINDS, action="append")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=75)
    words = parser.parse_args()
    print(f"{HEADING}\n|---|---|--:|--:|--:|--:|")
    kept = True
    for kind in words.database or KINDS:
        for name, (pace, first_done) in PACES.items():
            trial = ExamTrial(
                **{"people": words.people, "seconds": words.seconds, "pace": pace, "loss": 0},
                **{"kills": (), "full_disk": None, "cut": 0, "off": 0, "moved": 0, "wait": 0.2},
                first_done=first_done,
            )
            with tempfile.TemporaryDirectory(prefix="compete-bench-") as folder:
                try:
                    with database(kind, Path(folder)) as url:
                        outcome = rehearse_exam(trial, url, Path(folder))
                except NoPostgresError as why:
                    print(f"skipped: {why}")
                    break
            posts, begun = outcome.posts, max(outcome.begun_after)
            p99 = posts[len(posts) * 99 // 100] * 1e3
            kept &= not outcome.faults and begun <= MOST_BEGIN_S
            kept &= name != "exam rate" or p99 <= MOST_P99_MS
            print(
                f"| {kind} | {name} | {len(posts) / words.seconds:.1f} "
                f"| {posts[len(posts) // 2] * 1e3:.0f} | {p99:.0f} | {begun:.1f} |",
                flush=True,
            )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
