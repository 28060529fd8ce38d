"""The list of marks, cut out of a large JSON file and read by itself.

It can be a thousand times as long as the rest. Nothing written in Python looks
at every mark here: one search and one count over the bytes make sure that all
of them are plain, in the sense of `compete.domain.bundle.reader.plain`.
"""

import re

import msgspec

from compete.domain.bundle.reader.plain import ESCAPED_ASCII
from compete.domain.bundle.types import Mark
from compete.domain.values.numerals import AFTER_POINT, BEFORE_POINT

_SIGN = r"(?:-(?=[0.]*[1-9]))?"
_IN_TEXT = rf'"{_SIGN}[0-9]{{1,{BEFORE_POINT}}}(?:\.[0-9]{{1,{AFTER_POINT}}})?"'
# A decimal of so few digits is its own shortest text.
_BARE = rf"{_SIGN}(?:[0-9]{{1,9}}\.[0-9]{{1,6}}|[0-9]{{1,{BEFORE_POINT}}})(?![0-9.eE])"
_ODD_VALUE = re.compile(
    rf'"(?:value|difficulty)"\s*+:\s*+(?!{_IN_TEXT}|{_BARE}|true|false)'.encode()
)
_KEYS_OF_A_MARK = 6
_SURELY_UNIQUE = 500


class _OnlyMarks(msgspec.Struct):
    marks: msgspec.Raw = msgspec.Raw()


_FIND_MARKS = msgspec.json.Decoder(_OnlyMarks)
_MARKS = msgspec.json.Decoder(tuple[Mark, ...])


def cut_marks(data: bytes) -> tuple[bytes, tuple[Mark, ...]] | None:
    """Cut the marks out: the file with an empty list, and the marks; None if they are not plain."""
    try:
        raw = memoryview(_FIND_MARKS.decode(data).marks)
        start = _place_of(raw, data)
        if start is None or not _are_plain(data, start, start + len(raw)):
            return None
        marks = _MARKS.decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    if not _keys_stand_once(data, start, start + len(raw), marks):
        return None
    return data[:start] + b"[]" + data[start + len(raw) :], marks


def _place_of(raw: memoryview, data: bytes) -> int | None:
    """Find where the list of marks begins; None for one too short to tell from others."""
    if len(raw) < _SURELY_UNIQUE:
        return None
    head = bytes(raw[:_SURELY_UNIQUE])
    start = data.find(head)
    return start if data.find(head, start + 1) == -1 else None


def _are_plain(data: bytes, start: int, end: int) -> bool:
    return (
        data.find(ESCAPED_ASCII, start, end) == -1 and _ODD_VALUE.search(data, start, end) is None
    )


def _keys_stand_once(data: bytes, start: int, end: int, marks: tuple[Mark, ...]) -> bool:
    """True if no key stands twice: every key brings a colon, so as many colons as keys.

    Colons in codes only make the count too high, which costs time and no more.
    """
    colons = data.count(b":", start, end) - _KEYS_OF_A_MARK * len(marks)
    if colons:
        colons -= sum(1 + mark.at.count(":") for mark in marks if mark.at is not None)
        colons -= sum(mark.difficulty is not None for mark in marks)
    return colons == 0
