"""A province's year: what grows with it, and what does not.

    .venv/bin/python -m tests.bench.year [share] [--database sqlite] [--database postgres]

`share` is how much of a whole year (0.01 unless told), which is loaded at that size and at the
double, into each kind of database (`year_filling.py`). Then the main pages of each role are asked
in a process of its own, and the commands run as they are typed: verify, backup, restore, move. A
page is in processor milliseconds, the middle of three, with its statements; a command in processor
and clock seconds beside the bare copy of the same rows, with its peak. Double the year may take at
most double the work, and a page no more than before; the exit status is 1 where a limit is passed.
The bank of questions is a file and no table: `tests/bench/exams.py` measures its 24,000.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.bench.year_filling import Year, fill

KINDS = ("sqlite", "postgres")
TIMES = 2
MOST_GROWTH, MOST_PAGE_GROWTH, MOST_PAGE_MS = 2.2, 1.5, 30.0
"""Of a command when the year doubles; of a page, which is looked at where it takes this long."""
MOST_STATEMENTS = 30
"""A page may ask more than before up to so many: its list is not full yet."""
MOST_VERIFY_US, MOST_MOVE_TIMES, MOST_WORKER_MIB = 60.0, 3.0, 400
PROGRAM = Path(sys.executable).with_name("compete")
PAGES: tuple[tuple[str, str], ...] = (
    ("administrator", "/desk/"),
    ("administrator", "/desk/?page=2"),
    ("administrator", "/desk/?q=C0000"),
    ("administrator", "/desk/people"),
    ("administrator", "/desk/people?page=20"),
    ("administrator", "/desk/people?q=选手7"),
    ("administrator", "/desk/organisations"),
    ("administrator", "/desk/accounts"),
    ("administrator", "/desk/personal-data"),
    ("administrator", "/desk/new"),
    ("administrator", "/readyz"),
    ("organiser", "/desk/"),
    ("organiser", "/desk/people?q=选手7"),
    ("organiser", "/desk/C0000/"),
    ("organiser", "/desk/C0000/entrants"),
    ("organiser", "/desk/C0000/standings"),
    ("organiser", "/desk/C0000/judges?people=1"),
    ("organiser", "/desk/C0000/certificates?state=valid"),
    ("organiser", "/desk/LBENCH/labour"),
    ("chief", "/desk/C0000/progress"),
    ("chief", "/desk/C0000/analysis"),
    ("judge", "/judge/"),
    ("recorder", "/labour-entry/LBENCH"),
    ("visitor", "/"),
    ("visitor", "/p/C0000"),
    ("visitor", "/verify"),
    ("visitor", "/log"),
)
"""Pages whose size is one competition's, or which stand in pages themselves. The applicants' pages
grow with the evaluation, whose lists `tests/bench/evaluations.py` measures."""


@dataclass
class Size:
    """One size of the year in one kind of database: what was measured."""

    rows: int = 0
    filled: float = 0.0
    pages: dict[str, tuple[float, int, int]] = field(default_factory=dict)
    """Milliseconds, statements and status, by who asks and the address."""
    worker: int = 0
    """MiB of the process that answered them."""
    commands: dict[str, tuple[float, float, int]] = field(default_factory=dict)
    """Seconds of the processor and of the clock, and MiB, by the command."""


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database of that kind; nothing of it is there afterwards."""
    from tests.support.databases import postgres_database, usable_postgres

    if kind == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        yield f"sqlite:///{folder / 'compete.sqlite'}"
        return
    with postgres_database(usable_postgres()) as address:
        yield address.render_as_string(hide_password=False)


def app_of(url: str, folder: Path) -> Any:
    from compete import create_app
    from compete.config import Config

    config = Config.from_env({"COMPETE_DATA_DIR": str(folder)})
    return create_app(replace(config, database_url=url, testing=True))


def filled(url: str, folder: Path, share: float) -> tuple[float, int]:
    """Load the year; processor seconds, and rows of all tables."""
    from compete.commands.verify import rows_in_all
    from compete.config import Config
    from compete.services.backups.keys import settle_keys
    from tests.support.databases import migrate

    migrate(url, folder)
    begun = time.process_time()
    with app_of(url, folder).app_context():
        settle_keys(Config.from_env({"COMPETE_DATA_DIR": str(folder), "COMPETE_DATABASE_URL": url}))
        since = time.process_time()
        for what, many in fill(Year(share)):
            print(f"    {many:8,} {what}, {time.process_time() - since:.1f} s", flush=True)
            since = time.process_time()
        return time.process_time() - begun, rows_in_all()


def asked(url: str, folder: Path) -> tuple[dict[str, tuple[float, int, int]], int]:
    """Ask every page, three times after the first; and the process's peak in MiB."""
    from sqlalchemy import select

    from compete.models import Account, Certificate, Competition, db
    from compete.services.accounts.accounts import account_of_judge
    from tests.support.signing_in import signed_in
    from tests.support.statements import statements

    app = app_of(url, folder)
    with app.app_context():
        engine = db.engine
        accounts = {
            name: db.session.scalars(select(Account).where(Account.username == name)).one()
            for name in ("administrator", "organiser", "recorder")
        }
        first = db.session.scalars(select(Competition).where(Competition.code == "C0000")).one()
        for who, code in (("chief", "C01"), ("judge", "J00")):
            judge = next(judge for judge in first.judges if judge.code == code)
            accounts[who] = account_of_judge(judge, first, None)
        clients = {who: signed_in(app, account) for who, account in accounts.items()}
        competitions = len(db.session.scalars(select(Competition.id)).all())
        certificate = db.session.scalars(select(Certificate).order_by(Certificate.id)).first()
        assert certificate is not None
        lookup = {"number": certificate.number, "name": certificate.face["name"]}
        db.session.remove()
    clients["visitor"] = app.test_client()
    works: list[tuple[str, Callable[[], Any]]] = [
        (f"{who} {path}", lambda who=who, path=path: clients[who].get(path))  # type: ignore[misc]
        for who, path in PAGES
    ]
    works.append(
        ("visitor look-up", lambda: clients["visitor"].post("/verify", data=lookup)),
    )
    pages = {}
    for name, work in works:
        # The home looks through a few competitions each time, until it knows all.
        for _turn in range(competitions // 4 + 2 if name.endswith("/desk/") else 1):
            work()
        took, many, status = [], 0, 0
        for _turn in range(3):
            with statements(engine) as texts:
                begun = time.process_time()
                status = work().status_code
                took.append((time.process_time() - begun) * 1e3)
            many = len(texts)
        pages[name] = (sorted(took)[1], many, status)
    return pages, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def bare_copy(source: str, target: str, folder: Path) -> float:
    """Read every row and insert it elsewhere, with nothing else; processor seconds."""
    from sqlalchemy import create_engine

    from compete.services.backups.move import plain_tables
    from tests.support.databases import migrate

    migrate(target, folder)
    reading, writing = create_engine(source), create_engine(target)
    begun = time.process_time()
    with reading.connect() as there, writing.begin() as here:
        tables = list(plain_tables())
        if writing.dialect.name == "postgresql":
            here.exec_driver_sql("SET session_replication_role = replica")
        for table in reversed(tables):
            here.execute(table.delete())
        for table in tables:
            rows = there.execution_options(yield_per=500).execute(table.select())
            for part in rows.mappings().partitions():
                here.execute(table.insert(), [dict(row) for row in part])
    seconds = time.process_time() - begun
    reading.dispose()
    writing.dispose()
    return seconds


def typed(folder: Path, url: str, *words: str) -> tuple[float, float, int]:
    """Run the command as it is typed; seconds of the processor and of the clock, and MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [str(PROGRAM), *words],
        env=os.environ | {"COMPETE_DATA_DIR": str(folder), "COMPETE_DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    clock = time.perf_counter() - begun
    return usage.ru_utime + usage.ru_stime, clock, usage.ru_maxrss >> 10


def apart(work: Callable[..., Any], *given: Any) -> Any:
    """Do it in a process of its own, whose memory is then given back."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def measured(kind: str, share: float, root: Path) -> Size:
    """Fill, ask, and run the commands, on one size in one kind of database."""
    size, folder = Size(), root / f"{kind}-{share}"
    folder.mkdir()
    other = KINDS[1 - KINDS.index(kind)]
    with database(kind, folder) as url:
        size.filled, size.rows = apart(filled, url, folder, share)
        size.pages, size.worker = apart(asked, url, folder)
        size.commands["verify"] = typed(folder, url, "verify")
        size.commands["backup"] = typed(folder, url, "backup", str(root / f"kept-{kind}-{share}"))
        back = root / f"back-{kind}-{share}"
        with database(kind, back) as again:
            kept = str(root / f"kept-{kind}-{share}")
            size.commands["restore"] = typed(back, again, "restore", kept)
        with database(other, root / f"bare-{kind}-{share}") as bare:
            seconds = apart(bare_copy, url, bare, folder)
            size.commands["a bare copy"] = (seconds, seconds, 0)
        with database(other, root / f"moved-{kind}-{share}") as moved:
            size.commands["move"] = typed(folder, url, "move", url, moved)
    return size


def report(kind: str, sizes: dict[float, Size]) -> list[str]:
    """Print both sizes beside each other; what is over its limit."""
    (small, large), over = sizes.values(), []
    shares = list(sizes)
    print(f"\n| {kind} | {shares[0]:g} of a year | {shares[1]:g} | times |\n|---|--:|--:|--:|")
    print(f"| rows | {small.rows:,} | {large.rows:,} | {large.rows / small.rows:.2f} |")
    times = large.filled / small.filled
    print(f"| loading, s | {small.filled:.0f} | {large.filled:.0f} | {times:.2f} |")
    grown = large.rows / small.rows
    for name, before in small.commands.items():
        after = large.commands[name]
        times = after[0] / before[0]
        us = [cost[0] / size.rows * 1e6 for cost, size in ((before, small), (after, large))]
        # What starting the program takes is in both.
        if (after[0] - before[0]) / before[0] > MOST_GROWTH * grown / TIMES - 1:
            over.append(f"{kind} {name}: {times:.2f} times")
        print(
            f"| {name}: s of the processor (of the clock), µs a row, MiB "
            f"| {before[0]:.1f} ({before[1]:.1f}), {us[0]:.0f}, {before[2]} "
            f"| {after[0]:.1f} ({after[1]:.1f}), {us[1]:.0f}, {after[2]} | {times:.2f} |"
        )
    for name, (ms, many, status) in small.pages.items():
        later, more, _status = large.pages[name]
        if (
            status != 200
            or (later > MOST_PAGE_MS and later > MOST_PAGE_GROWTH * ms)
            or more > max(many, MOST_STATEMENTS)
        ):
            over.append(f"{kind} {name}: {status}, {ms:.0f} to {later:.0f} ms, {many} to {more}")
        cells = f"{ms:.0f}, {many} | {later:.0f}, {more} | {later / ms:.2f}"
        print(f"| {name}: ms, statements | {cells} |")
    print(f"| a worker after all of them, MiB | {small.worker} | {large.worker} | |")
    verify = large.commands["verify"][0] / large.rows * 1e6
    move = large.commands["move"][0] / large.commands["a bare copy"][0]
    print(f"| move over a bare copy | | {move:.1f} | |", flush=True)
    if verify > MOST_VERIFY_US:
        over.append(f"{kind} verify: {verify:.0f} µs a row")
    if move > MOST_MOVE_TIMES:
        over.append(f"{kind} move: {move:.1f} times a bare copy")
    if large.worker > MOST_WORKER_MIB:
        over.append(f"{kind} a worker: {large.worker} MiB")
    return over


def main() -> int:
    """Each kind of database at both sizes; exit status 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("share", nargs="?", type=float, default=0.01)
    parser.add_argument("--database", choices=KINDS, action="append")
    given = parser.parse_args()
    over = []
    for kind in given.database or KINDS:
        with tempfile.TemporaryDirectory(prefix="compete-year-") as name:
            sizes = {}
            for share in (given.share, TIMES * given.share):
                print(f"{kind}: {share:g} of a year", flush=True)
                sizes[share] = measured(kind, share, Path(name))
            over += report(kind, sizes)
    for what in over:
        print(f"MISS {what}")
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main())
