"""Texts longer than their column: refused in words, and alike on every database.

SQLite keeps a text of any length; PostgreSQL would answer with an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import class_mapper

from compete.domain.identity.names import LONGEST_NAME
from compete.domain.values.messages import Message, msg
from compete.services.kernel.refusal import FieldRefused, Refused, invalid

LONGEST_REASON = 500
_HALF = re.compile("[\ud800-\udfff]")
# Control characters, what turns the direction of writing round, and halves of a pair.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def refuse_long_texts(rows: Iterable[Any]) -> None:
    """Raise `Refused` for the first text that its column cannot hold, or that no text may hold."""
    for row in rows:
        for name, most in _limits(type(row)):  # type: ignore[arg-type]
            # What was never loaded was never changed.
            text = row.__dict__.get(name)
            if isinstance(text, str):
                check_text(text, most)


def too_long(text: str, most: int) -> Message:
    """The message beside the field of a text of more than `most` characters."""
    return msg("最多 %(most)s 个字，现在是 %(n)s 个", most=most, n=len(text))


def check_text(text: str, most: int) -> None:
    """Raise `Refused` for a text of more than `most` characters, or that no database keeps."""
    if len(text) > most:
        raise invalid(msg("“%(text)s…”太长了，最多 %(most)s 个字", text=text[:20], most=most))
    if not is_storable(text):
        raise invalid(msg("有看不见的字符，请删掉再试"))


def check_name(name: str) -> None:
    """Raise `Refused` for a person's name that is longer than a name may be."""
    if len(name) > LONGEST_NAME:
        raise invalid(
            msg("姓名最长 %(most)s 个字，现在是 %(found)s 个", most=LONGEST_NAME, found=len(name))
        )
    check_text(name, LONGEST_NAME)


def is_storable(text: str) -> bool:
    """True if a database takes it: no NUL, and no half of a pair, which JSON can bring along."""
    return "\0" not in text and (text.isascii() or _HALF.search(text) is None)


def kept_text(text: str, most: int, wanted: Message | None = None) -> str:
    """A text as it is kept: trimmed, and of no more than `most` characters.

    Raises `Refused` (INVALID), and says what is `wanted`, where there must be one and is none.
    """
    text = text.strip()
    check_text(text, most)
    if wanted is not None and not text:
        raise invalid(wanted)
    return text


def reason_text(text: str, wanted: Message | None = None) -> str:
    """A reason as it is kept, no longer than a reason may be. Raises `FieldRefused`."""
    try:
        return kept_text(text, LONGEST_REASON, wanted)
    except Refused as refused:
        raise FieldRefused("reason", refused.message) from None


@cache
def _limits(table: type[Any]) -> tuple[tuple[str, int], ...]:
    return tuple(
        (column.key, column.columns[0].type.length)
        for column in class_mapper(table).column_attrs
        if isinstance(column.columns[0].type, String) and column.columns[0].type.length
    )


_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")


def ungrouped(text: str) -> str:
    """A number such as 12,345.6 without the commas between its thousands; any other as it is."""
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text
