"""The shared part of one worker's connections: the application, its threads, and the room."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from compete.server.answers import Answer, Application, answer_of, plain
from compete.server.at_once import LOOKED, ReadyAnswers
from compete.server.limits import Limits

if TYPE_CHECKING:
    from compete.server.connection import Connection

_log = logging.getLogger("compete.server")
_access = logging.getLogger("compete.access")
_MOST_TOGETHER = 64
"""So many share a look: the loop sends their answers in one go."""


class Phase(Enum):
    """The phases of a connection."""

    READING = auto()
    WORKING = auto()
    DRAINING = auto()
    SENDING = auto()
    FOLLOWING = auto()
    LINGERING = auto()
    CLOSED = auto()


class House:
    """One worker's connections and threads. All but `_serve` belongs to the event loop."""

    def __init__(
        self, app: Application, threads: int, limits: Limits, *, processes: bool = False
    ) -> None:
        self.app, self.limits, self.processes = app, limits, processes
        at_once = getattr(app, "at_once", None)
        self.ready = ReadyAnswers(at_once, limits.head) if at_once is not None else None
        self.loop = asyncio.get_running_loop()
        self.everyone: set[Connection] = set()
        # Clients without a whole request yet; who has waited longest stands first.
        self.waiting: dict[Connection, None] = {}
        # Requests that came whole and have no answer yet.
        self.at_work = 0
        self.on_disk = 0
        # Bytes of answers that are not taken yet, by address.
        self.untaken: Counter[str] = Counter()
        self.stopping = False
        self._threads = ThreadPoolExecutor(threads, "request")
        self._tells = _access.isEnabledFor(logging.INFO)
        self._hasty: deque[tuple[Connection, dict[str, Any]]] = deque()
        self._together: deque[tuple[Connection, dict[str, Any]]] = deque()
        self._looks = False
        self._free_for_hasty = max(1, threads // 4)

    def serve(self, connection: Connection, environ: dict[str, Any], *, hasty: bool) -> None:
        """Have a thread answer.

        Who asks for more before there is an answer, as no browser does, is `hasty`: such
        requests stand in a line of their own for a few of the threads, so that whoever asks
        for one thing is not behind thousands of theirs.
        """
        self.at_work += 1
        if hasty:
            self._hasty.append((connection, environ))
            self._serve_hasty()
        else:
            self._threads.submit(self._serve, environ, connection.answered)

    def ready_answer(self, environ: dict[str, Any]) -> Answer | None:
        """The answer that needs no thread; None where one is to give it."""
        assert self.ready is not None
        begun = time.monotonic()
        answer = self.ready.answered(environ)
        if answer is not None and self._tells:
            # The loop waits for no log.
            self._threads.submit(self.tell, environ, answer, time.monotonic() - begun)
        return answer

    def answer_together(self, connection: Connection, environ: dict[str, Any]) -> None:
        """Have the next look answer it, with all who ask until that begins."""
        self.at_work += 1
        self._together.append((connection, environ))
        self._look()

    def _look(self) -> None:
        if self._together and not self._looks:
            self._looks = True
            many = min(len(self._together), _MOST_TOGETHER)
            self._threads.submit(self._looked, [self._together.popleft() for _ in range(many)])

    def _looked(self, some: list[tuple[Connection, dict[str, Any]]]) -> None:
        assert self.ready is not None
        begun, shared = time.monotonic(), dict[Any, Any]()
        answers = []
        for _connection, environ in some:
            environ[LOOKED] = shared
            answer = self.ready.answered(environ)
            if answer is not None and self._tells:
                self.tell(environ, answer, time.monotonic() - begun)
            answers.append(answer)
        self.loop.call_soon_threadsafe(self._answered_together, some, answers)

    def _answered_together(
        self, some: list[tuple[Connection, dict[str, Any]]], answers: list[Answer | None]
    ) -> None:
        self._looks = False
        self._look()
        self.at_work -= len(some)
        for (connection, _environ), answer in zip(some, answers, strict=True):
            connection.answered_together(answer)

    def _serve_hasty(self) -> None:
        while self._hasty and self._free_for_hasty:
            connection, environ = self._hasty.popleft()
            if connection.phase is Phase.CLOSED:
                self._served(connection.answered, plain(503))
            else:
                self._free_for_hasty -= 1
                self._threads.submit(self._serve, environ, connection.answered_hasty)

    def hasty_served(self) -> None:
        """Free a thread for the next of the hasty."""
        self._free_for_hasty += 1
        self._serve_hasty()

    def _serve(self, environ: dict[str, Any], then: Callable[[Answer], None]) -> None:
        begun = time.monotonic()
        answer = answer_of(self.app, environ, self.limits.memory)
        if self._tells:
            self.tell(environ, answer, time.monotonic() - begun)
        self.loop.call_soon_threadsafe(self._served, then, answer)

    def _served(self, then: Callable[[Answer], None], answer: Answer) -> None:
        self.at_work -= 1
        then(answer)

    @staticmethod
    def tell(environ: dict[str, Any], answer: Answer, seconds: float) -> None:
        """Write a log line about a request. No query and no header: they carry secrets."""
        _access.info(
            '%s %s "%s %s" %d %d %dms',
            dict(answer.headers).get("X-Request-Id", "-"),
            environ["REMOTE_ADDR"],
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            answer.status,
            answer.size,
            seconds * 1000,
        )

    def has_room_to_follow(self) -> bool:
        """True if one more body may go on while it is followed."""
        following = sum(connection.phase is Phase.FOLLOWING for connection in self.everyone)
        return following < self.limits.followed

    def follow(self, connection: Connection, more: Callable[[], bytes | None]) -> None:
        """Ask after a while what more there is of a body."""
        self.loop.call_later(self.limits.asking, self._ask_for_more, connection, more)

    def _ask_for_more(self, connection: Connection, more: Callable[[], bytes | None]) -> None:
        if connection.phase is Phase.FOLLOWING and not self.stopping:
            self._threads.submit(self._more_of, connection, more)

    def _more_of(self, connection: Connection, more: Callable[[], bytes | None]) -> None:
        try:
            piece = more()
        except Exception:
            _log.exception("a body that is followed")
            piece = None
        self.loop.call_soon_threadsafe(connection.more_came, piece)

    def make_room(self) -> None:
        """Make room: part with who has waited or taken longest, where there are too many."""
        while len(self.everyone) >= self.limits.connections:
            connection = next(iter(self.waiting), None) or _slowest(self.everyone)
            if connection is None:
                return
            connection.abandon()

    def hold(self, connection: Connection, size: int) -> None:
        """Note an answer that is kept for this connection until it is taken.

        Where one address leaves too much untaken, its answers that wait longest go.
        """
        self.untaken[connection.address] += size
        while self.untaken[connection.address] > self.limits.untaken:
            other = _slowest(
                other
                for other in self.everyone
                if other.address == connection.address and other != connection
            )
            if other is None:
                return
            other.abandon()

    def let_go(self, address: str, size: int) -> None:
        """Note that so much of what was kept for an address is gone."""
        self.untaken[address] -= size
        if not self.untaken[address]:
            del self.untaken[address]

    def look_round(self) -> None:
        """Part with whoever has had time enough."""
        now = self.loop.time()
        for connection in [connection for connection in self.everyone if now >= connection.until]:
            connection.overdue(now)

    def stop(self) -> None:
        """Stop letting in: answer what came whole, wait a little for what is coming."""
        self.stopping = True
        for connection in list(self.everyone):
            connection.hurry()

    def close(self) -> None:
        """Let go of everybody, and wait for the threads."""
        for connection in list(self.everyone):
            connection.abandon()
        self._threads.shutdown(wait=True)


def _slowest(of: Iterable[Connection]) -> Connection | None:
    """The connection whose answer has been on its way longest; None where none is."""
    sending = [connection for connection in of if connection.phase is Phase.SENDING]
    return min(sending, key=lambda connection: connection.begun or 0, default=None)
