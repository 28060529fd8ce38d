"""The server beside others: judges' calls, published pages, 500 who drip, and its end.

`python -m tests.bench.servers [NAME …]`; names are those of `tests/tablets/servers.py`.
All stand at once, each on a database of its own, and take turns. Processor time
counts where the machine does other work too. With `--tls` all of them speak TLS, each page
is read by a connection of its own (a whole handshake), and 500 more hang in handshakes.
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
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from compete.domain import read_bundle
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.transactions import unit_of_work
from compete.tls.authority import make_authority, make_leaf
from compete.tls.files import pem
from compete.tls.names import read_name
from tests.bench.judging import TABLETS, Place, Round
from tests.support.announced import announce
from tests.tablets.contest import Seat, make_contest
from tests.tablets.run import application, database, release
from tests.tablets.server import TLS, Server
from tests.tablets.wire import Wire, WireError, trusting_anyone

DRIPPING, PAGE = 500, "/p/FORK-2022"
SAMPLE = Path(__file__).parents[1] / "examples" / "port-forklift.bundle.json"
THREADS = "4"
# How a client's first message of TLS begins: a record of 200 bytes, of which more never come.
_HELLO = bytes.fromhex("16030100c8010000c40303") + bytes(20)
DEFAULT = ("gthread", "ours")


def prepared(folder: Path) -> list[Seat]:
    """An installation with judges and something published, in that folder on SQLite."""
    with database("sqlite", folder) as url:
        return filled(url, folder)


def filled(url: str, folder: Path) -> list[Seat]:
    """The same, on a migrated database that is there."""
    with application(url, folder).app_context():
        seats = make_contest(TABLETS, entrants_each=12)
        with unit_of_work():
            by = create_account("郑洁")
            published = load_bundle(read_bundle(SAMPLE.read_bytes()), by=by)
        announce(published, by)
        release()
    return seats


@contextmanager
def place(
    name: str, what: str, model: Path, seats: list[Seat], secret: Path | None, url: str = ""
) -> Iterator[Place]:
    """`whole` or `floor` by that server, on a copy of an installation; at `url` on its database."""
    folder = model.parent / f"{name}-{what}"
    shutil.copytree(model, folder)
    url = url or f"sqlite:///{folder / 'compete.sqlite'}"
    command = [sys.executable, "-m", f"tests.tablets.{what}", name, "2", THREADS]
    environment = {"COMPETE_DATA_DIR": str(folder), "COMPETE_DATABASE_URL": url}
    if secret is not None:
        environment[TLS] = str(secret)
    server = Server(environment, folder / "server.log", command)
    server.start()
    try:
        yield Place(server, seats, folder, what == "whole", secret is not None)
    finally:
        server.stop()


def certified(folder: Path) -> Path:
    """A certificate for this machine and its key, as one file."""
    now = datetime.now(UTC)
    leaf = make_leaf(make_authority(now), [read_name("127.0.0.1")], now)
    path = folder / "server.pem"
    path.write_bytes(pem(leaf))
    return path


def pages(place: Place, seconds: float, *, kept: bool = True) -> tuple[int, list[float]]:
    """Pages got by eight readers, and the seconds of each; each anew unless the line is `kept`."""
    context = trusting_anyone() if place.tls else None

    async def reader(until: float) -> list[float]:
        wire, waits = Wire("127.0.0.1", place.server.port, tls=context), []
        while (begun := time.perf_counter()) < until:
            with contextlib.suppress(WireError):
                assert (await wire.request("GET", PAGE)).status == 200
            waits.append(time.perf_counter() - begun)
            if not kept:
                wire.drop()
        return waits

    async def all_of_them() -> list[float]:
        until = time.perf_counter() + seconds
        waits_of_readers = await asyncio.gather(*(reader(until) for _ in range(8)))
        return [wait for waits in waits_of_readers for wait in waits]

    waits = asyncio.run(all_of_them())
    return len(waits), waits


@contextmanager
def dripping(place: Place, kind: str) -> Iterator[None]:
    """So many who send a head or a body, or take a page, a byte now and then.

    Over TLS `hands` send the first message of a handshake, byte by byte.
    """
    port, context = place.server.port, trusting_anyone() if place.tls else None
    asked = f"GET {PAGE} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    begun = {
        "heads": b"GET /verify HTTP/1.1\r\nHost: x\r\nX-A: ",
        "bodies": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\na",
        # Many pages wanted on one line, so that what nobody takes fills every buffer.
        "takers": asked * 200,
        "hands": _HELLO,
    }[kind]
    over = threading.Event()
    with ExitStack() as stack:
        there = []
        for _turn in range(DRIPPING):
            probe = stack.enter_context(socket.socket())
            if kind == "takers":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            probe.settimeout(10)
            probe.connect(("127.0.0.1", port))
            if context is not None and kind != "hands":
                # A wrapped socket takes the plain one's place.
                probe = stack.enter_context(context.wrap_socket(probe))
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
    try:
        return _calls_meanwhile(place, kind)
    except OSError:
        # Not even all of those who drip were let in.
        return "none"


def _calls_meanwhile(place: Place, kind: str) -> str:
    with dripping(place, kind):
        waits = []
        for _turn in range(20):
            begun = time.perf_counter()
            connection = _connection(place)
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


def _connection(place: Place) -> http.client.HTTPConnection:
    port = place.server.port
    if not place.tls:
        return http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    context = trusting_anyone()
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)


def ended(place: Place) -> str:
    """SIGTERM in the middle of a rush: calls broken off without an answer, seconds to the end."""
    port, broken, answered = place.server.port, 0, 0
    context = trusting_anyone() if place.tls else None

    async def reader() -> None:
        nonlocal broken, answered
        while True:
            try:
                pipe = await asyncio.open_connection("127.0.0.1", port, ssl=context)
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
    parser.add_argument("--tls", action="store_true", help="all of them by TLS")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    words = parser.parse_args()
    with ExitStack() as stack:
        model = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "model"
        model.mkdir()
        seats, secret = prepared(model), certified(model.parent) if words.tls else None
        places = {}
        for name in words.names:
            try:
                places[name] = stack.enter_context(place(name, words.what, model, seats, secret))
            except RuntimeError as fault:
                print(f"{name}: {fault}", file=sys.stderr)
        rounds: dict[str, list[Round]] = {name: [] for name in places}
        read: dict[str, list[tuple[float, float]]] = {name: [] for name in places}
        for seed in range(words.rounds):
            for name, server in places.items():
                rounds[name].append(server.rush(1, words.seconds, seed))
                before = server.server.processor_seconds()
                count, _waits = pages(server, words.seconds, kept=not words.tls)
                used = server.server.processor_seconds() - before
                print(f"{name}: {rounds[name][-1].rate:.0f} marks, {count} pages", file=sys.stderr)
                read[name].append((count / words.seconds, used / count))
        print("| server | marks a second | ms of processor | p99 | pages a second | ms | ", end="")
        kinds = ("heads", "bodies", "takers", *(["hands"] if words.tls else []))
        print(f"{' | '.join(kinds)} | unanswered at SIGTERM |")
        print(f"|---|{'--:|' * (6 + len(kinds))}")
        for name, server in places.items():
            waits = sorted(wait for rush in rounds[name] for wait in rush.waits)
            cells = [
                f"{median(rush.rate for rush in rounds[name]):,.0f}",
                f"{median(rush.cost for rush in rounds[name]) * 1e3:.2f}",
                f"{waits[int(len(waits) * 0.99)] * 1e3:.0f} ms",
                f"{median(reading[0] for reading in read[name]):,.0f}",
                f"{median(reading[1] for reading in read[name]) * 1e3:.2f}",
                *(calls_meanwhile(server, kind) for kind in kinds),
                ended(server),
            ]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
