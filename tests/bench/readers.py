"""Readers that cost little beside the server: kept lines, one question each, by `epoll`.

A reader in asyncio costs more than the server for a page of some tens of kilobytes, and shares
its processors, so what was measured was the reader.
"""

from __future__ import annotations

import resource
import select
import socket
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

_ROOM = 1024 * 1024


@dataclass
class Reading:
    """What came of it."""

    seconds: float
    own: float
    """Seconds of the processor that the readers took themselves."""
    size: int
    """Bytes of the body of one answer."""
    waits: list[float] = field(default_factory=list)
    """Seconds of each answer, least first."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds

    @property
    def late(self) -> float:
        """What 99 of a hundred did not wait longer than."""
        return self.waits[int(len(self.waits) * 0.99)]


def question(address: str, headers: Mapping[str, str]) -> bytes:
    """What one reader sends."""
    lines = [f"GET {address} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def read(port: int, asked: bytes, status: int, homes: Sequence[str], seconds: float) -> Reading:
    """Ask again and again, from each of those addresses on a line of its own."""
    room = memoryview(bytearray(_ROOM))
    with ExitStack() as stack:
        lines = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), 20, (home, 0)))
            for home in homes
        ]
        whole, body = zip(*(_first(line, asked, status, room) for line in lines), strict=True)
        assert len(set(whole)) == 1, "answers of one length"
        waits = _ask(lines, asked, status, whole[0], room, seconds)
    return Reading(waits[1], waits[2], body[0], sorted(waits[0]))


def _first(line: socket.socket, asked: bytes, status: int, room: memoryview) -> tuple[int, int]:
    """Read one answer with care: how long it is as a whole, and its body."""
    line.sendall(asked)
    got = b""
    while (end := got.find(b"\r\n\r\n")) < 0:
        got += line.recv(65536)
    head = got[:end].decode("latin-1").lower()
    assert head.split(" ")[1] == str(status), head
    sizes = [header for header in head.split("\r\n") if header.startswith("content-length:")]
    size = int(sizes[0].partition(":")[2]) if sizes and status != 304 else 0
    left = end + 4 + size - len(got)
    while left:
        left -= line.recv_into(room, left)
    return end + 4 + size, size


def _ask(
    lines: Sequence[socket.socket],
    asked: bytes,
    status: int,
    whole: int,
    room: memoryview,
    seconds: float,
) -> tuple[list[float], float, float]:
    poll = select.epoll()
    there = {line.fileno(): line for line in lines}
    begun: dict[int, float] = {}
    left: dict[int, int] = {}
    waits: list[float] = []
    sign, clock = f"HTTP/1.1 {status} ".encode(), time.perf_counter
    used = _used()
    start = clock()
    until = start + seconds
    for number, line in there.items():
        line.setblocking(False)
        poll.register(number, select.EPOLLIN)
        begun[number], left[number] = clock(), whole
        line.send(asked)
    while left:
        for number, _event in poll.poll(20):
            line = there[number]
            more = left[number]
            with suppress(BlockingIOError):
                got = line.recv_into(room)
                assert got, "the server hung up"
                assert more < whole or room[: len(sign)] == sign
                more -= got
            left[number] = more
            if more > 0:
                continue
            assert more == 0, "more than an answer"
            now = clock()
            waits.append(now - begun[number])
            if now < until:
                begun[number], left[number] = now, whole
                line.send(asked)
            else:
                del left[number]
    took = clock() - start
    poll.close()
    return waits, took, _used() - used


def _used() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime
