"""What `compete verify` costs a row, and how its memory grows with the database.

    .venv/bin/python -m tests.bench.checks [people] [times]

One competition of 300 people, 27,000 marks, and one four times as large, each verified in a
process of its own; seconds of the processor. The exit status is 1 where a row takes more than
60 us, or where the larger one takes more than 1.3 times the memory.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

from compete import create_app
from compete.commands.verify import all_faults, rows_in_all
from compete.config import Config
from compete.domain import read_bundle
from compete.services.competitions.loading import load_bundle
from tests.bench.events import event_of
from tests.support.databases import migrate

MOST_US, MOST_TIMES = 60.0, 1.3


def _config(folder: Path) -> Config:
    config = Config.from_env({"COMPETE_DATA_DIR": str(folder)})
    url = f"sqlite:///{folder / 'compete.sqlite'}"
    return replace(config, database_url=url, testing=True)


def fill(folder: Path, people: int) -> None:
    """Load a competition of so many into a new database."""
    config = _config(folder)
    migrate(config.database_url, folder)
    with create_app(config).app_context():
        load_bundle(read_bundle(json.dumps(event_of(people), ensure_ascii=False).encode()))


def verify(folder: Path) -> tuple[int, float, int]:
    """Check all of it: rows, seconds, and the peak in MiB."""
    with create_app(_config(folder)).app_context():
        rows = rows_in_all()
        begun = time.process_time()
        assert all_faults() == []
        seconds = time.process_time() - begun
    return rows, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def measured(people: int) -> tuple[int, float, int]:
    """Fill and verify, each in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        for work, given in ((fill, (Path(name), people)), (verify, (Path(name),))):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                result = pool.submit(work, *given).result()  # type: ignore[arg-type]
    assert result is not None
    return result


def main(people: int, times: int) -> int:
    """Print both sizes; exit status 1 where a limit is passed."""
    peaks, slowest = [], 0.0
    for many in (people, people * times):
        rows, seconds, mib = measured(many)
        per_row = seconds / rows * 1e6
        print(f"{rows:9,} rows {seconds:7.2f} s {per_row:5.0f} us a row, {mib} MiB")
        peaks.append(mib)
        slowest = max(slowest, per_row)
    growth = peaks[1] / peaks[0]
    print(f"{times} times the rows take {growth:.2f} times the memory")
    return int(growth > MOST_TIMES or slowest > MOST_US)


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[1:]]
    sys.exit(main(*(sizes or [300]), *([4] if len(sizes) < 2 else [])))
