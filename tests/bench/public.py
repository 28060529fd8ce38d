"""What is published, by many readers at once, over an empty route of Flask.

`python -m tests.bench.public [--rounds N] [--seconds N]`. Two servers as `compete serve` has
them stand at once and take turns: the whole application with something published, and
`tests/tablets/floor.py`, whose route answers nothing. The readers are the same. Then a hall:
`--phones`, each on a line and at an address of its own, open the standings and a contestant's page
at a moment of their own within a minute (`--minute` seconds). The exit status is 1 where a limit
is passed.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine, select

from compete.models import Entrant
from tests.bench.judging import Place, limit
from tests.bench.servers import place, prepared
from tests.tablets.run import application
from tests.tablets.wire import Wire

LEAST_OF_FLOOR, MOST_OF_WAIT = 1.0, 1.0
MOST_OF_HALL = 1.0
"""Seconds for both pages."""
READERS = 16
CODE = "FORK-2022"
PACKED = {"Accept-Encoding": "gzip"}
_homes = itertools.count(1)


def read(
    at: Place, address: str, seconds: float, headers: Mapping[str, str], status: int = 200
) -> tuple[float, float, list[float]]:
    """Pages a second, the server's processor seconds a page, and how long each took."""

    async def reader(place: int, until: float) -> list[float]:
        # More than one address may ask for in a minute: each reader is at home elsewhere.
        local = f"127.0.{next(_homes) % 250}.{place + 2}"
        wire, waits = Wire("127.0.0.1", at.server.port, local=local), []
        while (begun := time.perf_counter()) < until:
            answer = await wire.request("GET", address, headers=headers)
            assert answer.status == status, answer.status
            waits.append(time.perf_counter() - begun)
        return waits

    async def all_of_them() -> list[float]:
        until = time.perf_counter() + seconds
        found = await asyncio.gather(*(reader(place, until) for place in range(READERS)))
        return sorted(wait for waits in found for wait in waits)

    before = at.server.processor_seconds()
    waits = asyncio.run(all_of_them())
    used = at.server.processor_seconds() - before
    return len(waits) / seconds, used / len(waits), waits


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


def token_in(folder: Path) -> str:
    """A badge's token of the published competition."""
    url = f"sqlite:///{folder / 'compete.sqlite'}"
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
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--phones", type=int, default=5000)
    parser.add_argument("--minute", type=float, default=60)
    words = parser.parse_args()
    with ExitStack() as stack:
        model = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "model"
        model.mkdir()
        seats = prepared(model)
        whole = stack.enter_context(place("ours", "whole", model, seats, None))
        token = token_in(model)
        floor = stack.enter_context(place("ours", "floor", model, seats, None))
        addresses = {
            "a contestant's page": f"/c/{token}",
            "the standings": f"/p/{CODE}",
            "results.json": f"/p/{CODE}/results.json",
        }
        kept = True
        for name, address in addresses.items():
            tag = asyncio.run(first(whole, address))
            for what, headers, status in (
                (name, PACKED, 200),
                (f"{name}, 304", PACKED | {"If-None-Match": tag}, 304),
            ):
                rows = []
                for _round in range(words.rounds):
                    empty = read(floor, "/sw.js", words.seconds, PACKED)
                    ours = read(whole, address, words.seconds, headers, status)
                    rows.append((ours, empty))
                rate = median(ours[0] / empty[0] for ours, empty in rows)
                wait = median(_late(ours[2]) / _late(empty[2]) for ours, empty in rows)
                print(
                    f"     {what}: {median(ours[0] for ours, _ in rows):,.0f} a second,"
                    f" {median(ours[1] for ours, _ in rows) * 1e3:.2f} ms of processor; empty"
                    f" {median(empty[0] for _, empty in rows):,.0f},"
                    f" {median(empty[1] for _, empty in rows) * 1e3:.2f} ms"
                )
                kept = limit(f"{what}, over an empty route", rate, LEAST_OF_FLOOR) and kept
                kept = limit("p99 over its own", wait, MOST_OF_WAIT, at_least=False) and kept
        waits = hall(whole, words.phones, words.minute, [f"/p/{CODE}", f"/c/{token}"])
        print(
            f"     {words.phones:,} phones in {words.minute:.0f} s: the middle one waited"
            f" {median(waits) * 1e3:.0f} ms for both pages, the last {waits[-1] * 1e3:.0f} ms"
        )
        late = _late(waits)
        kept = limit("p99 of the hall, seconds", late, MOST_OF_HALL, at_least=False) and kept
    return 0 if kept else 1


async def first(at: Place, address: str) -> str:
    """Ask until what is stored is handed out; its tag."""
    wire = Wire("127.0.0.1", at.server.port)
    for _ in range(3):
        answer = await wire.request("GET", address, headers=PACKED)
        assert answer.status == 200
    return answer.headers["etag"]


def _late(waits: list[float]) -> float:
    return waits[int(len(waits) * 0.99)]


if __name__ == "__main__":
    sys.exit(main())
