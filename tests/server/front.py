"""The front before any WSGI application, in a thread of this process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from types import SimpleNamespace
from typing import Any

from compete.server.house import House
from compete.server.limits import Limits
from compete.server.worker import Listener


@dataclass
class Front:
    """Where it listens, and what it holds."""

    port: int
    house: House
    loop: asyncio.AbstractEventLoop

    def connect(self, sent: bytes = b"", takes: int | None = None) -> socket.socket:
        """A connection on which something was sent; no wait in a test is longer than 20 s.

        `takes` is how many bytes the system takes for who does not read.
        """
        listening = socket.socket()
        listening.settimeout(20)
        if takes is not None:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, takes)
        listening.connect(("127.0.0.1", self.port))
        listening.sendall(sent)
        return listening

    def get(self, path: str = "/") -> tuple[int, bytes]:
        """Ask on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def do(self, act: Callable[[], Any]) -> None:
        """Have the event loop do it."""
        self.loop.call_soon_threadsafe(act)


@contextlib.contextmanager
def served(app: Any, threads: int = 1, **limits: Any) -> Iterator[Front]:
    """Serve `app` with so many threads; the limits are looked at all the time."""
    begun: list[Front] = []
    ready, over = threading.Event(), threading.Event()

    async def serve() -> None:
        house = House(app, threads, Limits(**limits))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            listener = Listener(
                house, [SimpleNamespace(sock=listening)], SimpleNamespace(is_ssl=False)
            )
            listener.open()
            begun.append(Front(listening.getsockname()[1], house, house.loop))
            ready.set()
            while not over.is_set():
                house.look_round()
                await asyncio.sleep(0.01)
            await listener.shut()
        house.close()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(20)
    try:
        yield begun[0]
    finally:
        over.set()
        thread.join(40)


def to_the_end(client: socket.socket) -> bytes:
    """All that comes until the other side hangs up."""
    got = b""
    with client:
        while piece := client.recv(65536):
            got += piece
    return got
