"""Which values an aspect takes from a judge."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Aspect
from compete.domain.values import EXACTLY, AspectType, Message, msg, plain

Accepts = Callable[[Any], bool]
ZERO, ONE = Decimal(0), Decimal(1)


def accepts(aspect: Aspect) -> Accepts:
    """A quick test of values; an aspect that is itself wrong takes anything."""
    if UNREADABLE in (aspect, aspect.type, aspect.max, aspect.step, aspect.scale, aspect.bands):
        return _anything
    if aspect.type == AspectType.SCORE:
        return _anything if aspect.step <= 0 else _score(aspect.max, aspect.step)
    if aspect.type == AspectType.MEASUREMENT:
        return _number if aspect.bands else _truth
    return {
        AspectType.JUDGEMENT: _judgement(aspect.scale),
        AspectType.DEDUCTION: _faults,
        AspectType.TIME: _seconds,
        AspectType.RELATIVE: _quantity,
    }[aspect.type]


def wanted_value(aspect: Aspect) -> Message:
    """What `accepts` lets through, in words."""
    if aspect.type == AspectType.SCORE:
        return msg("0 到 %(max)s，按 %(step)s 递增", max=plain(aspect.max), step=plain(aspect.step))
    if aspect.type == AspectType.JUDGEMENT:
        return msg("0 到 %(scale)s 的整数", scale=aspect.scale)
    if aspect.type == AspectType.MEASUREMENT:
        return msg("偏差的数值") if aspect.bands else msg("true 或 false")
    if aspect.type == AspectType.DEDUCTION:
        return msg("扣分次数，不小于 0 的整数")
    if aspect.type == AspectType.TIME:
        return msg("不小于 0 的秒数")
    return msg("大于 0 的数")


def shown_value(value: bool | Decimal) -> str:
    """A value as it stands in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value)


def _anything(value: Any) -> bool:
    return True


def _score(most: Decimal, step: Decimal) -> Accepts:
    def fits(value: Any) -> bool:
        return (
            value.__class__ is Decimal
            and ZERO <= value <= most
            and not EXACTLY.remainder(value, step)
        )

    return fits


def _judgement(scale: int) -> Accepts:
    most = Decimal(scale)

    def fits(value: Any) -> bool:
        return (
            value.__class__ is Decimal
            and ZERO <= value <= most
            and not EXACTLY.remainder(value, ONE)
        )

    return fits


def _faults(value: Any) -> bool:
    return value.__class__ is Decimal and value >= ZERO and not EXACTLY.remainder(value, ONE)


def _seconds(value: Any) -> bool:
    return value.__class__ is Decimal and value >= ZERO


def _quantity(value: Any) -> bool:
    return value.__class__ is Decimal and value > ZERO


def _number(value: Any) -> bool:
    return value.__class__ is Decimal


def _truth(value: Any) -> bool:
    return value.__class__ is bool
