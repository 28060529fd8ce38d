"""What the preview of a registration workbook shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewColumn:
    """A column of the workbook that is worth showing."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewCell:
    """A cell of the workbook."""

    text: str
    old: str | None = None
    """What stood there before, where the workbook changes it."""
    bad: bool = False
    """Whether something is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """A row of the workbook, and what it would do."""

    number: str
    state: str
    """`added`, `changed`, `same` or `refused`."""
    cells: Mapping[str, PreviewCell]
    """By the key of the column."""
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewFile:
    """The file, its page and how many rows it has."""

    name: str
    sheet: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewUrls:
    """Where the preview leads to."""

    upload: str
    write: str
    discard: str
    refused: str
    """The refused rows as a workbook."""
    again: str | None = None
    """Looking through it once more, where somebody changed the list meanwhile."""
