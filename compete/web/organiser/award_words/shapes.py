"""Shapes of the page of an award certificate's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class WordField:
    """One text of the form."""

    key: str
    label: str
    text: str
    """As kept, or as it was typed."""
    hint: str
    most: int
    rows: int | None
    """Of a text of several lines."""
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """The certificates that other words are for, with the choices; none if there is only one."""

    event: str
    events: Sequence[Choice]
    sort: str
    sorts: Sequence[Choice]
    award: str
    awards: Sequence[Choice]
    problem: str | None
