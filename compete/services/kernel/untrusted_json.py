"""JSON that comes from outside: read as a type, or not at all."""

from __future__ import annotations

from typing import TypeVar

import msgspec

Wanted = TypeVar("Wanted")


def read_json(data: bytes | str, kind: type[Wanted]) -> Wanted | None:
    """Read the JSON text as `kind`; None where it is no such thing.

    Neither bytes that are no UTF-8 nor a hundred thousand brackets in each
    other are an error of the program.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
