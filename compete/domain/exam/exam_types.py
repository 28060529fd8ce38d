"""The file of a theory examination as values: attributes are the file's keys.

`docs/exam.md` tells what each means.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from compete.domain.exam.answers import QuestionKind
from compete.domain.exam.files import Code, Instant, Positive, Record, Text, Whole

LATEST_MINUTES = 1440


class MultipleRule(StrEnum):
    """What a part of the right options of a multiple is worth."""

    ALL = "all"
    SHARE = "share"
    EACH = "each"
    PROPORTION = "proportion"


class Third(StrEnum):
    """What a third marker's points do."""

    FINAL = "final"
    NEAREST = "nearest"


class State(StrEnum):
    """What became of a sitting."""

    SAT = "sat"
    ABSENT = "absent"
    VOID = "void"


class MultipleMarking(Record, frozen=True, kw_only=True):
    rule: MultipleRule = MultipleRule.ALL
    part: Decimal | None = None


class EssayMarking(Record, frozen=True, kw_only=True):
    line: Decimal = Decimal(0)
    third: Third = Third.NEAREST


class Marking(Record, frozen=True, kw_only=True):
    multiple: MultipleMarking = MultipleMarking()
    essay: EssayMarking = EssayMarking()


class PaperOf(Record, frozen=True, kw_only=True):
    """The file that the forms are from."""

    sha256: Text


class Section(Record, frozen=True, kw_only=True):
    code: Code
    name: Text


class Question(Record, frozen=True, kw_only=True):
    """A question of the examination; `key` hangs on its kind."""

    code: Code
    version: Positive
    kind: QuestionKind
    section: Code
    points: Decimal
    options: tuple[Code, ...] = ()
    key: Any = None
    tolerance: Decimal | None = None
    relative: Decimal | None = None
    case: bool | None = None


class Form(Record, frozen=True, kw_only=True):
    form: Code
    questions: Annotated[tuple[Code, ...], Meta(min_length=1)]


class CorrectedKey(Record, frozen=True, kw_only=True):
    """A key put right, or a question struck out, by two people."""

    question: Code
    number: Positive
    key: Any = None
    struck: bool | None = None
    tolerance: Decimal | None = None
    relative: Decimal | None = None
    reason: Text
    asked_by: Text
    agreed_by: Text
    at: Instant


class Device(Record, frozen=True, kw_only=True):
    device: Code
    from_: Instant = msgspec.field(name="from")


class Grant(Record, frozen=True, kw_only=True):
    """Time granted besides."""

    seconds: Positive
    reason: Text
    by: Text
    at: Instant


class Reading(Record, frozen=True, kw_only=True):
    """A device's clock held against the server's after its act `seq`."""

    device: Code
    seq: Whole
    device_at: Instant
    server_at: Instant


class HandIn(Record, frozen=True, kw_only=True):
    device: Code
    seq: Whole
    at: Instant


class Act(Record, frozen=True, kw_only=True):
    """An answer given or taken back; `value` hangs on the question's kind."""

    uuid: Code
    item: Code
    value: Any = None
    said_at: Instant
    held_at: Instant
    device: Code
    seq: Positive
    brought_by: tuple[Text, ...] = ()


class Sitting(Record, frozen=True, kw_only=True):
    """A person's sitting, under a blind code."""

    code: Code
    form: Code
    state: State = State.SAT
    reason: Text | None = None
    starts_at: Instant
    ends_at: Instant
    devices: tuple[Device, ...] = ()
    grants: tuple[Grant, ...] = ()
    readings: tuple[Reading, ...] = ()
    hand_in: HandIn | None = None
    acts: tuple[Act, ...] = ()


class EssayMark(Record, frozen=True, kw_only=True):
    sitting: Code
    question: Code
    marker: Code
    points: Decimal


class Exam(Record, frozen=True, kw_only=True):
    """A whole examination. One from `read_exam` keeps the format's every rule."""

    format: Literal["compete-exam/1"]
    code: Code
    name: Text | None = None
    pass_: Decimal = msgspec.field(name="pass")
    late_minutes: Annotated[int, Meta(ge=0, le=LATEST_MINUTES)] = 30
    paper: PaperOf | None = None
    marking: Marking = Marking()
    sections: Annotated[tuple[Section, ...], Meta(min_length=1)]
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]
    forms: Annotated[tuple[Form, ...], Meta(min_length=1)]
    keys: tuple[CorrectedKey, ...] = ()
    sittings: tuple[Sitting, ...]
    marks: tuple[EssayMark, ...] = ()
