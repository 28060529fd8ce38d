"""Log on the network, as `compete mirror` asks it (C2SP `tlog-tiles`)."""

from __future__ import annotations

import base64
import binascii
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from compete.domain.log.tiles import TILE_WIDTH, Tile
from compete.domain.values.messages import msg

_MOST_BYTES = 4 * 1024 * 1024
_SECONDS = 60


class NoAnswerError(Exception):
    """Error: the site gives no answer, or none of a log; `args[0]` is a sentence."""


class LogSite:
    """The log at an address; each call is one or a few requests."""

    def __init__(self, url: str) -> None:
        if not url.startswith(("https://", "http://")):
            raise NoAnswerError(msg("网址要以 https:// 或 http:// 开头：%(url)s", url=url[:200]))
        # The address of the site alone is what most people have at hand.
        self._url = url.rstrip("/") + ("/log" if urlsplit(url).path in ("", "/") else "")

    def key(self) -> str:
        """The public key that the site says it has."""
        return self._get_file("key").decode("utf-8", "replace")

    def checkpoint(self) -> bytes | None:
        """The newest checkpoint as it was signed; None while the log is empty."""
        return self._get("checkpoint")

    def consistency(self, old: int, new: int) -> tuple[bytes, ...] | None:
        """The proof between two checkpoints; None where the site has none."""
        proof = self._get(f"consistency/{old}/{new}")
        if proof is None:
            return None
        try:
            return tuple(base64.b64decode(line, validate=True) for line in proof.split())
        except (binascii.Error, ValueError):
            return None

    def lines(self, start: int, stop: int) -> list[bytes]:
        """The lines from `start` up to, not including, `stop`."""
        lines: list[bytes] = []
        for number in range(start // TILE_WIDTH, -(-stop // TILE_WIDTH)):
            first = number * TILE_WIDTH
            tile = Tile(0, number, min(TILE_WIDTH, stop - first))
            path = tile.path.replace("tile/0/", "tile/entries/", 1)
            lines += _entries(self._get_file(path))[max(start - first, 0) :]
        if any(b"\n" in line for line in lines):
            raise NoAnswerError(msg("%(url)s 给的条目不是一行一条", url=self._url))
        return lines

    def _get_file(self, path: str) -> bytes:
        content = self._get(path)
        if content is None:
            raise NoAnswerError(msg("%(url)s 没有：不是总账的网址", url=f"{self._url}/{path}"))
        return content

    def _get(self, path: str) -> bytes | None:
        url = f"{self._url}/{path}"
        try:
            asked = Request(url, headers={"User-Agent": "compete mirror"})
            with urlopen(asked, timeout=_SECONDS) as answer:
                content: bytes = answer.read(_MOST_BYTES + 1)
        except HTTPError as error:
            if error.code == 404:
                return None
            raise NoAnswerError(msg("%(url)s 回答 %(code)s", url=url, code=error.code)) from None
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise NoAnswerError(
                msg("%(url)s 没有回答：%(why)s", url=url, why=str(error)[:200])
            ) from None
        if len(content) > _MOST_BYTES:
            raise NoAnswerError(msg("%(url)s 的回答太大", url=url))
        return content


def _entries(content: bytes) -> list[bytes]:
    """The lines of a bundle: each after its length in two bytes."""
    lines, at = [], 0
    while at + 2 <= len(content):
        length = int.from_bytes(content[at : at + 2], "big")
        lines.append(content[at + 2 : at + 2 + length])
        at += 2 + length
    return lines
