"""How a judge's value became marks, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from compete.domain.bundle import Aspect
from compete.domain.explain.steps import number
from compete.domain.marking import QUANTITY, ModuleBook, takes_seconds
from compete.domain.values import AspectType, Message, Number, divided, exact, msg

Value = Decimal | bool


def given_value(aspect: Aspect, value: Value) -> str:
    """A judge's value as it was given; a tick or a cross for yes and no."""
    if aspect.type is AspectType.MEASUREMENT and not aspect.bands:
        return "✓" if value else "✗"
    return number(exact(value))


def marks_sentence(
    book: ModuleBook, entrant: str, position: int, value: Value | None, marks: Number
) -> Message:
    """What was given, by which rule it counts, and the marks it makes before the factor."""
    aspect = book.plan.aspects[position]
    shown = number(marks)
    if value is None:
        return msg("没有评分，计 0 分")
    rule = _RULES.get(aspect.type, _score)
    return rule(book, entrant, position, value, shown)


def _score(book: ModuleBook, entrant: str, position: int, value: Value, marks: str) -> Message:
    return msg("%(marks)s 分", marks=marks)


def _judgement(book: ModuleBook, entrant: str, position: int, value: Value, marks: str) -> Message:
    aspect = book.plan.aspects[position]
    return msg(
        "评 %(value)s 档：%(marks)s = %(max)s × %(value)s ÷ %(scale)s",
        value=given_value(aspect, value),
        marks=marks,
        max=number(exact(aspect.max)),
        scale=aspect.scale,
    )


def _measurement(
    book: ModuleBook, entrant: str, position: int, value: Value, marks: str
) -> Message:
    aspect = book.plan.aspects[position]
    if not aspect.bands:
        if value:
            return msg("达到，得 %(marks)s 分", marks=marks)
        return msg("没有达到，得 0 分")
    given = exact(value)
    deviation = -given if given < 0 else given
    for band in aspect.bands:
        if deviation <= exact(band.within):
            return msg(
                "偏差 %(value)s，在 %(within)s 以内，得 %(marks)s 分",
                value=given_value(aspect, value),
                within=number(exact(band.within)),
                marks=marks,
            )
    return msg("偏差 %(value)s，超出各档，得 0 分", value=given_value(aspect, value))


def _deduction(book: ModuleBook, entrant: str, position: int, value: Value, marks: str) -> Message:
    aspect = book.plan.aspects[position]
    return msg(
        "扣 %(faults)s 处：%(marks)s = %(max)s − %(faults)s × %(points)s，扣完为止",
        faults=given_value(aspect, value),
        marks=marks,
        max=number(exact(aspect.max)),
        points=number(exact(aspect.points or Decimal(0))),
    )


def _time(book: ModuleBook, entrant: str, position: int, value: Value, marks: str) -> Message:
    aspect = book.plan.aspects[position]
    return msg(
        "%(value)s，满分线 %(full_at)s 秒、零分线 %(zero_at)s 秒，得 %(marks)s 分",
        value=_seconds(book, entrant, position, value),
        full_at=number(exact(aspect.full_at or Decimal(0))),
        zero_at=number(exact(aspect.zero_at or Decimal(0))),
        marks=marks,
    )


def _seconds(book: ModuleBook, entrant: str, position: int, value: Value) -> Message:
    """A quantity with the penalty seconds that are added to it."""
    aspect = book.plan.aspects[position]
    added = book.seconds.get(entrant, 0)
    shown = given_value(aspect, value)
    if takes_seconds(aspect) and added:
        penalty = number(divided(added, QUANTITY))
        return msg("%(value)s 加罚 %(added)s 秒", value=shown, added=penalty)
    if aspect.type is AspectType.TIME:
        return msg("用时 %(value)s 秒", value=shown)
    return msg("%(value)s", value=shown)


def _relative(book: ModuleBook, entrant: str, position: int, value: Value, marks: str) -> Message:
    best = book.bests.get(position)
    measured = _seconds(book, entrant, position, value)
    if best is None:
        return msg("%(value)s，没有可比的最好成绩，得 0 分", value=measured)
    params: dict[str, object] = {
        "max": number(exact(book.plan.aspects[position].max)),
        "best": number(divided(best, QUANTITY)),
        "value": measured,
        "marks": marks,
    }
    if takes_seconds(book.plan.aspects[position]):
        return msg("%(marks)s = %(max)s × 最好 %(best)s ÷ 本人 %(value)s，最多得满分", **params)
    return msg("%(marks)s = %(max)s × 本人 %(value)s ÷ 最好 %(best)s，最多得满分", **params)


_RULES = {
    AspectType.JUDGEMENT: _judgement,
    AspectType.MEASUREMENT: _measurement,
    AspectType.DEDUCTION: _deduction,
    AspectType.TIME: _time,
    AspectType.RELATIVE: _relative,
}


def judged_numbers(
    aspect: Aspect, values: Sequence[Value | None], marks: Sequence[Number]
) -> tuple[list[Number], int]:
    """What a panel's formula is written in: judgement values with their scale, or marks.

    The second is what the sum is divided by beside the number of judges.
    """
    if aspect.type is AspectType.JUDGEMENT:
        return [0 if value is None else exact(value) for value in values], aspect.scale
    return list(marks), 1


def in_points(number_of_units: Number, unit: int) -> Number:
    """Marks from the whole numbers that a plan keeps."""
    return divided(number_of_units, unit)
