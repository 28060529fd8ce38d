"""Seals, the head, the openings and the seed: every hash of a ceremony.

All are SHA-256 of UTF-8 texts, in lower-case hex; JSON is hashed in the form of RFC 8785.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import rfc8785

from compete.domain.ceremonies.types import FORMAT, DrawFile, Party

_ONLY_AFTERWARDS = ("result", "unmet", "tries")
_ONLY_OPENED = ("share", "key")


def seal(ceremony: str, number: int, name: str, key: str, share: str) -> str:
    """The hash that a party publishes before anything is opened; `key` is 32 hex digits."""
    return Seals(ceremony, number).seal(name, key, share)


class Seals:
    """The seals of one ceremony, whose name is hashed in only once, however long."""

    def __init__(self, ceremony: str, number: int) -> None:
        self._begun = hashlib.sha256(f"{FORMAT} seal\n{ceremony}\n{number}\n".encode())

    def seal(self, name: str, key: str, share: str) -> str:
        """The seal over a party's key and share."""
        hashed = self._begun.copy()
        hashed.update(f"{name}\n{key}\n{share}".encode())
        return hashed.hexdigest()

    def of(self, party: Party) -> str | None:
        """The seal of a party's opening; None if it has not opened."""
        if party.share is None or party.key is None:
            return None
        return self.seal(party.name, party.key, party.share)


def head(file: DrawFile) -> str:
    """Hash all that is fixed before the first share is opened."""
    bare: dict[str, Any] = msgspec.to_builtins(file)
    for draw in bare["draws"]:
        for key in _ONLY_AFTERWARDS:
            del draw[key]
    for party in (*bare["parties"], bare["spare"]):
        for key in _ONLY_OPENED:
            del party[key]
    return hashlib.sha256(rfc8785.dumps(bare)).hexdigest()


def openings(file: DrawFile, file_head: str) -> str:
    """Hash which parties opened, and what; `file_head` is the file's head."""
    lines = [f"{FORMAT} openings", file_head]
    for party in file.parties:
        lines += (
            [party.name, "-"] if not party.opened else [party.name, f"{party.key}\n{party.share}"]
        )
    return _sha256("\n".join(lines))


def seed(file_openings: str, spare: Party) -> bytes:
    """The 32 bytes that the order is made of. Raises ValueError while the spare is sealed."""
    if not spare.opened:
        raise ValueError("the spare is not opened")
    text = f"{FORMAT} seed\n{file_openings}\n{spare.key}\n{spare.share}"
    return hashlib.sha256(text.encode()).digest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
