"""Asked: a whole request as WSGI wants it."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from urllib.parse import unquote_to_bytes

READ_ON = "compete.read_on"
# A client could otherwise name an outgoing proxy for whatever the program calls.
_NEVER = {b"proxy", b"transfer-encoding", b"content-length", b"content-type", b"expect"}


class Whole:
    """One request as it came in; the body on disk once it is large."""

    __slots__ = ("body", "declared", "headers", "method", "refused", "size", "target", "version")

    def __init__(self, method: bytes, target: bytes, version: bytes, headers: Any) -> None:
        self.method, self.target, self.version = method, target, version
        self.headers: Sequence[tuple[bytes, bytes]] = headers
        self.declared = self._length()
        self.size = 0
        self.refused = False
        self.body: IO[bytes] | None = None

    def _length(self) -> int:
        for name, value in self.headers:
            if name == b"content-length":
                return int(value)
        return 0

    def keep(self, piece: bytes, memory: int) -> None:
        """Add a piece of the body. Raises `OSError` where the disk is full."""
        self.size += len(piece)
        if self.body is None:
            if self.size == self.declared:
                # All of it at once, as nearly every call of a tablet comes.
                self.body = io.BytesIO(piece)
                return
            self.body = SpooledTemporaryFile(memory)  # noqa: SIM115 - closed with the request
        self.body.write(piece)

    def drop(self) -> None:
        """Forget the body."""
        if self.body is not None:
            self.body.close()
            self.body = None

    @property
    def ways(self) -> tuple[bytes, bytes] | None:
        """Split path and query; None for a target that is neither a path nor an address of ours."""
        target = self.target
        if not target.startswith(b"/"):
            scheme, mark, rest = target.partition(b"://")
            if not mark or scheme.lower() not in (b"http", b"https"):
                return None
            _host, slash, path = rest.partition(b"/")
            target = slash + path if slash else b"/"
        path, _, query = target.partition(b"?")
        return path, query

    def environ(self, base: dict[str, Any], read_on: Callable[[], None]) -> dict[str, Any]:
        """The WSGI environment; `read_on` is for who refuses a body that nobody has read."""
        ways = self.ways
        assert ways is not None
        path, query = ways
        environ = base.copy()
        for name, value in self.headers:
            # With an underscore a header could pass for another one.
            if b"_" in name or name in _NEVER:
                continue
            key = "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
            text = value.decode("latin-1")
            if key in environ:
                text = environ[key] + ("; " if name == b"cookie" else ",") + text
            environ[key] = text
        for name, value in self.headers:
            if name == b"content-type":
                environ["CONTENT_TYPE"] = value.decode("latin-1")
        if self.refused:
            environ["CONTENT_LENGTH"] = str(max(self.declared, self.size))
            environ[READ_ON] = read_on
            environ["wsgi.input"] = io.BytesIO()
        else:
            if self.size or self.declared or self.method not in (b"GET", b"HEAD"):
                environ["CONTENT_LENGTH"] = str(self.size)
            if self.body is not None:
                self.body.seek(0)
            environ["wsgi.input"] = self.body or io.BytesIO()
        environ["REQUEST_METHOD"] = self.method.decode("ascii")
        environ["SERVER_PROTOCOL"] = "HTTP/" + self.version.decode("ascii")
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1")
        environ["QUERY_STRING"] = query.decode("latin-1")
        environ["REQUEST_URI"] = environ["RAW_URI"] = self.target.decode("latin-1")
        return environ


def base_environ(peer: Any, here: Any, *, secure: bool, processes: bool) -> dict[str, Any]:
    """The environment that all requests of one connection have in common."""
    return {
        "SCRIPT_NAME": "",
        "SERVER_NAME": str(here[0]),
        "SERVER_PORT": str(here[1]),
        "REMOTE_ADDR": str(peer[0]),
        "REMOTE_PORT": str(peer[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https" if secure else "http",
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": processes,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
