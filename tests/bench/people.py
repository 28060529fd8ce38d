"""What large lists and workbooks cost: each page of them, and an import beside its bare work.

Run as a script: `python -m tests.bench.people [sizes…]`, 1,000, 10,000 and 100,000 by default.
For each size, in processor seconds of one process:

- `bare` is reading the workbook with openpyxl (read only) and one bulk insert of as many people;
- `preview` and `write` are the two jobs that do it for an organiser, with every check and seal;
- `one person more` is typed by an organiser, the dearest of four, the first of a process;
- then each page of the lists of contestants and people, the dearest of three times.

The exit status is 1 where at 100,000 the jobs together take over six times the bare work or
500 MiB, or anywhere a page over 100 ms.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from compete.models import Account, Competition  # noqa: E402
from tests.bench.events import CODE, event_of  # noqa: E402
from tests.sheets.people import citizen_id, many_rows  # noqa: E402

SIZES = (1_000, 10_000, 100_000)
MOST_TIMES, MOST_MIB, MOST_SECONDS = 6.0, 500, 0.100
LARGE = 100_000
LIST = f"/desk/{CODE}/entrants"
_LISTS = (
    LIST,
    f"{LIST}?page=999999",
    f"{LIST}?sort=name",
    f"{LIST}?sort=-name&page=999999",
    f"{LIST}?sort=unit&page=999999",
    f"{LIST}?q=赵",
    f"{LIST}?q=zhao yi",
    f"{LIST}?q=zyy",
    f"{LIST}?q=A0001",
    f"{LIST}?q=单位5",
    f"{LIST}?q=0013",
    f"{LIST}?q=没有的",
    f"{LIST}?unit=U05&page=2",
)
_ARRIVALS = f"/desk/{CODE}/arrivals"
_OTHERS = (f"{LIST}/upload", f"/desk/{CODE}/photos", "/desk/people", "/desk/people/same", _ARRIVALS)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Processor seconds, and what came of it."""
    begun = time.process_time()
    result = work()
    return time.process_time() - begun, result


def bare(content: bytes, people: int) -> float:
    """Reading the workbook and a bulk insert of as many rows, and nothing else."""
    from compete.models import Entrant, db
    from compete.models.compiled_statements import table_of

    def work() -> None:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for _row in book.worksheets[0].iter_rows(values_only=True):
            pass
        rows = [
            {
                "competition_id": 1,
                "event_id": 1,
                "unit_id": 1,
                "code": f"B{number:06d}",
                "name": "赵启明",
                "name_key": "zhao4 qi3 ming2 赵启明",
                "id_type": "citizen_id",
                "id_number": "320000197001010013",
                "id_hash": f"{number:064d}",
                "group_name": "worker",
                "badge_hash": f"{number:064d}",
                "badge_token": "x" * 32,
                "registered_at": datetime.now(UTC),
            }
            for number in range(people)
        ]
        db.session.connection().execute(table_of(Entrant).insert(), rows)
        db.session.rollback()

    return timed(work)[0]


def _bare_alone(content: bytes, people: int) -> bytes:
    from compete.models import db

    db.engine.dispose(close=False)
    return str(bare(content, people)).encode()


def _made_elsewhere(make: Callable[[], bytes]) -> bytes:
    """What a process of its own makes, so that the peak is that of the two jobs alone."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as out:
            out.write(make())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        content = pipe.read()
    assert os.waitpid(child, 0)[1] == 0
    return content


def add(competition: Competition, number: int, by: Account) -> None:
    """One person more, as an organiser types him."""
    from compete.services.registration.writing import add_person

    born = citizen_id(date(2001, 1, 1) + timedelta(days=number), 9)
    typed = {"unit": competition.units[0].code, "name": f"新来{'甲乙丙丁'[number]}"}
    add_person(competition, typed | {"id_number": born, "group": "职工"}, by)


def _forget_the_peak() -> None:
    """Count the most memory from here on: what the bare work took is not the jobs'."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """The most memory since then, in MiB; where nothing tells, since the start."""
    with contextlib.suppress(OSError, StopIteration):
        status_lines = Path("/proc/self/status").read_text().splitlines()
        return (
            int(next(line for line in status_lines if line.startswith("VmHWM")).split()[1]) / 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(people: int, folder: Path) -> bool:
    """One size; whether it keeps the limits."""
    from compete import create_app
    from compete.config import Config
    from compete.domain import read_bundle
    from compete.domain.values.roles import Role
    from compete.domain.values.states import JobState
    from compete.models import Job, db
    from compete.services.accounts.accounts import create_account, grant_role
    from compete.services.competitions.loading import load_bundle
    from compete.services.jobs import queue
    from compete.services.jobs.running import do_next
    from compete.services.registration import preview
    from compete.services.registration.preview import keep_upload, offer_of
    from compete.services.registration.staging import ask_preview, ask_write
    from compete.sheets.registration.template import write_registration_workbook
    from tests.support.databases import migrate
    from tests.support.signing_in import signed_in

    folder.mkdir(parents=True)
    url = f"sqlite:///{folder / 'people.db'}"
    migrate(url, folder)
    config = Config.from_env({"COMPETE_DATA_DIR": str(folder)})
    app = create_app(replace(config, database_url=url, testing=True))
    # Small ones by the same way, and nobody begins by himself.
    preview.LARGE_UPLOAD = 1
    queue.wake = lambda _competition: None
    with app.app_context():
        plain = event_of(0)
        plain["competition"]["extra"], plain["judges"] = {}, []
        organiser = create_account("吴敏", username="organiser")
        competition = load_bundle(read_bundle(json.dumps(plain).encode()), by=organiser)
        grant_role(organiser, competition, Role.ORGANISER, by=organiser)
        offer = offer_of(competition)
        content = _made_elsewhere(
            lambda: write_registration_workbook(offer, many_rows(people, offer))
        )
        # Its connection is the child's own; what it takes is no part of the jobs' peak.
        db.session.rollback()
        least = float(_made_elsewhere(lambda: _bare_alone(content, people)))
        _forget_the_peak()
        batch = keep_upload(competition, "people.xlsx", content, organiser)
        ask_preview(batch, organiser)
        previewing = timed(lambda: do_next(competition.id))[0]
        db.session.rollback()
        ask_write(batch, organiser)
        writing = timed(lambda: do_next(competition.id))[0]
        db.session.rollback()
        peak = _peak()
        states = set(db.session.scalars(db.select(Job.state)))
        assert states == {JobState.DONE}, states
        client = signed_in(app, organiser)
        adding = max(timed(lambda n=n: add(competition, n, organiser))[0] for n in range(4))
    times = (previewing + writing) / least
    print(
        f"{people:>7} bare {least:7.2f} preview {previewing:7.2f} write {writing:7.2f} s: "
        f"{times:.1f} times, peak {peak:.0f} MiB",
        flush=True,
    )
    print(f"{people:>7} {'one person more':<50} {adding * 1000:6.0f} ms", flush=True)
    dearest = 0.0
    for path in (*_LISTS, *_OTHERS):
        client.get(path)
        cost = max(timed(lambda path=path: client.get(path))[0] for _ in range(3))  # type: ignore[misc]
        dearest = max(dearest, cost)
        print(f"{people:>7} {path:<50} {cost * 1000:6.0f} ms", flush=True)
    kept = people < LARGE or (times <= MOST_TIMES and peak <= MOST_MIB)
    return kept and dearest <= MOST_SECONDS


def main(sizes: list[int]) -> int:
    """Each size in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        kept = [measure(people, Path(folder) / str(people)) for people in sizes]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main([int(size) for size in sys.argv[1:]] or list(SIZES)))
