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
    """The text as kept, or as it was typed."""
    hint: str
    most: int
    rows: int | None
    """The number of lines, for a text of several."""
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
