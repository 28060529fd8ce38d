"""Typed text made ready to be set: one line, composed, without signs that draw nothing.

Names come out of other people's workbooks, with line breaks, tabs, zero-width
spaces and marks of writing direction. On paper they are room or nothing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

GETA = "〓"
"""The sign that printers have always set where a character is lacking."""

# Zero-width spaces and joiners, marks of direction, soft hyphens, byte order marks.
_SILENT = dict.fromkeys(
    [
        *(0x00AD, 0x061C, 0x180E, 0xFEFF),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFFF9, 0xFFFC),
    ]
)


def one_line(text: str) -> str:
    """Put `text` on one line in composed form: breaks, tabs and other controls become one space.

    An ideographic space stays as wide as it is.
    """
    if text.isascii() and text.isprintable():
        return text
    return _composed(text)


# A run of score sheets says the same few hundred texts a hundred thousand times.
@lru_cache(maxsize=2000)
def _composed(text: str) -> str:
    plain = unicodedata.normalize("NFC", text.translate(_SILENT))
    if plain.isprintable():
        return plain
    room = "".join(" " if _is_control(character) else character for character in plain)
    return " ".join(part for part in room.split(" ") if part)


def tidied(value: object) -> object:
    """A record with all its texts, at any depth, on one line each."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, Mapping):
        return {key: tidied(inner) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [tidied(inner) for inner in value]
    return value


def texts_in(value: object) -> Iterator[str]:
    """Every text inside a record, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from texts_in(inner)


def replaced(value: object, missing: Sequence[str]) -> object:
    """A record with `GETA` in the place of each missing character."""
    if isinstance(value, str):
        for character in missing:
            value = value.replace(character, GETA)
        return value
    if isinstance(value, Mapping):
        return {key: replaced(inner, missing) for key, inner in value.items()}
    if isinstance(value, Sequence):
        return [replaced(inner, missing) for inner in value]
    return value


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Zl", "Zp")
