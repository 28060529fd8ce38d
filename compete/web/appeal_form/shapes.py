"""Shapes of the page for appealing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.models import Appeal
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """A module or an aspect of it, to be chosen."""

    key: str
    name: str
    note: str | None
    """The score that was given, or why it cannot be chosen."""
    shut: bool
    until: str | None
    """The limit as the browser's clock reads it (ISO 8601), for the countdown."""
    until_words: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemGroup:
    """A module and its aspects."""

    whole: ItemRow
    parts: Sequence[ItemRow]
    open: bool
    """True if one of the parts was chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stop on the way of an appeal."""

    at: str
    title: str
    text: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealCard:
    """An appeal, as the person who filed it follows it."""

    appeal: Appeal
    what: str
    chip: Chip
    steps: Sequence[Step]
    decision: str | None
    reason: str | None
    added: Sequence[tuple[str, str]]
    """Words or photos that were put with it: when, and what."""
    meanwhile: bool
    """True if results may still change by it."""
    received: str | None
    """The second at which it came in, in the largest figures, just after it did."""
    in_time: str | None
    files_until: str | None
    """Says that files may still follow the words, and until when."""
    urls: Mapping[str, str]
    """The address of each act that can be taken now: `add`, `withdraw`, `accept`, `go_on`."""
