"""A body that goes on while somebody follows it: no thread waits for it, and it ends."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from compete.server.answers import Followed
from compete.server.house import Phase
from tests.server.front import Front, served, to_the_end
from tests.support.databases import wait_until

ASKED = b"GET /feed HTTP/1.1\r\nHost: x\r\n\r\n"


class App:
    """Gives what is put into `waiting`; ends once `over`."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.over = False

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"] != "/feed":
            start("200 OK", [("Content-Type", "text/plain")])
            return [b"quick"]
        start("200 OK", [("Content-Type", "application/x-ndjson")])
        return Followed(b"first\n", self.more)

    def more(self) -> bytes | None:
        if self.over:
            return None
        return self.waiting.pop(0) if self.waiting else b""


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def front(app: App) -> Iterator[Front]:
    with served(app, asking=0.02, beat=0.2, followed=3) as front:
        yield front


def read_until(client: socket.socket, wanted: bytes) -> bytes:
    got = b""
    while wanted not in got:
        piece = client.recv(65536)
        assert piece, got
        got += piece
    return got


def following(front: Front) -> int:
    return sum(it.phase is Phase.FOLLOWING for it in list(front.house.everyone))


def test_what_comes_is_sent_to_who_follows(app: App, front: Front) -> None:
    with front.connect(ASKED) as client:
        head = read_until(client, b"first\n")
        assert b"transfer-encoding: chunked" in head.lower()
        assert b"content-length" not in head.lower()
        app.waiting.append(b"second\n")
        assert b"7\r\nsecond\n\r\n" in read_until(client, b"second\n")
        assert b"1\r\n\n\r\n" in read_until(client, b"\n\r\n")
        app.over = True
        assert to_the_end(client).endswith(b"0\r\n\r\n")


def test_who_follows_takes_nobodys_thread(front: Front) -> None:
    followers = [front.connect(ASKED) for _turn in range(3)]
    for client in followers:
        read_until(client, b"first\n")
    assert front.get("/quick") == (200, b"quick")
    # One more than there is room for gets the beginning, and the end.
    assert front.get("/feed") == (200, b"first\n")
    for client in followers:
        client.close()
    wait_until(lambda: following(front) == 0, "nobody follows")
    with front.connect(ASKED) as client:
        read_until(client, b"first\n")


def test_who_takes_nothing_is_parted_with(app: App) -> None:
    with served(app, asking=0.01, silence=0.2) as front:
        client = front.connect(ASKED, takes=4096)
        app.waiting += [b"x" * 1_000_000] * 4
        wait_until(lambda: not front.house.everyone, "they are parted with")
        client.close()


def test_a_server_that_stops_ends_it(app: App, front: Front) -> None:
    with front.connect(ASKED) as client:
        read_until(client, b"first\n")
        front.do(front.house.stop)
        assert to_the_end(client).endswith(b"0\r\n\r\n")


def test_a_fault_ends_it_and_nothing_else(app: App, front: Front) -> None:
    with front.connect(ASKED) as client:
        read_until(client, b"first\n")
        app.more = lambda: 1 // 0  # type: ignore[method-assign,assignment]
        with front.connect(ASKED) as other:
            read_until(other, b"first\n")
            to_the_end(other)
    assert front.get("/quick") == (200, b"quick")


def test_the_head_alone_is_followed_by_nothing(front: Front) -> None:
    with front.connect(ASKED.replace(b"GET", b"HEAD")) as client:
        read_until(client, b"\r\n\r\n")
        assert following(front) == 0
