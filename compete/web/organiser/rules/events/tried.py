"""The marks of the example beside the rules, as fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedField:
    """A mark of the example; `name` is the field's, `note` says what may stand there.

    `options` where it is chosen, not typed; `usual` stands there until somebody types. It can be
    slid up to `most` in steps of `step`, empty where it cannot; `best` is that of the others.
    """

    name: str
    label: str
    type: str
    value: str
    usual: str
    note: str
    options: Sequence[Choice]
    most: str
    step: str
    best: str | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedModule:
    """The example's marks in a module."""

    name: str
    fields: Sequence[TriedField]
