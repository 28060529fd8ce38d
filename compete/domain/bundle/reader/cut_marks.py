"""The list of marks, cut out of a large JSON file and read by itself.

It can be a thousand times as long as the rest. One count over the bytes, and a look
at each different number, make sure that all of them are plain, in the sense of
`compete.domain.bundle.reader.plain`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from compete.domain.bundle.reader.plain import ESCAPED_ASCII, is_odd_number
from compete.domain.bundle.types import Mark
from compete.domain.values.numerals import AFTER_POINT, BEFORE_POINT, number_in_text

_SIGN = r"(?:-(?=[0.]*[1-9]))?"
_IN_TEXT = rf'"{_SIGN}[0-9]{{1,{BEFORE_POINT}}}(?:\.[0-9]{{1,{AFTER_POINT}}})?"'
# A decimal of so few digits is its own shortest text.
_BARE = rf"{_SIGN}(?:[0-9]{{1,9}}\.[0-9]{{1,6}}|[0-9]{{1,{BEFORE_POINT}}})(?![0-9.eE])"
_NO_PLAIN = rf'"\s*+:\s*+(?!{_IN_TEXT}|{_BARE}|true|false)'
# The letters come first: a search for them is many times quicker than one for quotes.
_ODD_VALUE = re.compile(rf"value{_NO_PLAIN}".encode())
_ODD_DIFFICULTY = re.compile(rf"difficulty{_NO_PLAIN}".encode())
_KEYS_OF_A_MARK = 6
_SURELY_UNIQUE = 500
_GAP = re.compile(rb"\}[ \t\r\n]*,[ \t\r\n]*\{")
_PIECE = 1 << 15


class _OnlyMarks(msgspec.Struct):
    marks: msgspec.Raw = msgspec.Raw()


_FIND_MARKS = msgspec.json.Decoder(_OnlyMarks)
_MARKS = msgspec.json.Decoder(tuple[Mark, ...])
_TEXTS = {"value": bool | str, "difficulty": str | None}
_WrittenMark = msgspec.defstruct(
    "WrittenMark",
    [
        (field.name, _TEXTS.get(field.name, field.type))
        if field.required
        else (field.name, _TEXTS.get(field.name, field.type), field.default)
        for field in msgspec.structs.fields(Mark)
    ],
    kw_only=True,
    gc=False,
    forbid_unknown_fields=True,
)
_LIST: Any = list
_WRITTEN_MARKS: msgspec.json.Decoder[list[Any]] = msgspec.json.Decoder(_LIST[_WrittenMark])
"""Marks whose numbers are still the texts that they are in the file."""


def cut_marks(data: bytes) -> tuple[bytes, tuple[Mark, ...]] | None:
    """Cut the marks out: the file with an empty list, and the marks; None if they are not plain."""
    try:
        raw = memoryview(_FIND_MARKS.decode(data).marks)
        start = _place_of(raw, data)
        if start is None or _has_escapes(data, start, start + len(raw)):
            return None
        marks = _marks_of_texts(data, start, start + len(raw))
        if marks is None:
            if _has_odd_numbers(data, start, start + len(raw)):
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


def _marks_of_texts(data: bytes, start: int, end: int) -> tuple[Mark, ...] | None:
    """The marks, equal codes and numbers one object each; None where not all are plain texts.

    Making a number of each text, and telling equal numbers, costs more than all the rest.
    """
    marks: list[Mark] = []
    codes: dict[str, str] = {}
    numbers: dict[str | bool, Decimal | bool] = {True: True, False: False}
    stage = module = entrant = judge = ""
    for piece in _pieces(data, start, end):
        try:
            pieces_marks = _WRITTEN_MARKS.decode(piece)
        except msgspec.DecodeError:
            return None
        for mark in pieces_marks:
            if (
                mark.judge != judge
                or mark.entrant != entrant
                or mark.module != module
                or mark.stage != stage
            ):
                stage = codes.setdefault(mark.stage, mark.stage)
                module = codes.setdefault(mark.module, mark.module)
                entrant = codes.setdefault(mark.entrant, mark.entrant)
                judge = codes.setdefault(mark.judge, mark.judge)
            number = numbers.get(mark.value)
            if number is None:
                number = _plain_number(mark.value)
                if number is None:
                    return None
                numbers[mark.value] = number
            difficulty = mark.difficulty
            if difficulty is not None:
                difficulty = _plain_number(difficulty)
                if difficulty is None:
                    return None
            marks.append(
                Mark(
                    stage=stage,
                    module=module,
                    entrant=entrant,
                    judge=judge,
                    aspect=codes.setdefault(mark.aspect, mark.aspect),
                    value=number,
                    difficulty=difficulty,
                    at=mark.at,
                    extra=mark.extra,
                )
            )
    return tuple(marks)


def _pieces(data: bytes, start: int, end: int) -> Iterator[bytes]:
    """The list in pieces that are lists themselves: what is made of one stays in the cache.

    A brace in a text may end a piece too early; no reader takes that for a list.
    """
    opening = b""
    while gap := _GAP.search(data, start + _PIECE, end):
        yield opening + data[start : gap.start() + 1] + b"]"
        start, opening = gap.end() - 1, b"["
    yield opening + data[start:end]


def _plain_number(text: str) -> Decimal | None:
    """The number that a text is to every reader; None for none, and for a nought below 0."""
    number = number_in_text(text)
    return None if number is None or is_odd_number(text) else number


def _has_escapes(data: bytes, start: int, end: int) -> bool:
    # The byte alone is found many times quicker than four of them.
    return data.find(b"\\", start, end) != -1 and data.find(ESCAPED_ASCII, start, end) != -1


def _has_odd_numbers(data: bytes, start: int, end: int) -> bool:
    if data.find(b'difficulty"', start, end) != -1 and _ODD_DIFFICULTY.search(data, start, end):
        return True
    return _ODD_VALUE.search(data, start, end) is not None


def _keys_stand_once(data: bytes, start: int, end: int, marks: tuple[Mark, ...]) -> bool:
    """True if no key stands twice: every key brings a colon, so as many colons as keys.

    Colons in codes only make the count too high, which costs time and no more.
    """
    colons = data.count(b":", start, end) - _KEYS_OF_A_MARK * len(marks)
    if colons:
        colons -= sum(1 + mark.at.count(":") for mark in marks if mark.at is not None)
        colons -= sum(mark.difficulty is not None for mark in marks)
    return colons == 0
