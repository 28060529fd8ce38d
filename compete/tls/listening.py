"""How the server speaks TLS: newest certificate, and no patience with who sends nothing."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

RECEIVING_SECONDS = 10
SENDING_SECONDS = 120


class PatientSocket(ssl.SSLSocket):
    """A connection on which reading gives up after a while, as it does without TLS.

    A time limit that the plain socket has of its own is lost under TLS, where
    reading begins again until something comes.
    """

    def setblocking(self, flag: bool) -> None:
        """Blocking means: for so long and no longer."""
        self.settimeout(RECEIVING_SECONDS if flag else 0.0)

    def do_handshake(self, block: bool = False) -> None:
        """Agree on keys, or raise BlockingIOError as a plain socket's reading would."""
        self.setblocking(True)
        _patiently(super().do_handshake, block)

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """Read, or raise BlockingIOError when nothing came."""
        return bytes(_patiently(super().recv, buflen, flags))

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send; a slow phone is not hurried."""
        limit = self.gettimeout()
        self.settimeout(SENDING_SECONDS)
        try:
            super().sendall(data, flags)
        finally:
            self.settimeout(limit)


def _patiently(act: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return act(*arguments)
    except TimeoutError as late:
        raise BlockingIOError(errno.EAGAIN, "nothing came in time") from late


class Certificates:
    """The TLS settings of one worker, read again when `compete cert` has renewed the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_at = 0
        self._context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """What the next connection is to be made with; gunicorn asks at each."""
        try:
            changed_at = self.path.stat().st_mtime_ns
            if self._context is None or changed_at != self._read_at:
                self._context, self._read_at = self._read(), changed_at
        except OSError:
            # The one that was good a moment ago still is.
            if self._context is None:
                raise
        return self._context

    def _read(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.sslsocket_class = PatientSocket
        context.load_cert_chain(self.path)
        return context
