"""One text for one JSON value, so that a hash of it means something.

The form is that of RFC 8785 for what we sign: objects, lists, texts, whole
numbers, true, false and null. Points and seconds are texts; a binary float is
refused, since two programs may write it differently.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

SAFE = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly."""


def canonical_json(value: Any) -> bytes:
    """The value as UTF-8: no spaces, keys in the order of their UTF-16 code units.

    Raises TypeError for a float or any other type, ValueError for a whole
    number beyond ±(2⁵³ − 1).
    """
    return json.dumps(
        _ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def canonical_sha256(value: Any) -> str:
    """SHA-256 in hex of the canonical text."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _ordered(value: Any) -> Any:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        if abs(value) > SAFE:
            raise ValueError(f"{value} is too large for a JSON number")
        return value
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    raise TypeError(f"{type(value).__name__} has no canonical text")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
