"""A thread is spent on whole requests only. One thread serves; many are slow."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from compete.server.house import Phase
from tests.server.front import Front, served, to_the_end
from tests.support.databases import wait_until

PAGE = os.urandom(8 * 1024 * 1024)
PAGES = b"GET /page HTTP/1.1\r\nHost: x\r\n\r\n"
SLOW = 40


class App:
    """Tells what it was given."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, environ: dict[str, Any], start: Any) -> list[bytes]:
        self.paths.append(environ["PATH_INFO"])
        body = environ["wsgi.input"].read()
        start("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/large":
            return [PAGE]
        return [hashlib.sha256(body).hexdigest().encode()]


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def front(app: App) -> Iterator[Front]:
    with served(app, body=10**6, memory=1000) as front:
        yield front


def digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /slow HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n" + b"a" * 99,
        b"POST /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n5",
    ],
)
def test_who_sends_slowly_takes_nobodys_thread(app: App, front: Front, begun: bytes) -> None:
    with ExitStack() as stack:
        for _turn in range(SLOW):
            stack.enter_context(front.connect(begun))
        assert front.get("/quick") == (200, digest(b""))
        assert app.paths == ["/quick"]


def test_who_takes_slowly_takes_nobodys_thread_and_gets_all_of_it(app: App, front: Front) -> None:
    asked = b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    slow = [front.connect(asked) for _turn in range(3)]
    assert front.get("/quick")[0] == 200
    for client in slow:
        head, _, body = to_the_end(client).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK")
        assert body == PAGE


def test_who_asks_for_hundreds_of_pages_at_once_leaves_threads_to_others(app: App) -> None:
    """Five hundred of them, who take nothing; a judge asks for one thing."""
    go_on = threading.Event()

    def slow(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/page":
            go_on.wait(60)
        return app(environ, start)

    with served(slow, threads=2) as front, ExitStack() as stack:
        stack.callback(go_on.set)
        for _turn in range(500):
            stack.enter_context(front.connect(PAGES * 20, takes=2048))
        wait_until(lambda: front.house.at_work == 500, "their requests")
        assert front.get("/judge")[0] == 200
        assert app.paths == ["/judge"]
        go_on.set()
        wait_until(lambda: len(app.paths) > 500, "answers to all of them")


def test_nobody_is_answered_much_further_than_they_take(app: App) -> None:
    def pages(environ: dict[str, Any], start: Any) -> list[bytes]:
        app(environ, start)
        return [PAGE[:30_000]]

    with served(pages) as front, ExitStack() as stack:
        for _turn in range(10):
            stack.enter_context(front.connect(PAGES * 200, takes=2048))
        there, sending = front.house.everyone, Phase.SENDING
        wait_until(lambda: len(app.paths) >= 10, "the first answers")
        wait_until(
            lambda: all(connection.phase is sending for connection in list(there)), "the last ones"
        )
        # What the system keeps of each is some 64 KB and what is on its way.
        assert len(app.paths) < 10 * 20


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1001, 500_000])
def test_a_body_in_pieces_arrives_whole(front: Front, size: int) -> None:
    body = os.urandom(size)
    client = front.connect(
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % size
    )
    for start in range(0, size, max(1, size // 3)):
        client.sendall(body[start : start + max(1, size // 3)])
    assert to_the_end(client).endswith(digest(body))


def test_a_body_in_chunks_arrives_whole_and_says_its_length() -> None:
    seen: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.append(environ)
        start("200 OK", [])
        return [environ["wsgi.input"].read()]

    with served(app) as front:
        client = front.connect(
            b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        )
        assert to_the_end(client).endswith(b"\r\n\r\nabcde")
    assert seen[0]["CONTENT_LENGTH"] == "5"
    assert "HTTP_TRANSFER_ENCODING" not in seen[0]


def test_several_requests_at_once_are_answered_in_their_order(front: Front) -> None:
    client = front.connect(
        b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1"
        b"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\n2"
    )
    got = to_the_end(client)
    assert got.count(b"HTTP/1.1 200 OK") == 2
    assert 0 < got.index(digest(b"1")) < got.index(digest(b"2"))


def test_who_waits_for_leave_to_send_a_body_gets_it(front: Front) -> None:
    client = front.connect(
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n"
        b"Content-Length: 2\r\n\r\n"
    )
    assert client.recv(100).startswith(b"HTTP/1.1 100 Continue")
    client.sendall(b"ab")
    assert to_the_end(client).endswith(digest(b"ab"))


def test_who_hung_up_leaves_the_thread_to_others(app: App) -> None:
    go_on, here = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/held":
            here.set()
            go_on.wait(20)
        return app(environ, start)

    with served(slow) as front:
        client = front.connect(b"POST /held HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
        assert here.wait(20)
        client.close()
        go_on.set()
        assert front.get("/next")[0] == 200
    assert app.paths == ["/held", "/next"]
