"""The server beside others: judges' calls, published pages, 500 who drip, and its end.

`python -m tests.bench.servers [NAME …]`; names are those of `tests/tablets/servers.py`.
All stand at once, each on a database of its own, and take turns. Processor time
counts where the machine does other work too.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from compete.domain import read_bundle
from compete.services.accounts import create_account
from compete.services.competitions import load_bundle
from compete.services.kernel import unit_of_work
from tests.bench.judging import TABLETS, Place, Round
from tests.support.announced import announce
from tests.tablets.contest import Seat, make_contest
from tests.tablets.run import application, database, release
from tests.tablets.server import Server
from tests.tablets.wire import Wire, WireError

DRIPPING, PAGE = 500, "/p/FORK-2022"
SAMPLE = Path(__file__).parents[1] / "examples" / "port-forklift.bundle.json"
DEFAULT = ("gthread", "ours")


def prepared(folder: Path) -> list[Seat]:
    """An installation with judges and something published, in that folder."""
    with database("sqlite", folder) as url, application(url, folder).app_context():
        seats = make_contest(TABLETS, entrants_each=12)
        with unit_of_work():
            by = create_account("郑洁")
            published = load_bundle(read_bundle(SAMPLE.read_bytes()), by=by)
        announce(published, by)
        release()
    return seats


@contextmanager
def place(
    name: str, what: str, model: Path, seats: list[Seat], threads: str = "4"
) -> Iterator[Place]:
    """`whole` or `floor` by that server, on a copy of an installation."""
    folder = model.parent / f"{name}-{what}"
    shutil.copytree(model, folder)
    url = f"sqlite:///{folder / 'compete.sqlite'}"
    command = [sys.executable, "-m", f"tests.tablets.{what}", name, "2", threads]
    environment = {"COMPETE_DATA_DIR": str(folder), "COMPETE_DATABASE_URL": url}
    server = Server(environment, folder / "server.log", command)
    server.start()
    try:
        yield Place(server, seats, folder, what == "whole")
    finally:
        server.stop()


def pages(port: int, seconds: float) -> tuple[int, list[float]]:
    """Pages got by eight readers, and the seconds of each."""

    async def reader(until: float) -> list[float]:
        wire, waits = Wire("127.0.0.1", port), []
        while (begun := time.perf_counter()) < until:
            with contextlib.suppress(WireError):
                assert (await wire.request("GET", PAGE)).status == 200
            waits.append(time.perf_counter() - begun)
        return waits

    async def all_of_them() -> list[float]:
        until = time.perf_counter() + seconds
        found = await asyncio.gather(*(reader(until) for _ in range(8)))
        return [wait for waits in found for wait in waits]

    waits = asyncio.run(all_of_them())
    return len(waits), waits


@contextmanager
def dripping(port: int, kind: str) -> Iterator[None]:
    """So many who send a head or a body, or take a page, a byte now and then."""
    asked = f"GET {PAGE} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    begun = {
        "heads": b"GET /verify HTTP/1.1\r\nHost: x\r\nX-A: ",
        "bodies": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\na",
        # Many pages wanted on one line, so that what nobody takes fills every buffer.
        "takers": asked * 200,
    }[kind]
    over = threading.Event()
    with ExitStack() as stack:
        there = []
        for _turn in range(DRIPPING):
            probe = stack.enter_context(socket.socket())
            if kind == "takers":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            probe.settimeout(20)
            probe.connect(("127.0.0.1", port))
            probe.sendall(begun)
            probe.setblocking(False)
            there.append(probe)

        def drip() -> None:
            while not over.wait(2):
                for probe in there:
                    with contextlib.suppress(OSError):
                        probe.recv(1) if kind == "takers" else probe.send(b"a")

        dropping = threading.Thread(target=drip)
        dropping.start()
        try:
            yield
        finally:
            over.set()
            dropping.join()


def calls_meanwhile(place: Place, kind: str) -> str:
    """The wait of a page while they drip; `none` where none came in ten seconds."""
    with dripping(place.server.port, kind):
        waits = []
        for _turn in range(20):
            begun = time.perf_counter()
            connection = http.client.HTTPConnection("127.0.0.1", place.server.port, timeout=10)
            try:
                connection.request("GET", "/sw.js")
                if connection.getresponse().status != 200:
                    return "none"
            except OSError:
                return "none"
            finally:
                connection.close()
            waits.append(time.perf_counter() - begun)
        return f"{median(waits) * 1e3:.0f} ms"


def ended(place: Place) -> str:
    """SIGTERM in the middle of a rush: calls broken off without an answer, seconds to the end."""
    port, broken, answered = place.server.port, 0, 0

    async def reader() -> None:
        nonlocal broken, answered
        while True:
            try:
                pipe = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                return
            # Whole, sent, and not yet answered: that is what must not be lost.
            pipe[1].write(f"GET {PAGE} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            try:
                got = await asyncio.wait_for(pipe[0].read(), 20)
                answered += got.startswith(b"HTTP/1.1 200")
                broken += not got.startswith(b"HTTP/1.1 200")
            except (OSError, TimeoutError):
                broken += 1
            pipe[1].close()

    async def rush() -> float:
        at_it = [asyncio.create_task(reader()) for _ in range(16)]
        await asyncio.sleep(1.5)
        begun = time.perf_counter()
        await asyncio.to_thread(place.server.stop)
        seconds = time.perf_counter() - begun
        await asyncio.wait(at_it, timeout=5)
        return seconds

    seconds = asyncio.run(rush())
    return f"{broken} of {answered + broken}, {seconds:.1f} s"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=DEFAULT)
    parser.add_argument("--what", choices=("whole", "floor"), default="whole")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    words = parser.parse_args()
    with ExitStack() as stack:
        model = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "model"
        model.mkdir()
        seats = prepared(model)
        places = {}
        for name in words.names:
            try:
                places[name] = stack.enter_context(place(name, words.what, model, seats))
            except RuntimeError as fault:
                print(f"{name}: {fault}", file=sys.stderr)
        rounds: dict[str, list[Round]] = {name: [] for name in places}
        read: dict[str, list[tuple[float, float]]] = {name: [] for name in places}
        for seed in range(words.rounds):
            for name, server in places.items():
                rounds[name].append(server.rush(1, words.seconds, seed))
                before = server.server.processor_seconds()
                count, _waits = pages(server.server.port, words.seconds)
                used = server.server.processor_seconds() - before
                print(f"{name}: {rounds[name][-1].rate:.0f} marks, {count} pages", file=sys.stderr)
                read[name].append((count / words.seconds, used / count))
        print("| server | marks a second | ms of processor | p99 | pages a second | ms | ", end="")
        print("heads | bodies | takers | unanswered at SIGTERM |")
        print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
        for name, server in places.items():
            waits = sorted(wait for each in rounds[name] for wait in each.waits)
            cells = [
                f"{median(each.rate for each in rounds[name]):,.0f}",
                f"{median(each.cost for each in rounds[name]) * 1e3:.2f}",
                f"{waits[int(len(waits) * 0.99)] * 1e3:.0f} ms",
                f"{median(each[0] for each in read[name]):,.0f}",
                f"{median(each[1] for each in read[name]) * 1e3:.2f}",
                *(calls_meanwhile(server, kind) for kind in ("heads", "bodies", "takers")),
                ended(server),
            ]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
