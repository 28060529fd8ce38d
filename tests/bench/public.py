"""What is published, by many readers at once, over an empty route of Flask.

`python -m tests.bench.public [--database postgres] [--rounds N] [--seconds N]`. Two servers as
`compete serve` has them stand at once and take turns: the whole application with something
published, and `tests/tablets/floor.py`, whose routes answer nothing, or as many bytes as the page
has; where nginx is installed it sends the same bytes from a file, with as many processes. The
readers are the same. What counts is the route that answers nothing, and half of nginx's answers;
the other is told beside them. The pages are made ready first, which the first to ask begins. Then
a hall: `--phones`, each on a line and at an address of its own, open the standings and a
contestant's page at a moment of their own within a minute (`--minute` seconds). The exit status
is 1 where a limit is passed.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Protocol

from sqlalchemy import create_engine, select

from compete.models import Entrant
from tests.bench.judging import Place, limit
from tests.bench.readers import Reading, question, read
from tests.bench.servers import filled, place
from tests.drill.machines import Machine, nginx_of_files, program
from tests.tablets.run import application, database
from tests.tablets.wire import Wire

LEAST_OF_FLOOR, MOST_OF_WAIT = 1.0, 1.0
LEAST_OF_NGINX = 0.5
MOST_OF_HALL = 1.0
"""Seconds for both pages."""
READERS = 16
CODE = "FORK-2022"
PACKED = {"Accept-Encoding": "gzip"}
_homes = itertools.count(1)


@dataclass(frozen=True)
class Measured:
    """One place read for a while."""

    reading: Reading
    processor: float
    """Seconds of the server's processor for an answer."""


class Serves(Protocol):
    """What answers on a port, and says what it took."""

    @property
    def port(self) -> int:
        """The port."""

    def processor_seconds(self) -> float:
        """What it has used of the processor so far."""


def measure(
    server: Serves, address: str, seconds: float, headers: dict[str, str], status: int = 200
) -> Measured:
    """What the server gives to so many readers."""
    # More than one address may ask for in a minute: each reader is at home elsewhere.
    home = next(_homes) % 250
    before = server.processor_seconds()
    reading = read(
        server.port,
        question(address, headers),
        status,
        [f"127.0.{home}.{place + 2}" for place in range(READERS)],
        seconds,
    )
    used = server.processor_seconds() - before
    return Measured(reading, used / len(reading.waits))


def compare(what: str, rows: Sequence[tuple[Measured, Measured, Measured]]) -> bool:
    """Print the medians of all rounds; whether the limits are kept."""
    for which, name in enumerate((what, "nothing", "as many bytes")):
        rate = median(row[which].reading.rate for row in rows)
        used = median(row[which].processor for row in rows)
        late = median(row[which].reading.late for row in rows)
        own = median(row[which].reading.own / len(row[which].reading.waits) for row in rows)
        print(
            f"     {name}: {rows[0][which].reading.size:,} bytes, {rate:,.0f} a second, p99"
            f" {late * 1e3:.1f} ms, {used * 1e6:.0f} µs of processor (the reader {own * 1e6:.0f})"
        )
    kept = True
    for which, name in ((1, "an empty route"), (2, "one of as many bytes")):
        rate, used, late = (
            median(ratio(row[0], row[which]) for row in rows) for ratio in (_rate, _used, _late)
        )
        if which == 1:
            kept = limit(f"{what}: {name}, answers", rate, LEAST_OF_FLOOR) and kept
            kept = limit("its processor over ours", used, LEAST_OF_FLOOR) and kept
            kept = limit("p99 over its own", late, MOST_OF_WAIT, at_least=False) and kept
        else:
            print(f"     {name}: {rate:.2f}, {used:.2f}, {late:.2f}", flush=True)
    return kept


def _rate(ours: Measured, floor: Measured) -> float:
    return ours.reading.rate / floor.reading.rate


def _used(ours: Measured, floor: Measured) -> float:
    return floor.processor / ours.processor


def _late(ours: Measured, floor: Measured) -> float:
    return ours.reading.late / floor.reading.late


def settled(at: Place) -> None:
    """Return once the pages that the first to ask had made ready are."""
    end = time.monotonic() + 120
    before = -1.0
    while (used := at.server.processor_seconds()) - before > 0.05 and time.monotonic() < end:
        before = used
        time.sleep(1)


def hall(at: Place, phones: int, minute: float, addresses: Sequence[str]) -> list[float]:
    """How long each phone waited for its two pages, opened at a moment of its own."""

    async def phone(number: int) -> float:
        await asyncio.sleep(minute * (number * 0.618 % 1))
        local = f"127.{1 + number // 62_500}.{number // 250 % 250}.{number % 250 + 2}"
        wire = Wire("127.0.0.1", at.server.port, local=local, patience=minute)
        begun = time.perf_counter()
        for address in addresses:
            answer = await wire.request("GET", address, headers=PACKED)
            assert answer.status == 200, answer.status
        wire.drop()
        return time.perf_counter() - begun

    async def all_of_them() -> list[float]:
        return await asyncio.gather(*(phone(number) for number in range(phones)))

    return sorted(asyncio.run(all_of_them()))


def token_in(url: str, folder: Path) -> str:
    """A badge's token of the published competition."""
    with application(url, folder).app_context():
        engine = create_engine(url)
        with engine.connect() as connection:
            query = select(Entrant.badge_token).where(Entrant.code == "B01")
            token = connection.scalar(query)
        engine.dispose()
    assert token
    return str(token)


def main() -> int:
    """Print the table; exit status 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--phones", type=int, default=5000)
    parser.add_argument("--minute", type=float, default=60)
    words = parser.parse_args()
    with ExitStack() as stack:
        model = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "model"
        model.mkdir()
        url = stack.enter_context(database(words.database, model))
        seats = filled(url, model)
        token = token_in(url, model)
        # On PostgreSQL both have the one database; the floor's routes here ask it nothing.
        shared = "" if words.database == "sqlite" else url
        whole = stack.enter_context(place("ours", "whole", model, seats, None, shared))
        floor = stack.enter_context(place("ours", "floor", model, seats, None, shared))
        sends: Machine | None = None
        if program("nginx") is None:
            print("     nginx is not installed, so it is not measured")
        else:
            files = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            # nginx's workers are another user's.
            files.chmod(0o755)
            sends = nginx_of_files(model.parent, files)
            sends.start()
            stack.callback(sends.stop)
        addresses = {
            "a contestant's page": f"/c/{token}",
            "the standings": f"/p/{CODE}",
            "results.json": f"/p/{CODE}/results.json",
        }
        for address in addresses.values():
            asyncio.run(first(whole, address))
        settled(whole)
        kept = True
        for name, address in addresses.items():
            tag = asyncio.run(first(whole, address))
            for what, headers, status in (
                (name, PACKED, 200),
                (f"{name}, 304", PACKED | {"If-None-Match": tag}, 304),
            ):
                rows, shares = [], list[float]()
                for _round in range(words.rounds):
                    ours = measure(whole.server, address, words.seconds, headers, status)
                    empty = measure(floor.server, "/sw.js", words.seconds, PACKED)
                    bytes_ = f"/bytes/{ours.reading.size}"
                    same = measure(floor.server, bytes_, words.seconds, PACKED)
                    rows.append((ours, empty, same))
                    if sends is not None and status == 200:
                        file = files / f"{ours.reading.size}"
                        file.write_bytes(b"x" * ours.reading.size)
                        bare = measure(sends, f"/{file.name}", words.seconds, PACKED)
                        shares.append(_rate(ours, bare))
                kept = compare(what, rows) and kept
                if shares:
                    name_ = f"{what}: nginx that sends a file, answers"
                    kept = limit(name_, median(shares), LEAST_OF_NGINX) and kept
        waits = hall(whole, words.phones, words.minute, [f"/p/{CODE}", f"/c/{token}"])
        print(
            f"     {words.phones:,} phones in {words.minute:.0f} s: the middle one waited"
            f" {median(waits) * 1e3:.0f} ms for both pages, the last {waits[-1] * 1e3:.0f} ms"
        )
        late = waits[int(len(waits) * 0.99)]
        kept = limit("p99 of the hall, seconds", late, MOST_OF_HALL, at_least=False) and kept
    return 0 if kept else 1


async def first(at: Place, address: str) -> str:
    """Ask until what is stored is handed out; its tag."""
    wire = Wire("127.0.0.1", at.server.port)
    for _ in range(3):
        answer = await wire.request("GET", address, headers=PACKED)
        assert answer.status == 200
    return answer.headers["etag"]


if __name__ == "__main__":
    sys.exit(main())
