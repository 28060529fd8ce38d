"""A hall of tablets on a bad network, and a server that is killed again and again.

Run as a script: `python tests/faults/judging.py`. Two hundred simulated tablets
send a mark every two seconds over real HTTP to `compete serve`; one request in
ten is lost on its way and one answer in ten on its way back; every twenty
seconds the server and all its workers get SIGKILL and are started again. After
five minutes the database is held against the tablets' own journals. Once on
SQLite, once on PostgreSQL. The exit status is 1 where anything does not agree.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.support.databases import NoPostgresError
from tests.tablets.run import Outcome, Trial, database, rehearse

KINDS = ("sqlite", "postgres")
PROMISES = {
    "lost": "acknowledged acts that are not there",
    "doubled": "acts that are there twice",
    "misplaced": "acts with another sheet, judge, aspect, value or time",
    "unknown": "acts that no tablet ever made",
    "out_of_order": "acts held in another order than their tablet's",
    "wrong_standing": "sheets that do not say the last act of each aspect",
    "refused": "acts refused to a judge with one tablet",
    "chain": "breaks of the audit chain",
    "seals": "batches whose acts do not fit the seal in the chain",
}


def main() -> int:
    """Exit status 1 if a promise was broken, or a database that was asked for is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tablets", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--kill-every", type=float, default=20)
    parser.add_argument("--database", choices=KINDS, action="append")
    words = parser.parse_args()
    trial = Trial(tablets=words.tablets, seconds=words.seconds, kill_every=words.kill_every)
    kept = True
    for kind in words.database or KINDS:
        print(f"   {kind}: {trial.tablets} tablets, {trial.seconds:.0f} s", flush=True)
        with tempfile.TemporaryDirectory(prefix="compete-faults-") as folder:
            try:
                with database(kind, Path(folder)) as url:
                    outcome = rehearse(trial, url, Path(folder))
            except NoPostgresError as why:
                print(f"     cannot be run: {why}")
                kept = False
                continue
        report(outcome)
        kept = kept and not outcome.findings.faults
    return 0 if kept else 1


def report(outcome: Outcome) -> None:
    """Print what happened and what was found."""
    counts, posts = outcome.findings.counts, outcome.posts
    requests = len(posts) + outcome.total("lost_requests") + outcome.total("no_answer")
    for name, value in {
        "acts that the tablets made": counts["marked"],
        "acts acknowledged": counts["acknowledged"],
        "acts in the database": counts["held"],
        "calls of the tablets": requests,
        "requests lost on their way": outcome.total("lost_requests"),
        "answers lost on their way back": outcome.total("lost_answers"),
        "calls that met a dead server": outcome.total("no_answer"),
        "times the server was killed": outcome.kills,
        "acts refused to judges with two tablets": counts["refused"],
    }.items():
        print(f"     {name:55} {value:9,}")
    print(f"     {'median of an answer, ms':55} {posts[len(posts) // 2] * 1e3:9,.0f}")
    for kind, what in PROMISES.items():
        faults = outcome.findings.faults.get(kind, [])
        print(f"{'  MISS' if faults else '  ok '} {what:55} {len(faults):9,}")
        for fault in faults[:5]:
            print(f"       {fault}")


if __name__ == "__main__":
    sys.exit(main())
