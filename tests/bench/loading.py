"""What `compete load` costs, beside reading the file and a bare bulk insert of its marks.

    .venv/bin/python -m tests.bench.loading [people]

2,000 people are 180,000 marks. The floor is `json` in, `read_bundle`, and one insert of as
many rows of the acts' columns through SQLAlchemy into the same kind of database; the load
is `load_bundle` with its seals and its one transaction, the file read beforehand as in
the floor. Each runs in a process of its own, in seconds of the processor; memory is
the peak of that process. The exit status is 1 where a limit is passed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from compete import create_app
from compete.config import Config
from compete.domain import read_bundle
from compete.models import Act, db, utc_now
from compete.models.compiled_statements import table_of
from compete.services.competitions.loading import load_bundle
from tests.bench.events import event_of
from tests.support.databases import migrate

MOST_TIMES, MOST_MIB = 4.0, 300


def _within(folder: Path, work: Callable[[bytes], Any], content: bytes) -> float:
    """Processor seconds of the work on a fresh database."""
    url = f"sqlite:///{folder / f'{work.__name__}.db'}"
    migrate(url, folder)
    config = Config.from_env({"COMPETE_DATA_DIR": str(folder)})
    with create_app(replace(config, database_url=url, testing=True)).app_context():
        begun = time.process_time()
        work(content)
        return time.process_time() - begun


def floor(content: bytes) -> None:
    """Read the file and insert its marks as bare rows, with no sheet, seal or check."""
    marks = read_bundle(content).marks
    rows = [
        {
            "uuid": f"{number:036}",
            "sheet_id": 1,
            "judge_id": 1,
            "kind": "mark",
            "aspect": mark.aspect,
            "value": mark.value,
            "held_at": utc_now(),
        }
        for number, mark in enumerate(marks)
    ]
    db.session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    db.session.execute(table_of(Act).insert(), rows)
    db.session.flush()
    db.session.rollback()


def load(content: bytes) -> None:
    """Read the file and load it."""
    load_bundle(read_bundle(content))


def measured(work: Callable[[bytes], Any], path: Path) -> float:
    """In a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_in_folder, work, path).result()


def _in_folder(work: Callable[[bytes], Any], path: Path) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return _within(Path(folder), work, path.read_bytes())


def peak_of_command(path: Path) -> int:
    """The peak in MiB of `compete load` as it is typed, on a database that stands ready."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'command.db'}"
        migrate(url, Path(folder))
        process = subprocess.Popen(
            [sys.executable, "-c", "from compete.cli import main; main()", "load", str(path)],
            env=os.environ | {"COMPETE_DATA_DIR": folder, "COMPETE_DATABASE_URL": url},
            stdout=subprocess.DEVNULL,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
    return usage.ru_maxrss >> 10


def write_event(people: int, path: Path) -> int:
    """Write the competition's file; how many marks it has."""
    bundle = event_of(people)
    path.write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
    return len(bundle["marks"])


def main(people: int) -> int:
    """Print both and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "event.json"
        # Elsewhere: the system counts our own peak to every process that we start.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            marks = pool.submit(write_event, people, path).result()
        print(f"{marks:,} marks, {path.stat().st_size / 1e6:.1f} MB")
        bare = measured(floor, path)
        seconds = measured(load, path)
        mib = peak_of_command(path)
    print(f"{'reading and a bulk insert':28} {bare:7.2f} s")
    print(f"{'loading':28} {seconds:7.2f} s {seconds / bare:5.1f} times, {mib} MiB")
    return int(seconds > MOST_TIMES * bare or mib > MOST_MIB)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
