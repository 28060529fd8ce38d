"""Answers of the application, whole before the first byte of one is sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import IO, Any

PIECE = 64 * 1024
_log = logging.getLogger("compete.server")

Application = Callable[..., Iterable[bytes]]


class FilePieces:
    """A file that the application sends as it is (`wsgi.file_wrapper`)."""

    def __init__(self, file: IO[bytes], size: int = PIECE) -> None:
        self.file = file
        self._size = size

    def __iter__(self) -> Iterator[bytes]:
        while piece := self.file.read(self._size):
            yield piece

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class Followed:
    """A body that goes on while somebody follows it: its beginning, and what asks for more.

    `more` is called now and then by a thread: b"" where nothing has come, None at the end.
    """

    def __init__(self, first: bytes, more: Callable[[], bytes | None]) -> None:
        self.first, self.more = first, more

    def __iter__(self) -> Iterator[bytes]:
        # A server that knows nothing of it sends the beginning.
        yield self.first


class Answer:
    """Status, headers, and a body in memory or, if it is large, in a file.

    With `more` the body goes on (`Followed`).
    """

    __slots__ = ("file", "headers", "memory", "more", "reason", "size", "status", "untaken")

    def __init__(self, status: str, headers: list[tuple[str, str]]) -> None:
        code, _, reason = status.partition(" ")
        self.status, self.reason = int(code), reason
        self.headers = headers
        self.size = 0
        # Of the size, what is kept for this answer alone; nothing of a file that lies there anyway.
        self.untaken = 0
        self.memory = b""
        self.file: IO[bytes] | None = None
        self.more: Callable[[], bytes | None] | None = None

    def pieces(self) -> Iterator[bytes]:
        """The body, piece by piece."""
        if self.file is None:
            view = self.memory
            for start in range(0, len(view), PIECE):
                yield view[start : start + PIECE]
            return
        left = self.size
        while left > 0 and (piece := self.file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece

    def close(self) -> None:
        """Let go of the body."""
        self.memory = b""
        if self.file is not None:
            self.file.close()
            self.file = None


def plain(status: int, text: str = "") -> Answer:
    """A short answer of the front's own."""
    phrase = HTTPStatus(status).phrase
    answer = Answer(f"{status} {phrase}", [("Content-Type", "text/plain; charset=utf-8")])
    answer.memory = f"{text or phrase}\n".encode()
    answer.size = len(answer.memory)
    return answer


def answer_of(app: Application, environ: dict[str, Any], memory: int) -> Answer:
    """Call the application, and take its answer to the end."""
    try:
        return _answer_of(app, environ, memory)
    except Exception:
        _log.exception("%s %s", environ["REQUEST_METHOD"], environ["PATH_INFO"])
        return plain(500)


def _answer_of(app: Application, environ: dict[str, Any], memory: int) -> Answer:
    answers: list[Answer] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        del exc_info  # Nothing has been sent yet, so another beginning is always possible.
        answers[:] = [Answer(status, headers)]
        return written.append

    body = app(environ, start_response)
    passed_on = False
    try:
        if isinstance(body, FilePieces) and (size := _left_in(body.file)) is not None:
            answer, passed_on = answers[0], True
            answer.file, answer.size = body.file, size
            return answer
        if isinstance(body, Followed):
            answer = answers[0]
            answer.memory, answer.more = body.first, body.more
            answer.size = answer.untaken = len(body.first)
            return answer
        return _collected(answers, written, body, memory)
    finally:
        close = getattr(body, "close", None)
        if close is not None and not passed_on:
            close()


def _left_in(file: IO[bytes]) -> int | None:
    try:
        here = file.tell()
        size = file.seek(0, 2) - here
        file.seek(here)
    except (OSError, AttributeError, ValueError):
        return None
    return size


def _collected(
    answers: list[Answer], written: list[bytes], body: Iterable[bytes], memory: int
) -> Answer:
    kept: list[bytes] = []
    size, file = 0, None
    # A generator may begin its answer, and write to it, when it is first asked.
    for piece in body:
        for part in (*written, piece):
            size += len(part)
            if file is None and size > memory:
                file = TemporaryFile()  # noqa: SIM115 - closed with the answer
                file.writelines(kept)
                kept.clear()
            if file is None:
                kept.append(part)
            else:
                file.write(part)
        written.clear()
    answer = answers[0]
    answer.size = answer.untaken = size + sum(map(len, written))
    if file is None:
        kept += written
        answer.memory = kept[0] if len(kept) == 1 else b"".join(kept)
    else:
        file.writelines(written)
        file.seek(0)
        answer.file = file
    return answer
