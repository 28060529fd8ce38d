"""Canonical JSON: one text for one value, so that a hash of it means something (RFC 8785).

Points and seconds are texts in what we sign; where another number does stand, it is
written as RFC 8785 says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from typing import Any

import msgspec
import rfc8785

SAFE = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly."""

_TEXT = frozenset({str})
_SIMPLE = frozenset({str, bool, type(None)})
_encode = msgspec.json.Encoder(order="sorted").encode


def canonical_json(value: Any) -> bytes:
    """Write the value as UTF-8, by RFC 8785.

    Raises ValueError for what has no such text: a whole number beyond ±(2⁵³ − 1), an
    infinite one, half a character, a value of no JSON type.
    """
    if _is_plain(value):
        # Hundreds of thousands of rows are sealed at once, and of these values every encoder
        # makes the same text; a test holds it to that.
        try:
            return _encode(value)
        except (ValueError, OverflowError):
            pass
    return rfc8785.dumps(value)


def canonical_sha256(value: Any) -> str:
    """SHA-256 in hex of the canonical text."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def sealed_text(value: Any) -> bytes:
    """The text that a new seal covers, for any value of the database.

    It is the canonical one; what has none keeps the earlier one, so that there is
    something to hold what was spoilt against.
    """
    try:
        return canonical_json(value)
    except ValueError:
        return earlier_text(value)


def short_mark(value: Any) -> str:
    """A mark of 16 digits that tells values apart where nothing is signed, as of a page's contents.

    Over the text of every seal, so that who reads the same thing otherwise has the same mark.
    """
    return hashlib.sha256(sealed_text(value)).hexdigest()[:16]


def _is_plain(value: Any) -> bool:
    """True if there is no fraction in it, no number beyond the safe ones, no key beyond ASCII."""
    kind = type(value)
    if kind is list:
        return _are_plain(value)
    if kind is dict:
        names = _TEXT.issuperset(map(type, value)) and "".join(value).isascii()
        return names and _are_plain(value.values())
    return kind in _SIMPLE or (kind is int and -SAFE <= value <= SAFE)


def _are_plain(values: Collection[Any]) -> bool:
    return _SIMPLE.issuperset(map(type, values)) or all(
        _is_plain(value) for value in values if type(value) not in _SIMPLE
    )


def earlier_text(value: Any) -> bytes:
    """The text that seals covered at first: keys by code points, numbers in Python's way."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


SEALED_TEXTS: tuple[Callable[[Any], bytes], ...] = (sealed_text, earlier_text)
"""The texts that a good seal may cover, the newest first."""
