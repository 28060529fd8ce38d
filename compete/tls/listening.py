"""TLS of the server: always with the newest certificate."""

from __future__ import annotations

import ssl
from pathlib import Path


class Certificates:
    """The TLS settings of one worker, read again when `compete cert` has renewed the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read_at = 0
        self._context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """The TLS context for the next connection; gunicorn asks at each."""
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
        context.load_cert_chain(self.path)
        return context
