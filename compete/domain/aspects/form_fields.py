"""Fields of an aspect type in forms of rules, in an example and in marking schemes, as data.

A row of a form or of a workbook has texts. `Own` are those that mean something to its type,
each under the key of a `FormField`; what is empty is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar

import msgspec

from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import number_in_text, plain

Own = Mapping[str, str]
SchemeWords = tuple[str, Sequence[str]]
"""A rule in a marking scheme: its first line, and those below."""

SchemeKeys = tuple[Own, int]
"""The keys that such words mean, and how many of the lines below belong to them."""

NUMBER = r"(\d{1,18}(?:\.\d{1,12})?)"
"""A number in the words of a marking scheme, as a group of a pattern."""

YES, NO = "yes", "no"
"""The values of what is chosen and not typed, in an example's field."""


class FieldInput(Enum):
    """The way in which a field is filled in."""

    NUMBER = "number"
    LINES = "lines"
    CHOICE = "choice"


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a row: by itself a number, under the key that a file has for it.

    `short` says it in a list of what differs, `usual` is what stands in it where nothing was
    said, `also` are other keys of a file whose problems are told beside it.
    """

    input: ClassVar[FieldInput] = FieldInput.NUMBER

    key: str
    label: Message
    short: Message | None = None
    hint: Message | str = ""
    choices: tuple[tuple[str, Message], ...] = ()
    usual: str = ""
    also: tuple[str, ...] = ()

    def tidy(self, typed: str) -> str:
        """Tidy typed text before it is kept; digits of any keyboard become digits."""
        return unicodedata.normalize("NFKC", typed).strip()

    def text(self, aspect: Mapping[str, Any]) -> str:
        """The field's text for an aspect as a file writes it."""
        value = aspect.get(self.key)
        return "" if value is None else plain(Decimal(value))

    def file_values(self, text: str) -> dict[str, Any]:
        """The keys of a file that a text stands for, empty ones too; `a.b` is a key within one."""
        return {self.key: text}


class LinesField(FormField, frozen=True, kw_only=True):
    """A field of several texts, a line each."""

    input: ClassVar[FieldInput] = FieldInput.LINES

    def tidy(self, typed: str) -> str:
        return "\n".join(lines_in(typed))

    def text(self, aspect: Mapping[str, Any]) -> str:
        return "\n".join(map(str, aspect.get(self.key) or ()))

    def file_values(self, text: str) -> dict[str, Any]:
        return {self.key: lines_in(text)}


class ChoiceField(FormField, frozen=True, kw_only=True):
    """A field with one of `choices`."""

    input: ClassVar[FieldInput] = FieldInput.CHOICE

    def tidy(self, typed: str) -> str:
        return typed

    def text(self, aspect: Mapping[str, Any]) -> str:
        return str(aspect.get(self.key) or "")


STEP = FormField(key="step", label=msg("每档几分"), hint=msg("空着：1 分一档"))
"""The step of marks that a judge gives as such."""

LEAST = FormField(key="min", label=msg("最低可以扣到几分"), hint=msg("空着：0 分；如 -1"))
"""The least marks, where they may lie below 0."""

SLIDER_STEP = "0.5"
"""The step of a slider where marks go down to hundredths."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """A middling value to try a draft with, and the field in which it stands.

    `note` says what may stand there. `most` and `step` are up to where and how finely it can be
    slid, `choices` what it is chosen from, `best` the best of the others where one is compared.
    """

    value: str
    note: Message | None = None
    most: str = ""
    step: str = ""
    choices: tuple[tuple[str, Message], ...] = ()
    best: str | None = None


def lines_in(text: str) -> list[str]:
    """The lines that are not empty."""
    return [line for raw in text.splitlines() if (line := raw.strip())]


def numbered(lines: Sequence[str], start: int) -> list[str]:
    """Lines, each with its number before it."""
    return [f"{number} {line}" for number, line in enumerate(lines, start=start)]


def read_numbered(lines: Sequence[str], start: int) -> str | None:
    """The lines without their numbers; None where these do not run on from `start`."""
    matches = [re.fullmatch(r"(\d{1,3})(?:[.、:： ]\s*(.*))?", line) for line in lines]
    if [int(it[1]) if it else -1 for it in matches] != list(range(start, start + len(lines))):
        return None
    return "\n".join(it[2] or "" for it in matches if it)


def above_zero(text: str) -> Decimal | None:
    """The number that a text is, where it is above 0."""
    number = number_in_text(text)
    return number if number is not None and number > 0 else None
