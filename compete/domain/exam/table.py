"""The table a paper is put together by (组卷方案): its types and its file, `compete-table/1`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta

from compete.domain.bundle.checks.codes import nowhere
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.reader.words import clipped
from compete.domain.exam.answers import QuestionKind
from compete.domain.exam.bank import DIFFICULTY_PLACES, Bank, Pool, Question, QuestionState
from compete.domain.exam.files import (
    POINTS_PLACES,
    Code,
    Positive,
    Record,
    Text,
    Whole,
    note_number,
    note_twice,
    shaped,
    tree_of,
)
from compete.domain.exam.syllabus import Importance
from compete.domain.values.days import date_words, months_later
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.points import shortest

FORMAT = "compete-table/1"


class Line(Record, frozen=True, kw_only=True):
    """How many questions of a kind are wanted, from where, and what each is worth."""

    kind: QuestionKind
    count: Positive
    points: Decimal
    node: Code | None = None


class Limits(Record, frozen=True, kw_only=True):
    """How many items of a form may be of a class of importance."""

    at_least: Whole | None = None
    at_most: Whole | None = None


class ImportanceLimits(Record, frozen=True, kw_only=True):
    """The limits of each class."""

    X: Limits | None = None
    Y: Limits | None = None
    Z: Limits | None = None

    def of(self, importance: Importance) -> Limits | None:
        """The limits of a class."""
        limits: Limits | None = getattr(self, importance.value)
        return limits


class DifficultyAim(Record, frozen=True, kw_only=True):
    """The mean that a form should have, and how far means may lie from it and from each other."""

    target: Decimal
    band: Decimal
    apart: Decimal | None = None


class Rest(Record, frozen=True, kw_only=True):
    """How long a question has to have been out of use on the day of the sitting."""

    months: Whole
    day: date


class Table(Record, frozen=True, kw_only=True):
    """What a paper should be like."""

    format: Literal["compete-table/1"]
    code: Code
    name: Text
    total: Decimal
    minutes: Annotated[int, Meta(ge=1, le=600)]
    lines: Annotated[tuple[Line, ...], Meta(min_length=1)]
    forms: Annotated[tuple[Code, ...], Meta(min_length=1, max_length=3)] = ("A",)
    importance: ImportanceLimits | None = None
    difficulty: DifficultyAim | None = None
    rest: Rest | None = None
    pool: Pool = Pool.SECRET
    one_per_family: bool = True
    one_per_point: bool = True

    def limits(self, importance: Importance) -> Limits:
        """The limits of a class, empty ones where there are none."""
        return (self.importance and self.importance.of(importance)) or Limits()


def read_table(data: bytes) -> Table:
    """The table in a file's bytes. Raises `BundleError`, with all that is wrong, for any other."""
    problems = Problems()
    table = shaped(Table, tree_of(data, problems), problems)
    if table is UNREADABLE:
        problems.refuse()
    note_twice(table.forms, "forms", problems)
    _note_lines(table, problems)
    for importance in Importance:
        limits = table.limits(importance)
        place = f"importance.{importance}"
        if table.importance and table.importance.of(importance) and limits is not UNREADABLE:
            if limits.at_least is None and limits.at_most is None:
                problems.add(place, msg("at_least 和 at_most 至少写一个"))
            elif (
                limits.at_least is not None
                and limits.at_most is not None
                and limits.at_least > limits.at_most
            ):
                problems.add(f"{place}.at_least", msg("at_least 不能大于 at_most"))
    if table.difficulty:
        for name, most in ("target", 1), ("band", None), ("apart", None):
            value, place = getattr(table.difficulty, name), f"difficulty.{name}"
            note_number(value, place, problems, least=0, most=most, places=DIFFICULTY_PLACES)
    problems.refuse()
    return table


def _note_lines(table: Table, problems: Problems) -> None:
    first: dict[tuple[str | None, QuestionKind], int] = {}
    for number, line in enumerate(table.lines):
        if line is UNREADABLE:
            continue
        place = f"lines[{number}]"
        note_number(line.points, f"{place}.points", problems, above=0, places=POINTS_PLACES)
        same = first.setdefault((line.node, line.kind), number)
        if same != number:
            sentence = msg("和 %(where)s 的范围和题型一样", where=f"lines[{same}]")
            problems.add(place, sentence)
    worths = [line.points for line in table.lines]
    counts = [line.count for line in table.lines]
    if not worths or any(value is UNREADABLE for value in (*worths, *counts, table.total)):
        return
    total = sum(
        (count * Fraction(points) for count, points in zip(counts, worths, strict=True)),
        Fraction(),
    )
    if total != table.total:
        sentence = msg(
            "各行的题数乘分值加起来是 %(sum)s，不是 %(total)s",
            sum=shortest(total),
            total=plain(table.total),
        )
        problems.add("total", sentence)


def refuse_unknown_nodes(table: Table, bank: Bank) -> None:
    """Raise `BundleError` where a line names a node that the bank lacks."""
    problems = Problems()
    nodes = {node.code for node in bank.syllabus}
    for number, line in enumerate(table.lines):
        if line.node is not None and line.node not in nodes:
            problems.add(f"lines[{number}].node", nowhere(clipped(line.node), msg("题库")))
    problems.refuse()


def why_not(question: Question, table: Table) -> Message | None:
    """Why a question cannot be used by a table; None where it can."""
    if question.state is not QuestionState.IN_USE:
        return msg("这道题不在用")
    if question.pool is not table.pool:
        return msg("这道题不属于方案要的题库部分")
    if table.rest is not None:
        latest = _months_before(table.rest.day, table.rest.months)
        for use in question.uses:
            if latest is None or use.day > latest:
                return msg("这道题 %(day)s 用过，还没有歇够", day=date_words(use.day))
    return None


def _months_before(day: date, months: int) -> date | None:
    """The same day so many months earlier, or the last of that month; None before the year 1."""
    try:
        return months_later(day, -months)
    except (ValueError, OverflowError):
        return None
