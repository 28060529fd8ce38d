"""What putting in a million values of a labour competition costs, beside the bare work.

    .venv/bin/python -m tests.bench.labour_import [values]

130 units, 40 indicators and as many periods as it takes. The bare work is `json.load` of the
same file and one bulk insert of as many rows of their columns into the same kind of database;
the import is what `compete load` does: reading with all checks, the rows, a seal over each, the
record. Each in a process of its own, in seconds of the processor, best of two; memory is the
peak of that process. The exit status is 1 where the import takes more than 6 times the bare work.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

from compete import create_app
from compete.config import Config
from compete.domain import read_bundle
from compete.models import LabourValueEntry, db, utc_now
from compete.models.compiled_statements import table_of
from compete.services.competitions.loading import load_bundle
from tests.bench.labour import INDICATORS, UNITS, bundle_of
from tests.support.databases import migrate

MOST_TIMES = 6.0
_PORTION = 5000


def write_file(values: int, path: Path) -> None:
    """A competition's file with so many values."""
    plain = bundle_of()
    rng = Random(7)
    units = [unit["code"] for unit in plain["units"]]
    indicators = [indicator["code"] for indicator in plain["labour"]["indicators"]]
    leaves = [f"P{number:04d}" for number in range(-(-values // (UNITS * INDICATORS)))]
    squares = (
        {"unit": unit, "period": leaf, "indicator": code, "value": f"{rng.randint(10, 25) / 10}"}
        for leaf in leaves
        for unit in units
        for code in indicators
    )
    plain["labour"]["periods"] = [
        {"code": "Y", "name": "全部"},
        *({"code": leaf, "name": leaf, "part_of": "Y"} for leaf in leaves),
    ]
    plain["labour"]["values"] = [square for square, _ in zip(squares, range(values), strict=False)]
    path.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")


def bare(content: bytes) -> None:
    """The file read and its values inserted, with no check and no seal."""
    now = utc_now()
    rows = [
        {
            "unit_id": 1,
            "period": value["period"],
            "indicator": value["indicator"],
            "value": Decimal(value["value"]),
            "made_at": now,
        }
        for value in json.loads(content)["labour"]["values"]
    ]
    connection = db.session.connection()
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    for start in range(0, len(rows), _PORTION):
        connection.execute(table_of(LabourValueEntry).insert(), rows[start : start + _PORTION])
    db.session.rollback()


def whole(content: bytes) -> None:
    """As `compete load`."""
    load_bundle(read_bundle(content))


def measured(work: Callable[[bytes], Any], path: Path) -> tuple[float, int]:
    """Seconds of the processor and the peak in MiB, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_in_folder, work, path).result()


def _in_folder(work: Callable[[bytes], Any], path: Path) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'labour.db'}"
        migrate(url, Path(folder))
        config = Config.from_env({"COMPETE_DATA_DIR": folder})
        content = path.read_bytes()
        with create_app(replace(config, database_url=url, testing=True)).app_context():
            begun = time.process_time()
            work(content)
            took = time.process_time() - begun
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main(values: int) -> int:
    """Measure, print, judge."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labour.json"
        write_file(values, path)
        print(f"{values:,} values, {path.stat().st_size / 1e6:.0f} MB", flush=True)
        took = {}
        for name, work in (("bare", bare), ("import", whole)):
            measurements = [measured(work, path) for _ in range(2)]
            took[name] = min(seconds for seconds, _peak in measurements)
            peak = max(peak for _seconds, peak in measurements)
            print(f"{name:8} {took[name]:8.2f} s  peak {peak} MiB", flush=True)
    times = took["import"] / took["bare"]
    print(f"{times:.2f} times the bare work, at most {MOST_TIMES}")
    return times > MOST_TIMES


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
