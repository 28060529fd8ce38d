"""Results of a theory examination, in the shape of their file; attributes stand in its order.

Points and shares are texts with exactly the stated places.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class _Row(msgspec.Struct, frozen=True, gc=False):
    """Base of result rows."""


class ItemResult(_Row, frozen=True):
    question: str
    value: Any
    points: str | None


class SectionResult(_Row, frozen=True):
    section: str
    points: str | None
    of: str


class LeftOut(_Row, frozen=True):
    uuid: str
    why: str


class SittingResult(_Row, frozen=True):
    sitting: str
    form: str
    verdict: str
    total: str | None
    flags: list[str]
    items: list[ItemResult]
    profile: list[SectionResult]
    left_out: list[LeftOut]


class Changed(_Row, frozen=True):
    """A sitting that corrected keys gave another total or verdict."""

    sitting: str
    from_: str | None = msgspec.field(name="from")
    to: str | None
    verdict_from: str
    verdict_to: str


class OptionResult(_Row, frozen=True):
    option: str
    share: str | None


class QuestionResult(_Row, frozen=True):
    question: str
    n: int
    struck: bool
    share: str | None
    correlation: str | None
    unanswered: str | None
    options: list[OptionResult]
    flags: list[str]


class FormResult(_Row, frozen=True):
    form: str
    n: int
    passed: int
    mean: str | None
    alpha: str | None


class ExamResults(_Row, frozen=True):
    format: Literal["compete-exam-results/1"]
    exam: str
    sittings: list[SittingResult]
    changed: list[Changed]
    questions: list[QuestionResult]
    forms: list[FormResult]


def write_exam_results(results: ExamResults) -> bytes:
    """The results as the bytes of a JSON file, keys in the documented order."""
    return msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n"
