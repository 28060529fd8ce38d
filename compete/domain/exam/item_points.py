"""Points of an item: what an answer is worth by the question's key and the rules of marking.

Points are whole hundredths.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from compete.domain.exam.answers import Key, Near, QuestionKind
from compete.domain.exam.exam_reading import (
    EssayMarking,
    Marking,
    MultipleMarking,
    MultipleRule,
    Question,
    Third,
)
from compete.domain.exam.files import POINTS_PLACES
from compete.domain.exam.folding import compared
from compete.domain.values.points import round_half_up


def hundredths(points: Decimal) -> int:
    """Points of at most two decimals, in hundredths."""
    return int(Fraction(points) * 10**POINTS_PLACES)


def answer_points(question: Question, full: int, key: Key, value: Any, marking: Marking) -> int:
    """The points of an answer to a question with a key; `full` are those of a right one."""
    match key:
        case bool():
            return full if value is key else 0
        case Near():
            answer = compared(value)
            is_near = (
                isinstance(answer, Decimal) and abs(Fraction(answer) - key.value) <= key.within
            )
            return full if is_near else 0
        case tuple():
            right = sum(
                compared(text, case=bool(question.case)) in accepted
                for text, accepted in zip(value, key, strict=True)
            )
            return round_half_up(full * right, len(key), 0)
    if question.kind is QuestionKind.SINGLE:
        return full if value in key else 0
    return _multiple(full, key, frozenset(value), marking.multiple)


def _multiple(full: int, key: frozenset[str], chosen: frozenset[str], by: MultipleMarking) -> int:
    if chosen == key:
        return full
    if not chosen < key or by.rule is MultipleRule.ALL:
        return 0
    if by.rule is MultipleRule.PROPORTION:
        return round_half_up(full * len(chosen), len(key), 0)
    assert by.part is not None
    part = Fraction(by.part)
    if by.rule is MultipleRule.SHARE:
        return round_half_up(full * part, 1, 0)
    return round_half_up(min(full, part * len(chosen) * 10**POINTS_PLACES), 1, 0)


def essay_points(marks: Sequence[Decimal], by: EssayMarking) -> int | None:
    """The points of an essay from its markers' in their order; None while it is pending."""
    if len(marks) < 2:
        return None
    first, other, *thirds = (Fraction(mark) for mark in marks)
    if abs(first - other) <= Fraction(by.line):
        return _mean(first, other)
    if not thirds:
        return None
    third = thirds[0]
    if by.third is Third.FINAL:
        return round_half_up(third, 1, POINTS_PLACES)
    nearer = min(first, other, key=lambda mark: (abs(mark - third), -mark))
    return _mean(nearer, third)


def _mean(first: Fraction, other: Fraction) -> int:
    return round_half_up(first + other, 2, POINTS_PLACES)
