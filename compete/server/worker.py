"""Worker of gunicorn that reads whole requests; its master keeps as many as there should be."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import logging
import os
import resource
import signal
import socket
import ssl
from typing import Any

from gunicorn import sock as gunicorn_sockets
from gunicorn.workers.base import Worker

from compete.server.connection import Connection
from compete.server.house import House
from compete.server.limits import Limits

_log = logging.getLogger("compete.server")
BEAT = 1.0


class WholeRequests(Worker):  # type: ignore[misc]
    """The worker: an event loop that reads and sends, and threads that answer."""

    def init_process(self) -> None:
        """Begin; does not return before the end."""
        self._stop: asyncio.Event | None = None
        self._quick = False
        raise_file_limit()
        super().init_process()

    def init_signals(self) -> None:
        """The event loop takes the signals; until it runs, they have their usual sense."""
        for number in self.SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Serve until told to stop."""
        # Objects of the loaded application stay. The collector would walk
        # through all of it again and again, and every call in hand would wait.
        gc.collect()
        gc.freeze()
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_say_quietly)
        self._stop = stop = asyncio.Event()
        for number, quick in (
            (signal.SIGTERM, False),
            (signal.SIGINT, True),
            (signal.SIGQUIT, True),
        ):
            loop.add_signal_handler(number, self._told_to_stop, quick)
        loop.add_signal_handler(signal.SIGUSR1, self.log.reopen_files)
        loop.add_signal_handler(signal.SIGWINCH, lambda: None)
        limits: Limits = getattr(self.app, "limits", None) or Limits()
        house = House(self.wsgi, self.cfg.threads, limits, processes=self.cfg.workers > 1)
        listener = Listener(house, self.sockets, self.cfg)
        listener.open()
        while not stop.is_set():
            self.notify()
            house.look_round()
            if self.ppid != os.getppid():
                break
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), BEAT)
        await listener.shut()
        house.stop()
        while house.at_work or (house.everyone and not self._quick):
            self.notify()
            house.look_round()
            await asyncio.sleep(0.02)
        house.close()

    def _told_to_stop(self, quick: bool) -> None:
        self._quick = self._quick or quick
        self.alive = False
        assert self._stop is not None
        self._stop.set()


class Listener:
    """A listener: lets connections in, one at a time, so that the other workers get theirs."""

    def __init__(self, house: House, sockets: list[Any], settings: Any) -> None:
        self.house, self._settings = house, settings
        self._sockets: list[socket.socket] = [listening.sock for listening in sockets]
        self._coming: set[asyncio.Task[Any]] = set()
        self._shut = False

    def open(self) -> None:
        """Begin to let in."""
        for listening in self._sockets:
            listening.setblocking(False)
            self._listen(listening)

    def _listen(self, listening: socket.socket) -> None:
        if not self._shut:
            self.house.loop.add_reader(listening, self._let_in, listening)

    async def shut(self) -> None:
        """Shut: let in who stands before the door already, and then nobody."""
        self._shut = True
        for listening in self._sockets:
            while self._let_in(listening):
                pass
            self.house.loop.remove_reader(listening)
            listening.close()
        if self._coming:
            await asyncio.wait(self._coming, timeout=self.house.limits.last_word)

    def _let_in(self, listening: socket.socket) -> bool:
        house = self.house
        try:
            taken, _address = listening.accept()
        except OSError as fault:
            if fault.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                _log.warning("no room for another connection: %s", fault)
                for connection in list(house.waiting)[:1]:
                    connection.abandon()
                # Without a pause the loop would ask again at once, and do nothing else.
                house.loop.remove_reader(listening)
                house.loop.call_later(0.1, self._listen, listening)
            return False
        house.make_room()
        _keep_little(taken, house.limits.unsent)
        if len(self._coming) >= house.limits.connections:
            taken.close()
            return True
        task = house.loop.create_task(self._meet(taken))
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)
        return True

    async def _meet(self, taken: socket.socket) -> None:
        house = self.house
        tls: dict[str, Any] = {}
        try:
            if self._settings.is_ssl:
                # Asked for each time: the certificate may have been renewed.
                tls = {
                    "ssl": gunicorn_sockets.ssl_context(self._settings),
                    "ssl_handshake_timeout": house.limits.handshake,
                    "ssl_shutdown_timeout": house.limits.lingering,
                }
            await house.loop.connect_accepted_socket(lambda: Connection(house), taken, **tls)
        except (OSError, ssl.SSLError, TimeoutError) as fault:
            _log.debug("no connection: %s", fault)
            taken.close()


def _keep_little(taken: socket.socket, unsent: int) -> None:
    """Have the system keep little of what is not sent: it would take whole megabytes of answers.

    Where it cannot (this is Linux's and the BSDs' way), it keeps what it likes.
    """
    with contextlib.suppress(AttributeError, OSError):
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, unsent)


def raise_file_limit() -> None:
    """Raise the limit of open files: each connection is one, each large body too."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        wanted = 16384 if hard == resource.RLIM_INFINITY else min(hard, 16384)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(_soft, wanted), hard))


def _say_quietly(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log quietly that somebody hung up in the middle, which is no error of ours."""
    if isinstance(context.get("exception"), OSError | ssl.SSLError):
        _log.debug("%s: %s", context.get("message"), context["exception"])
    else:
        loop.default_exception_handler(context)
