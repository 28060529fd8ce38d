"""A room of candidates at real browsers, some of them without a line one after another.

Run as a script: `python tests/faults/exam_room.py`. Thirty pages in Chromium sit in one room of
`compete serve` on SQLite for ten minutes and answer every ten seconds; ten of them are cut off in
turn, and answer on. Then the database is held against what each page sent and was told is held.
`--minutes`, `--browsers`, `--cut` make it shorter or smaller. The exit status is 1 where anything
does not agree.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.support.browser import find_chromium  # noqa: E402
from tests.tablets.exam_browsers import RoomTrial, rehearse_room  # noqa: E402
from tests.tablets.run import database  # noqa: E402

PROMISES = {
    "lost": "acknowledged answers that are not there",
    "doubled": "answers that are there twice",
    "misplaced": "answers of another sitting, question or value",
    "unknown": "answers that no page ever sent",
    "refused": "answers refused",
    "chain": "breaks of the audit chain",
}


def main() -> int:
    """Exit status 1 if a promise was broken, or there is no browser."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--browsers", type=int, default=30)
    parser.add_argument("--cut", type=int, default=10)
    words = parser.parse_args()
    if find_chromium() is None:
        print("   cannot be run: no Chromium on this machine")
        return 1
    trial = RoomTrial(browsers=words.browsers, seconds=words.minutes * 60, cut=words.cut)
    print(f"   {trial.browsers} browsers, {trial.seconds:.0f} s, {trial.cut} cut off", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="compete-faults-") as folder,
        database("sqlite", Path(folder)) as url,
    ):
        outcome = rehearse_room(trial, url, Path(folder))
    for name, count in {
        "acts that the pages sent": outcome.made,
        "acts acknowledged": outcome.acknowledged,
        "acts in the database": outcome.in_database,
        "answers given without a line": outcome.while_cut,
    }.items():
        print(f"     {name:55} {count:9,}")
    for kind, what in PROMISES.items():
        faults = outcome.faults.get(kind, [])
        print(f"{'  MISS' if faults else '  ok '} {what:55} {len(faults):9,}")
        for fault in faults[:5]:
            print(f"        {fault}")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
