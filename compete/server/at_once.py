"""Answers at once: by the event loop itself, before a thread is spent.

An application may have an `at_once`: how the paths begin of which it keeps answers ready, and a
callable of WSGI's shape that gives them and says None where a thread is to answer. Where it never
waits, the loop calls it. Where it has to wait for a look at something, one thread calls it for all
that have asked by then, who share what it found (`LOOKED`): a look that began after the last of
them came. A request for such a path that is plainly a GET, come whole and alone, is read and
answered without h11. Whatever is not plain goes the ordinary way, to the byte as it came.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from compete.server.answers import Answer
from compete.server.asked import Whole

_GET = b"GET "
_GET_LINE = re.compile(rb"GET (/[!-~]*) HTTP/1\.1\r\n")
_HEAD_LINES = re.compile(rb"(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]++:[\t -~]*+\r\n)++\r\n")
# Whoever sends one of these wants something of the line itself, or sends a body.
_NOT_PLAIN = {b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"te", b"trailer"}
_log = logging.getLogger("compete.server")

LOOKED = "compete.looked"
"""Of the environment: a dict that those who are answered together share."""

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class AtOnce:
    """The answers that an application gives at once."""

    starts: tuple[str, ...]
    """The beginnings of the paths."""
    answer: Callable[..., Iterable[bytes] | None]
    """Called by the event loop, which does nothing else meanwhile, unless it `waits`."""
    waits: bool = False


class SetAside:
    """The bytes of a plain question and after it, while it may still have to be read with care."""

    def __init__(self, came: bytes) -> None:
        self._came, self._ends = bytearray(came), len(came)

    def keep(self, data: bytes) -> None:
        """Keep more bytes, which are of the next request."""
        self._came += data

    @property
    def all(self) -> bytes:
        """All of the bytes, as they came."""
        return bytes(self._came)

    @property
    def after(self) -> bytes:
        """The bytes that came after the question."""
        return bytes(self._came[self._ends :])


class ReadyAnswers:
    """A reader of plain questions for which answers are ready; it has the application answer."""

    def __init__(self, at_once: AtOnce, longest: int) -> None:
        self._answer, self._longest, self.waits = at_once.answer, longest, at_once.waits
        self._starts = tuple(_GET + start.encode("ascii") for start in at_once.starts)

    def parse(self, came: bytes) -> Whole | None:
        """Read the request in these bytes, all of it; None for one to be read with care."""
        if not came.startswith(self._starts) or len(came) > self._longest:
            return None
        first = _GET_LINE.match(came)
        if first is None:
            return None
        headers = _headers(came[first.end() :])
        return None if headers is None else Whole(b"GET", first[1], b"1.1", headers)

    def answered(self, environ: dict[str, Any]) -> Answer | None:
        """Have the application answer; None where a thread is to answer."""
        answers: list[Answer] = []

        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            answers[:] = [Answer(status, headers)]

        try:
            body = self._answer(environ, start_response)
        except Exception:
            # A thread meets the same fault, or none.
            _log.exception("GET %s", environ["PATH_INFO"])
            return None
        if body is None:
            return None
        answer = answers[0]
        answer.memory = b"".join(body)
        answer.size = answer.untaken = len(answer.memory)
        return answer


def _headers(head: bytes) -> Headers | None:
    """The lines of a head; None where h11 is to read them."""
    if not _HEAD_LINES.fullmatch(head):
        return None
    lines = (line.partition(b":") for line in head[:-4].split(b"\r\n"))
    headers = [(name.lower(), value.strip(b" \t")) for name, _, value in lines]
    names = [name for name, _value in headers]
    if names.count(b"host") != 1 or not _NOT_PLAIN.isdisjoint(names):
        return None
    if any(name == b"connection" and value.lower() != b"keep-alive" for name, value in headers):
        return None
    return headers
