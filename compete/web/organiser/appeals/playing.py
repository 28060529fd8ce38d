"""Films to whoever plays them: opened once, kept for a short while, any part of it at once.

A player asks for many parts of one film, and the database gives it whole or not at all: opening
50 MB for each part cost a second and three times as much memory. The kept copy lies in a nameless
file of this process, under a key that nobody else has and that goes with it.
"""

from __future__ import annotations

import io
import os
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from threading import Lock, Timer
from time import monotonic
from typing import IO, TYPE_CHECKING, cast

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from flask import Response, request
from werkzeug.wsgi import wrap_file

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

KEPT, MOST = 120.0, 4
"""Seconds since a part was asked for last; films at a time."""
_PIECE, _BLOCK = 1024 * 1024, 16


class KeptFilm:
    """One film, to be read from anywhere; gone with the last who reads it."""

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self._key = os.urandom(32)
        file = TemporaryFile()  # noqa: SIM115 - closed with the film
        weakref.finalize(self, file.close)
        self._number = file.fileno()
        seal = Cipher(AES(self._key), CTR(bytes(_BLOCK))).encryptor()
        view = memoryview(content)
        for start in range(0, self.size, _PIECE):
            file.write(seal.update(view[start : start + _PIECE]))
        file.flush()

    def read(self, start: int, size: int) -> bytes:
        """Return so many bytes from there, or as many as there are."""
        block, over = divmod(start, _BLOCK)
        sealed = os.pread(self._number, size + over, start - over)
        opened = Cipher(AES(self._key), CTR(block.to_bytes(_BLOCK, "big"))).decryptor()
        return opened.update(sealed)[over:]


class FilmPart(io.RawIOBase):
    """A part of a film as a file of its own, which the server sends as it is taken."""

    def __init__(self, film: KeptFilm, begins: int, ends: int) -> None:
        self._film, self._begins, self._size, self._at = film, begins, ends - begins, 0

    def readable(self) -> bool:
        """Return True always."""
        return True

    def seekable(self) -> bool:
        """Return True always."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def seek(self, to: int, whence: int = io.SEEK_SET) -> int:
        """Go there."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + to)
        return self._at

    def readinto(self, into: WriteableBuffer) -> int:
        """The next bytes."""
        view = memoryview(into).cast("B")
        wanted = max(0, min(len(view), self._size - self._at))
        piece = self._film.read(self._begins + self._at, wanted) if wanted else b""
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


@dataclass
class KeptFilms:
    """The films that were played last, by their digest."""

    _kept: OrderedDict[str, tuple[float, KeptFilm]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)
    _opening: Lock = field(default_factory=Lock)

    def of(self, sha256: str, content: Callable[[], bytes]) -> KeptFilm:
        """The film; `content` gives its bytes where none is kept, for one film at a time."""
        film = self._find_film(sha256)
        if film is not None:
            return film
        with self._opening:
            film = self._find_film(sha256)
            if film is None:
                film = KeptFilm(content())
                with self._lock:
                    self._kept[sha256] = (monotonic(), film)
                    while len(self._kept) > MOST:
                        self._kept.popitem(last=False)
                self._forget_later(KEPT)
        return film

    def forget(self) -> None:
        """Drop the films that nobody has asked for; the others are looked at later."""
        with self._lock:
            before = monotonic() - KEPT
            for sha256 in [key for key, (at, _film) in self._kept.items() if at <= before]:
                del self._kept[sha256]
            first = min((at for at, _film in self._kept.values()), default=None)
        if first is not None:
            self._forget_later(first - before)

    def __len__(self) -> int:
        return len(self._kept)

    def _find_film(self, sha256: str) -> KeptFilm | None:
        with self._lock:
            if sha256 not in self._kept:
                return None
            film = self._kept[sha256][1]
            self._kept[sha256] = (monotonic(), film)
            self._kept.move_to_end(sha256)
            return film

    def _forget_later(self, seconds: float) -> None:
        timer = Timer(max(1.0, seconds), self.forget)
        timer.daemon = True
        timer.start()


FILMS = KeptFilms()


def play(sha256: str, content: Callable[[], bytes], mimetype: str) -> Response:
    """The whole film, or the part that was asked for."""
    film = FILMS.of(sha256, content)
    response = Response(mimetype=mimetype, direct_passthrough=True)
    response.set_etag(sha256)
    # A condition is answered, and a range read, without the film itself.
    response.make_conditional(request, accept_ranges=True, complete_length=film.size)
    if response.status_code == 304:
        return response
    begins, ends = 0, film.size
    if response.status_code == 206:
        begins, ends = response.content_range.start or 0, response.content_range.stop or 0
    response.content_length = ends - begins
    part = cast("IO[bytes]", FilmPart(film, begins, ends))
    response.response = wrap_file(request.environ, part)
    return response
