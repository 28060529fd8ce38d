"""A run of a whole hall: database, server, tablets, and the kills in between."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from flask import Flask

from tests.support.databases import migrate, postgres_database, usable_postgres
from tests.tablets.checking import Findings, check
from tests.tablets.contest import Seat, make_contest
from tests.tablets.hall import Plan
from tests.tablets.journal import Read, read_journal
from tests.tablets.server import Server


@dataclass(frozen=True)
class Trial:
    """How large, how long and how rough. Times in seconds; `kill_every` 0 means never.

    `wait` is what a lost request costs, and by what the tablets' other waits are shortened.
    """

    tablets: int = 200
    seconds: float = 300
    pace: float = 2
    loss: float = 0.10
    wait: float = 1
    kill_every: float = 20
    shared: int = 10
    entrants_each: int = 12
    seed: int = 1


@dataclass
class Outcome:
    """What a run came to: what the check found, and what happened on the way."""

    findings: Findings
    journals: list[Read]
    kills: int
    seconds: float

    @property
    def posts(self) -> list[float]:
        """Seconds of every call that got an answer, whether the tablet heard it or not."""
        return sorted(second for journal in self.journals for second in journal.counts["seconds"])

    def total(self, name: str) -> int:
        """The sum of a count over all tablets."""
        return sum(journal.counts[name] for journal in self.journals)


@contextlib.contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of a migrated database of its own: `sqlite` or `postgres`."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'compete.sqlite'}"
        migrate(url, folder)
        yield url
        return
    with postgres_database(usable_postgres()) as database_address:
        url = database_address.render_as_string(hide_password=False)
        migrate(url, folder)
        yield url


def application(url: str, folder: Path) -> Flask:
    """The application on that database, in this process; its keys are kept for the server."""
    from compete import create_app
    from compete.config import Config
    from compete.services.backups.keys import settle_keys

    config = replace(Config.from_env({"COMPETE_DATA_DIR": str(folder)}), database_url=url)
    app = create_app(config)
    with app.app_context():
        settle_keys(config)
    return app


def rehearse(trial: Trial, url: str, folder: Path) -> Outcome:
    """Run the trial in `folder` on an empty migrated database, and check it."""
    app = application(url, folder)
    with app.app_context():
        seats = make_contest(trial.tablets, entrants_each=trial.entrants_each, shared=trial.shared)
        release()
    environment = {"COMPETE_DATA_DIR": str(folder), "COMPETE_DATABASE_URL": url}
    server = Server(environment, folder / "server.log")
    server.start()
    try:
        seconds = _judge(trial, seats, server, folder)
    finally:
        server.stop()
    journals = [read_journal(folder / "journals" / f"{seat.tablet}.jsonl") for seat in seats]
    with app.app_context():
        findings = check(journals, frozenset(seat.tablet for seat in seats if seat.alone))
        release()
    return Outcome(findings, journals, server.kills, seconds)


def _judge(trial: Trial, seats: list[Seat], server: Server, folder: Path) -> float:
    """Let the tablets mark while the server is killed again and again; seconds it took."""
    (folder / "journals").mkdir()
    plan = Plan(
        port=server.port,
        seats=seats,
        folder=str(folder / "journals"),
        seconds=trial.seconds,
        pace=trial.pace,
        loss=trial.loss,
        wait=trial.wait,
        seed=trial.seed,
    )
    return run_hall(
        "tests.tablets.hall",
        plan,
        folder,
        during=lambda hall, begun: _kill_again_and_again(
            trial, server, hall, begun + trial.seconds
        ),
    )


def run_hall(
    module: str,
    plan: msgspec.Struct,
    folder: Path,
    *,
    during: Callable[[subprocess.Popen[str], float], None],
    begin: Callable[[], object] = lambda: None,
) -> float:
    """Run a process full of devices: `begin` once all are in, `during` beside them; its seconds."""
    file = folder / "plan.json"
    file.write_bytes(msgspec.json.encode(plan))
    hall = subprocess.Popen(
        [sys.executable, "-m", module, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with hall:
        assert hall.stdin is not None
        assert hall.stdout is not None
        try:
            assert hall.stdout.readline() == "in\n", "the devices did not get in"
            begin()
            begun = time.monotonic()
            hall.stdin.write("go\n")
            hall.stdin.flush()
            during(hall, begun)
            assert hall.wait() == 0
        finally:
            hall.kill()
    return time.monotonic() - begun


def _kill_again_and_again(
    trial: Trial, server: Server, hall: subprocess.Popen[str], until: float
) -> None:
    if not trial.kill_every:
        return
    chance = random.Random(trial.seed)
    due = time.monotonic() + trial.kill_every
    while due < until and hall.poll() is None:
        # Never twice at the same point of whatever beats in the server.
        time.sleep(max(0, due - time.monotonic()) + chance.uniform(0, 0.2))
        server.kill()
        server.start()
        due += trial.kill_every


def release() -> None:
    """Whoever forks or deletes the database after this must not meet an open connection."""
    from compete.models import db

    db.session.remove()
    db.engine.dispose()
