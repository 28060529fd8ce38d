"""Shapes of the pages that set up events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.shapes import Choice

Words = Mapping[str, Mapping[str, str]]
"""The words of each list of choices: the list's name, then value and word."""
Choices = Mapping[str, Sequence[Choice]]
"""The same, to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A fault somewhere in the form; `field` shows it too, or is empty if none does."""

    place: str
    what: str
    field: str = ""
    step: str = ""
