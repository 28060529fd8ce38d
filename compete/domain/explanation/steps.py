"""Steps of an explanation: sentences in a tree, each with what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from compete.domain.aspects.clock_times import told_time
from compete.domain.values.equations import number_text
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, readable, whole


class StepKind(StrEnum):
    """The subject of a step."""

    STAGE = "stage"
    MODULE = "module"
    SHEET = "sheet"
    ASPECT = "aspect"
    PANEL = "panel"
    PENALTY = "penalty"
    TIME = "time"
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
    `met` says of a rule or condition whether it is.
    """

    kind: StepKind
    text: Message
    code: str | None = None
    met: bool | None = None
    steps: tuple[Step, ...] = ()


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one entrant of an event, or one unit of a labour competition."""

    code: str
    name: str
    steps: tuple[Step, ...]


class NobodyError(LookupError):
    """Error: no entrant and no unit that takes part bears this code."""


def every_step(steps: Iterable[Step], depth: int = 0) -> Iterator[tuple[int, Step]]:
    """List every step with its depth, in reading order."""
    for step in steps:
        yield depth, step
        yield from every_step(step.steps, depth + 1)


number = number_text


def reason_words(reason: str | None, extra: Mapping[str, Any] | None) -> Message | str:
    """The reason of a decision; or that it was not published, or not written."""
    if reason:
        return reason
    kept_back = (extra or {}).get("withheld")
    if isinstance(kept_back, list) and "reason" in kept_back:
        return msg("原因没有公布")
    return msg("没有写原因")


def compared(better: Number, worse: Number, sign: str) -> str:
    """Write two different numbers with the sign between them, with places enough to differ."""
    most = 4
    while readable(whole(better), most) == readable(whole(worse), most):
        most *= 2
    return f"{readable(whole(better), most)} {sign} {readable(whole(worse), most)}"


def seconds_words(text: str) -> Message:
    """Write seconds also as a watch shows them; a shortened number (`…`) is not."""
    if text.endswith("…"):
        return msg("%(seconds)s 秒", seconds=text)
    return told_time(Decimal(text))


def times_compared(better: Number, worse: Number, sign: str) -> Message:
    """Compare seconds as `compared` does."""
    texts = compared(better, worse, sign).split(f" {sign} ")
    return msg(
        "%(better)s %(sign)s %(worse)s",
        better=seconds_words(texts[0]),
        sign=sign,
        worse=seconds_words(texts[1]),
    )


def numbers(values: Iterable[Number], between: str = " + ") -> str:
    return between.join(number(value) for value in values)


def codes(given: Sequence[str]) -> str:
    """Write codes in a row."""
    return " ".join(given)


def behind_words(rank: int | None, why: Message) -> Message:
    """Say behind which place somebody with the same total stands, and why."""
    return msg("在第 %(rank)s 名之后：%(why)s", rank=rank, why=why)


def beside_words(other: str, why: Message, *, level: bool, behind: bool) -> Message:
    """Say that somebody shares a place with another, or stands behind or before them, and why."""
    if level:
        return msg("与 %(other)s 并列：%(why)s", other=other, why=why)
    if behind:
        return msg("在 %(other)s 之后：%(why)s", other=other, why=why)
    return msg("在 %(other)s 之前：%(why)s", other=other, why=why)
