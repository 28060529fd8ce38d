"""Two hosts of one site, while each of their machines dies in turn: `make drill`.

    .venv/bin/python -m tests.drill.hosts [--tablets 60] [--calm 15] [--kept FOLDER]

A primary with a synchronous replica, pgbouncer, Redis, a file store, two web hosts with folders
of their own, and nginx before them, all on ports of their own; tablets mark through nginx on a
network that loses one request in fifty. What dies is started again after a second, as systemd
does; the replica is promoted by the drill once the primary is silent for a second, in Patroni's
place. At the end the tablets' journals are held against the database, and every file that the
store took is read by the other host's settings. Printed is the longest time in which no mark
was acknowledged, and in which the store took nothing, after each fault. The exit status is 1
where anything that was acknowledged is lost or doubled, or marks do not come in again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import boto3
import msgspec
import psycopg

from compete.config import Config
from compete.services.kernel.file_store import store_of
from tests.drill.machines import (
    NEEDED,
    RESTART,
    Cable,
    Machine,
    Pair,
    Pooler,
    after,
    nginx,
    program,
    redis,
    store,
)
from tests.support.databases import migrate
from tests.tablets.checking import check
from tests.tablets.contest import Seat, make_contest
from tests.tablets.hall import Plan
from tests.tablets.journal import read_journal
from tests.tablets.run import application, release
from tests.tablets.server import Server

PACE, LOSS, WAIT = 1.0, 0.02, 1.0
SILENT = 1.0
"""Seconds after which a primary that does not answer is given up."""
MOST_GAP = 30.0
LOST = 10.0
"""Seconds of acknowledged marks that a recovery to a point in time leaves out."""
FULL = 8.0
"""Seconds for which a disk is full."""
AHEAD = 300
"""Seconds by which the second host's clock is wrong."""
OF_THE_STORE = {"AWS_ACCESS_KEY_ID": "drill", "AWS_SECRET_ACCESS_KEY": "drill-secret"}
KEYS = ("secret.key", "field.key", "log.key")


@dataclass
class Fault:
    """What was done to whom: when it began and was over, and until when its gap counts."""

    name: str
    begun: float
    over: float
    until: float = 0.0


@dataclass
class Site:
    """All the machines, wired together."""

    pair: Pair
    cable: Cable
    pooler: Pooler
    redis: Machine
    store: Machine
    hosts: list[Server]
    nginx: Machine


def machines(folder: Path, stack: ExitStack) -> Site:
    """Start the engines and the hosts; all of it ends with the stack."""
    pair = Pair(folder)
    stack.callback(pair.stop)
    pair.start()
    pooler, memory, files = Pooler(folder, pair.primary.port), redis(folder), store(folder)
    for machine in (pooler, memory, files):
        machine.start()
        stack.callback(machine.stop)
    cable = Cable(pooler.port)
    stack.callback(cable.close)
    endpoint = f"http://127.0.0.1:{files.port}"
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="drill")
    with psycopg.connect(
        f"postgresql://postgres@127.0.0.1:{pair.primary.port}/postgres", autocommit=True
    ) as connection:
        connection.execute("CREATE DATABASE compete")
    hosts = []
    for name in ("one", "two"):
        environment = {
            "COMPETE_DATA_DIR": str(folder / name),
            "COMPETE_DATABASE_URL": f"postgresql+psycopg://postgres@127.0.0.1:{cable.port}/compete",
            "COMPETE_REDIS_URL": f"redis://127.0.0.1:{memory.port}/0",
            "COMPETE_FILES_URL": f"s3://drill/files?endpoint={endpoint}",
            "COMPETE_TRUSTED_PROXIES": "1",
        }
        command = None
        if name == "two":
            ahead = (sys.executable, "-m", "tests.drill.ahead", str(AHEAD))
            command = [*ahead, "serve", "--log-level", "warning", "--port"]
        hosts.append(Server(environment, folder / f"{name}.log", command))
    front = nginx(folder, [host.port for host in hosts])
    return Site(pair, cable, pooler, memory, files, hosts, front)


def filled(site: Site, folder: Path, tablets: int) -> list[Seat]:
    """The contest in the database, by the primary's own address; the keys on either host."""
    url = site.pair.url(site.pair.primary)
    migrate(url, folder / "one")
    with application(url, folder / "one").app_context():
        seats = make_contest(tablets, entrants_each=40)
        release()
    for name in KEYS:
        shutil.copy(folder / "one" / name, folder / "two" / name)
    return seats


def faults(site: Site, calm: float) -> Iterator[Fault]:
    """Do one after the other, with calm after each."""

    def of(name: str, begin: Callable[[], None], end: Callable[[], None], lasts: float) -> Fault:
        begun = time.time()
        begin()
        after(lasts, end)
        over = time.time()
        time.sleep(calm)
        return Fault(name, begun, over, time.time())

    def nothing() -> None:
        """Nothing at all."""

    first, second = site.hosts
    primary, replica = site.pair.primary, site.pair.replica

    def promote() -> None:
        silent = time.time()
        while time.time() - silent < SILENT:
            if site.pair.answers(primary):
                silent = time.time()
            time.sleep(0.1)
        site.pair.promote()
        site.pooler.turn_to(replica.port)

    def slow() -> None:
        site.cable.delay = 0.1

    def quick() -> None:
        site.cable.delay = 0.0

    yield of("nothing", nothing, nothing, 1)
    yield of("a web host killed", first.kill, first.start, RESTART)
    yield of("the other killed", second.kill, second.start, RESTART)
    yield of("the pooler killed", site.pooler.kill, site.pooler.start, RESTART)
    yield of(
        "a web host's disk full",
        lambda: first.fill_disk(full=True),
        lambda: first.fill_disk(full=False),
        FULL,
    )
    yield of(
        "the primary's disk full",
        lambda: site.pair.fill_disk(primary, full=True),
        lambda: site.pair.fill_disk(primary, full=False),
        FULL,
    )
    yield of("Redis killed", site.redis.kill, site.redis.start, 3)
    yield of(
        "the file store hangs",
        lambda: site.store.signal(signal.SIGSTOP),
        lambda: site.store.signal(signal.SIGCONT),
        8,
    )
    yield of("connections to the database cut", site.cable.cut, site.cable.mend, 5)
    yield of("each packet to the database 0.1 s late", slow, quick, 10)
    yield of("the replica killed", replica.kill, replica.start, 3)
    yield of("the primary killed, the replica promoted", primary.kill, promote, 0)
    site.pair.keep_base()
    moment = datetime.now(UTC)
    time.sleep(LOST)

    def set_back() -> None:
        site.pair.archive_all()
        replica.kill()
        site.pair.restore_to(moment)
        site.pooler.turn_to(site.pair.set_back.port)

    yield of(f"the database set back by {LOST:.0f} s", set_back, nothing, 0)


def keep_files(site: Site, folder: Path, over: threading.Event, taken: dict[str, float]) -> None:
    """Write a file now and then by one host's settings, and read it by the other's."""
    environment = os.environ | {
        "COMPETE_FILES_URL": f"s3://drill/files?endpoint=http://127.0.0.1:{site.store.port}"
    }
    here, there = (
        store_of(Config.from_env(environment | {"COMPETE_DATA_DIR": str(folder / name)}))
        for name in ("one", "two")
    )
    number = 0
    while not over.wait(0.5):
        number += 1
        name = f"photos/drill/{number}.jpg"
        with contextlib.suppress(Exception):
            here.write(name, b"%d" % number)
            if there.read(name) == b"%d" % number:
                taken[name] = time.time()


def gap(moments: list[float], since: float, until: float) -> float:
    """The longest time without any of these moments, in a stretch of time."""
    within = [since, *(moment for moment in sorted(moments) if since < moment < until), until]
    return max(later - before for before, later in pairwise(within))


def marks_of(folder: Path) -> list[float]:
    """When each mark was acknowledged, as the tablets wrote it down."""
    return [
        record["at"]
        for path in folder.glob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "held" in (record := json.loads(line))
    ]


def drill(folder: Path, tablets: int, calm: float) -> bool:
    """Run it in the folder; whether every promise was kept."""
    (folder / "journals").mkdir()
    for name in ("one", "two"):
        (folder / name).mkdir(mode=0o700)
    taken: dict[str, float] = {}
    with ExitStack() as stack:
        site = machines(folder, stack)
        seats = filled(site, folder, tablets)
        for host in site.hosts:
            host.start()
            stack.callback(host.stop)
        site.nginx.start()
        stack.callback(site.nginx.stop)
        plan = Plan(
            port=site.nginx.port,
            seats=seats,
            folder=str(folder / "journals"),
            seconds=13 * (calm + 10) + LOST,
            pace=PACE,
            loss=LOSS,
            wait=WAIT,
            seed=1,
        )
        (folder / "plan.json").write_bytes(msgspec.json.encode(plan))
        hall = subprocess.Popen(
            [sys.executable, "-m", "tests.tablets.hall", str(folder / "plan.json")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        stack.callback(hall.kill)
        assert hall.stdin is not None
        assert hall.stdout is not None
        assert hall.stdout.readline() == "in\n", "the tablets did not get in"
        hall.stdin.write("go\n")
        hall.stdin.flush()
        over = threading.Event()
        stack.callback(over.set)
        keeper = threading.Thread(target=keep_files, args=(site, folder, over, taken))
        keeper.start()
        time.sleep(2)
        done = []
        for fault in faults(site, calm):
            print(f"  {fault.name}: {fault.over - fault.begun:.1f} s", flush=True)
            done.append(fault)
        assert hall.wait(timeout=300) == 0, "the tablets did not end"
        over.set()
        keeper.join()
        lost_files = _lost_files(site, folder, taken)
        journals = [read_journal(folder / "journals" / f"{seat.tablet}.jsonl") for seat in seats]
        url = site.pair.url(site.pair.set_back)
        with application(url, folder / "one").app_context():
            findings = check(journals, frozenset(seat.tablet for seat in seats if seat.alone))
            release()
    marks, files = marks_of(folder / "journals"), list(taken.values())
    print(f"\n{date.today()}, {tablets} tablets, {findings.counts['held']:,} marks\n")
    print("| what happened | lasted, s | no mark acknowledged, s | no file stored, s |")
    print("|---|--:|--:|--:|")
    kept = not findings.faults and not lost_files
    for fault in done:
        of_marks = gap(marks, fault.begun, fault.until)
        of_files = gap(files, fault.begun, fault.until)
        kept = kept and of_marks < max(MOST_GAP, fault.over - fault.begun)
        lasted = fault.over - fault.begun
        print(f"| {fault.name} | {lasted:.1f} | {of_marks:.1f} | {of_files:.1f} |")
    print(f"\nacknowledged {findings.counts['acknowledged']:,}, held {findings.counts['held']:,}")
    for kind, what in findings.faults.items():
        print(f"  MISS {kind}: {len(what)}, {what[:3]}")
    print(f"  {len(taken):,} files stored, of which are gone: {len(lost_files)}")
    logs = [(folder / f"{name}.log").read_text(encoding="utf-8") for name in ("one", "two")]
    errors = sum(log.count("Exception on ") for log in logs)
    print(f"  requests that a host could not answer, all of which were sent again: {errors:,}")
    return kept


def _lost_files(site: Site, folder: Path, taken: dict[str, float]) -> list[str]:
    environment = os.environ | {
        "COMPETE_FILES_URL": f"s3://drill/files?endpoint=http://127.0.0.1:{site.store.port}",
        "COMPETE_DATA_DIR": str(folder / "two"),
    }
    there = store_of(Config.from_env(environment))
    return [name for name in taken if there.read(name) is None]


def main() -> int:
    """Exit status 1 where a promise was broken, or a package is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tablets", type=int, default=60)
    parser.add_argument("--calm", type=float, default=15)
    parser.add_argument("--kept", type=Path, help="an empty folder for logs and journals")
    given = parser.parse_args()
    missing = [name for name in NEEDED if program(name) is None]
    if missing:
        print(f"cannot be run, for these are not installed: {', '.join(missing)}")
        return 1
    os.environ.update(OF_THE_STORE)
    # Whoever ends the drill ends its machines.
    signal.signal(signal.SIGTERM, lambda *_given: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="compete-drill-") as name:
        folder = given.kept or Path(name)
        folder.mkdir(exist_ok=True)
        # PostgreSQL and pgbouncer run as users of their own.
        folder.chmod(0o755)
        return int(not drill(folder, given.tablets, given.calm))


if __name__ == "__main__":
    sys.exit(main())
