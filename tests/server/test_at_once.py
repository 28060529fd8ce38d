"""What is ready is answered without a thread, and to the byte as by one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

import h11
import pytest

from compete.server.at_once import LOOKED, AtOnce, ReadyAnswers
from compete.server.limits import Limits
from tests.server.front import Front, served, to_the_end
from tests.support.databases import wait_until

LARGE = bytes(range(256)) * 4096
READY = {"/ready": b"ready", "/large": LARGE, "/none": b""}
GET = b"GET /ready HTTP/1.1\r\nHost: x\r\n\r\n"


class App:
    """Gives what is ready at once and by a thread in the same words; tells which it was."""

    def __init__(self, *, waits: bool = False) -> None:
        self.answered: list[tuple[str, str]] = []
        self.at_once = AtOnce(("/ready", "/large", "/none", "/fault"), self.ready, waits)
        self.may_answer, self.may_look = threading.Event(), threading.Event()
        self.may_answer.set()
        self.may_look.set()
        self.looked: list[Any] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        self.may_answer.wait(20)
        self.answered.append(("thread", environ["PATH_INFO"]))
        return self._given(environ, start, READY.get(environ["PATH_INFO"], b"other"))

    def ready(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes] | None:
        self.looked.append(environ.get(LOOKED))
        self.may_look.wait(20)
        if environ["PATH_INFO"] == "/fault":
            raise RuntimeError("a fault")
        body = READY.get(environ["PATH_INFO"])
        if body is None:
            return None
        self.answered.append(("loop", environ["PATH_INFO"]))
        return self._given(environ, start, body)

    @staticmethod
    def _given(environ: dict[str, Any], start: Callable[..., Any], body: bytes) -> list[bytes]:
        kept = environ.get("HTTP_IF_NONE_MATCH") == "x"
        start("304 NOT MODIFIED" if kept else "200 OK", [("ETag", "x"), ("X-Is", "this")])
        return [] if kept or environ["REQUEST_METHOD"] == "HEAD" else [body]


@pytest.fixture(params=[False, True], ids=["by-the-loop", "by-a-look"])
def app(request: pytest.FixtureRequest) -> App:
    return App(waits=request.param)


@pytest.fixture
def front(app: App) -> Iterator[Front]:
    with served(app, idle=1) as front:
        yield front


def exchanged(front: Front, asked: bytes, then: bytes = b"") -> bytes:
    """All that comes for what is sent, and then the end."""
    with front.connect(asked) as client:
        if then:
            lines = front.house.everyone
            wait_until(lambda: any(line.begun is not None for line in lines), "the first piece")
            client.sendall(then)
        client.shutdown(socket.SHUT_WR)
        return to_the_end(client)


PLAIN = [
    GET,
    b"GET /large HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
    b"GET /none?a=%20b HTTP/1.1\r\nhost:x\r\nX-Twice: a\r\nX-Twice:\t b \r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nConnection: Keep-Alive\r\nX-Empty:\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nIf-None-Match: x\r\n\r\n",
]
NOT_PLAIN = [
    b"HEAD /ready HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /ready HTTP/1.0\r\nHost: x\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, close\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nX-Name: \xe5\xe5\r\n\r\n",
    GET + GET,
]
WRONG = [
    b"GET /ready HTTP/1.1\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nX Y: a\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost : x\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nX-Null: a\0b\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nX-Bare: a\rX-B: b\r\n\r\n",
    b"GET /ready\x7f HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /rea dy HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /ready HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 40_000 + b"\r\n\r\n",
]


@pytest.mark.parametrize("asked", [*PLAIN, *NOT_PLAIN, *WRONG])
def test_the_loop_says_to_the_byte_what_a_thread_says(app: App, asked: bytes) -> None:
    with served(app, idle=0.2, lingering=0.1) as front:
        mine = exchanged(front, asked)
    ways = [way for way, _path in app.answered]
    with served(app.__call__, idle=0.2, lingering=0.1) as front:
        assert getattr(front.house.app, "at_once", None) is None
        assert exchanged(front, asked) == mine
    assert ways == (["loop"] if asked in PLAIN else ["thread"] * len(ways))
    assert len(ways) == (0 if asked in WRONG else asked.count(b"GET") + asked.count(b"HEAD"))


def test_a_large_answer_that_ends_the_connection_ends_it_once(
    front: Front, caplog: pytest.LogCaptureFixture
) -> None:
    asked = b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    for _turn in range(3):
        assert exchanged(front, asked).endswith(LARGE)
    assert [line.message for line in caplog.records if line.name == "asyncio"] == []


@pytest.mark.parametrize("asked", [*PLAIN, *NOT_PLAIN, *WRONG])
def test_what_is_read_plainly_h11_reads_too(app: App, asked: bytes) -> None:
    request = ReadyAnswers(app.at_once, Limits().head).parse(asked)
    assert (request is None) == (asked not in PLAIN)
    if request is not None:
        http = h11.Connection(h11.SERVER)
        http.receive_data(asked)
        read = http.next_event()
        assert isinstance(read, h11.Request)
        assert (request.method, request.target) == (read.method, read.target)
        assert (request.version, list(request.headers)) == (read.http_version, list(read.headers))
        assert isinstance(http.next_event(), h11.EndOfMessage)


def test_who_asks_for_what_is_ready_waits_for_no_thread() -> None:
    app = App()
    app.may_answer.clear()
    with served(app) as front, ExitStack() as stack:
        for _turn in range(5):
            stack.enter_context(front.connect(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"))
        wait_until(lambda: front.house.at_work == 5, "slow requests")
        try:
            assert front.get("/ready") == (200, b"ready")
        finally:
            app.may_answer.set()


def test_who_came_before_a_look_began_shares_it_and_nobody_who_came_later() -> None:
    app = App(waits=True)
    app.may_look.clear()
    with served(app, threads=4) as front, ExitStack() as stack:
        clients = [stack.enter_context(front.connect(GET))]
        wait_until(lambda: len(app.looked) == 1, "the first look")
        clients += [stack.enter_context(front.connect(GET)) for _turn in range(5)]
        wait_until(lambda: front.house.at_work == 6, "more who ask")
        assert len(app.looked) == 1
        app.may_look.set()
        assert all(client.recv(65536).endswith(b"ready") for client in clients)
        wait_until(lambda: not front.house.at_work, "the end")
    first, *others = app.looked
    assert all(answer is others[0] for answer in others)
    assert first is not others[0]


def test_who_hung_up_during_a_look_leaves_the_others_theirs() -> None:
    app = App(waits=True)
    app.may_look.clear()
    with served(app) as front:
        with front.connect(GET):
            wait_until(lambda: len(app.looked) == 1, "the look")
        with front.connect(GET) as stays:
            app.may_look.set()
            assert stays.recv(65536).endswith(b"ready")
        # Nobody waits for what they might ask next.
        wait_until(lambda: not front.house.everyone, "all gone", seconds=Limits().idle / 2)


@pytest.mark.parametrize(("path", "body"), [("/ready", b"ready"), ("/fault", b"other")])
def test_what_comes_during_a_look_is_answered_after_it(path: str, body: bytes) -> None:
    app = App(waits=True)
    app.may_look.clear()
    with served(app) as front, front.connect(GET.replace(b"/ready", path.encode())) as client:
        wait_until(lambda: len(app.looked) == 1, "the look")
        client.sendall(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na" + GET)
        app.may_look.set()
        stream = b""
        while not stream.endswith(b"ready") or stream.count(b"HTTP/1.1 200") < 3:
            stream += client.recv(65536)
    bodies = [part.split(b"\r\n\r\n")[1] for part in stream.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies == [body, b"other", b"ready"]


def test_what_comes_in_pieces_or_is_not_ready_is_a_threads(app: App, front: Front) -> None:
    exchanged(front, GET[:20], GET[20:])
    assert front.get("/ready/not") == (200, b"other")
    assert app.answered == [("thread", "/ready"), ("thread", "/ready/not")]


def test_a_fault_at_once_is_a_threads_to_answer(app: App, front: Front) -> None:
    assert front.get("/fault") == (200, b"other")


def test_one_line_goes_on_by_either_way(app: App, front: Front) -> None:
    asked = [GET, b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na", GET + GET, GET]
    with front.connect() as client:
        for piece, body in zip(asked, (b"ready", b"other", b"ready", b"ready"), strict=True):
            client.sendall(piece)
            got = b""
            while got.count(body) < piece.count(b"HTTP"):
                got += client.recv(65536)
    assert [way for way, _path in app.answered] == ["loop", "thread", "thread", "thread", "loop"]


def test_who_takes_slowly_gets_all_of_it_and_counts_as_untaken(app: App, front: Front) -> None:
    asked = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
    with front.connect(asked, takes=2048) as slow:
        wait_until(lambda: front.house.untaken.total() == len(LARGE), "an answer untaken")
        assert front.get("/ready") == (200, b"ready")
        got = b""
        while not got.endswith(LARGE):
            got += slow.recv(65536)
        # The line is as good as new.
        slow.sendall(GET)
        assert slow.recv(65536).endswith(b"ready")
    wait_until(lambda: not front.house.untaken, "all taken")
    assert {way for way, _path in app.answered} == {"loop"}


def test_a_server_that_stops_says_that_the_line_ends(app: App) -> None:
    with served(app, last_word=5.0) as front, front.connect(GET) as client:
        assert client.recv(65536).endswith(b"ready")
        front.do(front.house.stop)
        wait_until(lambda: front.house.stopping, "the stop")
        with suppress(OSError):
            client.sendall(GET)
        assert b"connection: close" in to_the_end(client)
    assert [way for way, _path in app.answered] == ["loop", "thread"]
