"""What the front does not let anybody do: send too much, too long, or for ever."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack
from typing import Any

import pytest

from compete.server.asked import READ_ON
from tests.server.front import served, to_the_end
from tests.support.databases import wait_until

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


def hello(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Refuses large bodies as Flask does; with `/on` it reads them away first."""
    if int(environ.get("CONTENT_LENGTH") or 0) > 1000:
        if environ["PATH_INFO"] == "/on":
            environ[READ_ON]()
        start("413 Too Large", [])
        return [environ["CONTENT_LENGTH"].encode()]
    start("200 OK", [])
    return [b"hello"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n", b"400"),
        (GET + b"X-A: " + b"a" * 40_000 + b"\r\n\r\n", b"431"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", b"400"),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
            b"400",
        ),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: odd\r\n\r\n", b"501"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
    ],
)
def test_what_is_no_request_is_refused_and_reaches_nobody(sent: bytes, status: bytes) -> None:
    reached: list[Any] = []
    with served(lambda environ, start: reached.append(environ), lingering=0.05) as front:
        got = to_the_end(front.connect(sent))
    assert got.startswith(b"HTTP/1.1 " + status)
    assert reached == []


@pytest.mark.parametrize("path", [b"/", b"/on"])
def test_a_body_that_is_too_large_is_refused_unread(path: bytes) -> None:
    with served(hello, body=1000, lingering=0.05) as front:
        client = front.connect(
            b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n" % path
        )
        if path == b"/on":
            # A browser that sends all before it reads finds the answer afterwards,
            # and its connection as good as before.
            client.sendall(b"a" * 5000 + GET + b"Connection: close\r\n\r\n")
            assert to_the_end(client).endswith(b"hello")
        else:
            assert b"413" in to_the_end(client).split(b"\r\n")[0]


def test_chunks_without_end_are_refused_when_they_are_too_many() -> None:
    with served(hello, body=1000, lingering=0.05) as front:
        client = front.connect(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.sendall(b"3e8\r\n" + b"a" * 1000 + b"\r\n" + b"3e8\r\n" + b"a" * 1000 + b"\r\n")
        assert to_the_end(client).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("sent", "limit"),
    [
        (b"", {"idle": 0.05}),
        (GET, {"opening": 0.05}),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na", {"silence": 0.05}),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na", {"grace": 0.05}),
        (GET + b"\r\n", {"idle": 0.05}),
    ],
)
def test_nobody_stays_for_ever(sent: bytes, limit: dict[str, float]) -> None:
    with served(hello, **limit) as front:
        client = front.connect(sent)
        wait_until(lambda: not front.house.everyone, "the end of it")
        client.close()


def test_who_takes_nothing_is_given_up() -> None:
    with served(large, silence=0.2) as front:
        client = front.connect(GET + b"\r\n")
        assert client.recv(10) == b"HTTP/1.1 2"
        wait_until(lambda: not front.house.everyone, "the end of it")
        client.close()


def large(_environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", [])
    return [b"a" * 20_000_000]


def test_where_one_address_leaves_too_much_untaken_the_oldest_goes() -> None:
    with served(large, untaken=50_000_000) as front, ExitStack() as stack:
        for turn in range(1, 5):
            client = stack.enter_context(front.connect(GET + b"\r\n", takes=2048))
            assert client.recv(10) == b"HTTP/1.1 2"
            assert len(front.house.everyone) == min(turn, 2)
        assert front.house.untaken == {"127.0.0.1": 40_000_000}
    assert not front.house.untaken


def test_where_there_is_no_room_and_nobody_waits_who_takes_slowest_goes() -> None:
    with served(large, connections=2) as front, ExitStack() as stack:
        for turn in range(1, 5):
            client = stack.enter_context(front.connect(GET + b"\r\n", takes=2048))
            assert client.recv(10) == b"HTTP/1.1 2"
            assert len(front.house.everyone) == min(turn, 2)


def test_where_there_is_no_room_who_has_waited_longest_goes() -> None:
    with served(hello, connections=3) as front:
        first, *others = [front.connect(GET) for _turn in range(3)]
        wait_until(lambda: len(front.house.everyone) == 3, "three")
        assert front.get()[0] == 200
        assert to_the_end(first) == b""
        for other in others:
            other.sendall(b"Connection: close\r\n\r\n")
            assert to_the_end(other).endswith(b"hello")


def test_at_the_end_what_came_whole_is_answered_and_nobody_else_waited_for() -> None:
    go_on, here = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/held":
            here.set()
            go_on.wait(20)
        return hello(environ, start)

    with served(slow, last_word=0.05, last_request=0.05) as front:
        work = front.connect(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n")
        behind = front.connect(GET + b"\r\n")
        idle, halfway = front.connect(), front.connect(GET)
        assert here.wait(20)
        wait_until(lambda: len(front.house.everyone) == 4, "all of them")
        wait_until(lambda: front.house.at_work == 2, "two requests")
        front.do(front.house.stop)
        wait_until(lambda: len(front.house.everyone) == 2, "the end of the others")
        go_on.set()
        for client in (work, behind):
            got = to_the_end(client)
            assert b"connection: close" in got.lower()
            assert got.endswith(b"hello")
        idle.close()
        halfway.close()


def test_at_the_end_who_takes_nothing_is_not_waited_for() -> None:
    with served(large, last_answer=0.05) as front:
        client = front.connect(GET + b"\r\n")
        assert client.recv(10) == b"HTTP/1.1 2"
        front.do(front.house.stop)
        wait_until(lambda: not front.house.everyone, "the end of it")
        client.close()


def test_the_environment_says_what_was_sent_and_nothing_that_passes_for_it() -> None:
    seen: list[dict[str, Any]] = []

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.append(environ)
        start("204 No Content", [])
        return []

    with served(app) as front:
        client = front.connect(
            b"GET http://a/%E4%B8%AD/b?c=%20 HTTP/1.1\r\nHost: x\r\nX-Request_Id: forged\r\n"
            b"Cookie: a=1\r\nCookie: b=2\r\nProxy: evil\r\nX-A: 1\r\nX-A: 2\r\n"
            b"Connection: close\r\n\r\n"
        )
        assert to_the_end(client).startswith(b"HTTP/1.1 204")
    (environ,) = seen
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/中/b"
    assert environ["QUERY_STRING"] == "c=%20"
    assert (environ["HTTP_COOKIE"], environ["HTTP_X_A"]) == ("a=1; b=2", "1,2")
    assert not {"HTTP_PROXY", "HTTP_X_REQUEST_ID"} & set(environ)
    assert environ["wsgi.url_scheme"] == "http"


def test_what_breaks_in_the_application_is_logged_and_answered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(_environ: dict[str, Any], start: Any) -> Any:
        start("200 OK", [])
        yield b"half of it"
        raise ValueError("no more")

    with served(broken) as front, caplog.at_level(logging.ERROR, "compete.server"):
        status, body = front.get()
    assert status == 500
    assert b"half" not in body
    assert "no more" in caplog.text


def test_a_head_has_the_length_and_no_body() -> None:
    with served(hello) as front:
        client = front.connect(b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        got = to_the_end(client)
    assert b"content-length: 5" in got.lower()
    assert got.endswith(b"\r\n\r\n")
