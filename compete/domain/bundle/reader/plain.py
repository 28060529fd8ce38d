"""The quick way into a bundle, for JSON files that are plainly right.

msgspec reads a file straight into the types, many times faster than anything
that can explain itself. But it is more lenient than the format: of a key that
stands twice it takes the last, and a text such as `1_000` or `1e3` is a number
to it. So a cheap look first makes sure that nothing of the kind is there. What
does not pass is not wrong yet: it goes the slow way.
"""

import json
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import msgspec

from compete.domain.bundle.types import Bundle
from compete.domain.bundle.version_types import Dialect, dialect_of, type_in
from compete.domain.values.numerals import number_in_text

_BUNDLE = msgspec.json.Decoder(Bundle)
ESCAPED_ASCII = b"\\u00"
_LONGEST_WHOLE = 18
_OF_ODD_WORDS = "iInNsS"
"""Letters with which words such as NaN begin, which are numbers to some reader."""
# A decimal of so few signs is its own shortest text, and has at most twelve places.
_LONGEST_DECIMAL = 14


class _NotPlainError(Exception):
    """Error: something that only the slow way can judge."""


def plain_bundle(data: bytes) -> Bundle | None:
    """Read the bundle; None where the file is wrong or needs a closer look."""
    if b'"extra"' in data or ESCAPED_ASCII in data:
        return None
    try:
        _LOOK.decode(data.decode())
        bundle = _BUNDLE.decode(data)
        _decoder_of(dialect_of(bundle.format, bundle.competition.kind)).decode(data)
        return bundle
    except (_NotPlainError, msgspec.MsgspecError, ValueError, RecursionError):
        return None


@cache
def _decoder_of(dialect: Dialect) -> msgspec.json.Decoder[Any]:
    """The decoder that refuses what the file's version and kind do not know."""
    return msgspec.json.Decoder(type_in(dialect, Bundle))


def _look_at_object(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise _NotPlainError
    for _, value in pairs:
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, str) and is_odd_number(item):
                raise _NotPlainError


def is_odd_number(text: str) -> bool:
    """True if msgspec would take the text for a number, and the format would not."""
    if text[:1].isalpha() and text[0] not in _OF_ODD_WORDS:
        return False
    if number_in_text(text) is not None:
        return text[0] == "-" and not Decimal(text)
    try:
        Decimal(text)
    except InvalidOperation:
        return False
    return True


def _look_at_number(text: str) -> None:
    if text.isdigit() and len(text) <= _LONGEST_WHOLE:
        return
    if (
        len(text) > _LONGEST_DECIMAL
        or "e" in text.lower()
        or (text[0] == "-" and not Decimal(text))
    ):
        raise _NotPlainError


def _look_at_constant(_text: str) -> None:
    raise _NotPlainError


_LOOK = json.JSONDecoder(
    object_pairs_hook=_look_at_object,
    parse_int=_look_at_number,
    parse_float=_look_at_number,
    parse_constant=_look_at_constant,
)
