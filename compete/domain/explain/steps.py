"""The shape of an explanation: sentences in a tree, each with what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import msgspec

from compete.domain.values import Message, Number, readable, whole


class StepKind(StrEnum):
    """What a step is about."""

    STAGE = "stage"
    MODULE = "module"
    SHEET = "sheet"
    ASPECT = "aspect"
    PANEL = "panel"
    PENALTY = "penalty"
    OUTCOME = "outcome"
    FLAG = "flag"
    PART = "part"
    TOTAL = "total"
    RANK = "rank"
    ADVANCE = "advance"
    FINAL = "final"
    ITEM = "item"
    TEAM = "team"
    AWARD = "award"
    GRADE = "grade"
    RULE = "rule"
    CONDITION = "condition"
    TITLE = "title"
    PERIOD = "period"
    INDICATOR = "indicator"
    ADJUSTMENT = "adjustment"
    VETO = "veto"
    RED_FLAG = "red-flag"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence, what it is about, and the steps that led to it.

    `code` is the code of the stage, module, aspect, award, rule and so on;
    `held` says of a rule or condition whether it holds.
    """

    kind: StepKind
    text: Message
    code: str | None = None
    held: bool | None = None
    steps: tuple[Step, ...] = ()


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one entrant of an event, or one unit of a labour competition."""

    code: str
    name: str
    steps: tuple[Step, ...]


class NobodyError(LookupError):
    """No entrant and no unit that takes part bears this code."""


def every_step(steps: Iterable[Step], depth: int = 0) -> Iterator[tuple[int, Step]]:
    """Every step with how deep it stands, in reading order."""
    for step in steps:
        yield depth, step
        yield from every_step(step.steps, depth + 1)


def number(value: Number) -> str:
    """An exact number for people."""
    return readable(whole(value))


def numbers(values: Iterable[Number], between: str = " + ") -> str:
    return between.join(number(value) for value in values)


def codes(given: Sequence[str]) -> str:
    """Codes in a row."""
    return " ".join(given)
