"""Small things that pages of several audiences show: a chip, a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compete.domain.values.messages import Message
from compete.web.language import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A chip, as the macro `chip` of `_parts/states.html` draws it."""

    text: str
    kind: str
    """Its colour: `ok`, `info`, `warn`, `bad`, `accent`, `solid`, or empty."""
    icon: str | None = None
    """The name of an icon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A choice of a form."""

    value: str
    """The value that the form sends."""
    label: str


def choices(words: Mapping[Any, Message | str]) -> list[Choice]:
    """List the choices of a form, from values and their words."""
    return [Choice(value=str(value), label=say(word)) for value, word in words.items()]


Told = dict[str, Any]
"""One thing as a template is told of it, by the names that are read there."""
