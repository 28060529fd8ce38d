"""A theory examination on a bad network, with a server that dies and a disk that is full.

Run as a script: `python tests/faults/examining.py`. Five hundred simulated devices sit in one
room of `compete serve` and answer every ten seconds; one call in twenty is lost each way. The
server and all its workers are killed twice, the disk is full once (SQLite), fifty devices have no
line for ten minutes, thirty have clocks that are an hour off, five people are moved to another
device. Then the database and the exam's file are held against the devices' own journals. Once on
SQLite, once on PostgreSQL. The exit status is 1 where anything does not agree.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.support.databases import NoPostgresError
from tests.tablets.exam_run import ExamOutcome, ExamTrial, rehearse_exam
from tests.tablets.run import database

KINDS = ("sqlite", "postgres")
WHOLE = ExamTrial(
    **{"seconds": 900, "kills": (120, 700), "moved_at": 300, "full_disk": (800, 10)},
    **{"cut_from": 60, "cut_for": 600},
)
PROMISES = {
    "lost": "acknowledged answers that are not there",
    "doubled": "answers that are there twice",
    "misplaced": "answers of another sitting, device, question or value",
    "unknown": "answers that no device ever made",
    "refused": "answers refused",
    "wrong_standing": "sittings of which not the last answer counts",
    "chain": "breaks of the audit chain",
}


def main() -> int:
    """Exit status 1 if a promise was broken, or a database that was asked for is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=KINDS, action="append")
    kept = True
    for kind in parser.parse_args().database or KINDS:
        print(f"   {kind}: {WHOLE.people} candidates, {WHOLE.seconds:.0f} s", flush=True)
        with tempfile.TemporaryDirectory(prefix="compete-faults-") as folder:
            try:
                with database(kind, Path(folder)) as url:
                    outcome = rehearse_exam(WHOLE, url, Path(folder))
            except NoPostgresError as why:
                print(f"     cannot be run: {why}")
                kept = False
                continue
        report(outcome)
        kept = kept and not outcome.faults
    return 0 if kept else 1


def report(outcome: ExamOutcome) -> None:
    """Print what happened and what was found."""
    posts = outcome.posts
    for name, value in {
        "answers that the devices made": outcome.counts["made"],
        "answers acknowledged": outcome.counts["acknowledged"],
        "acts in the database": outcome.counts["held"],
        "requests lost on their way": outcome.total("lost_requests"),
        "answers lost on their way back": outcome.total("lost_answers"),
        "calls that met a dead server": outcome.total("no_answer"),
        "calls that a full disk refused": outcome.total("failed"),
        "times the server was killed": outcome.kills,
        "people moved": outcome.counts["moved"],
    }.items():
        print(f"     {name:55} {value:9,}")
    print(f"     {'the last has the first question, s':55} {max(outcome.begun_after):9,.1f}")
    print(f"     {'median of an answer, ms':55} {posts[len(posts) // 2] * 1e3:9,.0f}")
    for kind, what in PROMISES.items():
        faults = outcome.faults.get(kind, [])
        print(f"{'  MISS' if faults else '  ok '} {what:55} {len(faults):9,}")
        for fault in faults[:5]:
            print(f"        {fault}")


if __name__ == "__main__":
    sys.exit(main())
