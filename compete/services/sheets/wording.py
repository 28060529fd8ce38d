"""A line of a sheet in words: its rule, its unit, a value and its marks as people read them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from compete.domain import bundle as b
from compete.domain.bundle import wanted_value
from compete.domain.values import (
    AspectType,
    Better,
    Message,
    exact,
    msg,
    plain,
    round_half_up,
    show,
)

Translate = Callable[[str], str]

SHOWN_PLACES = 2
"""As on the tablet; what is signed and counted keeps every place."""


def aspect_unit(aspect: b.Aspect, translate: Translate | None = None) -> str:
    """What the raw value is counted in; empty where it is marks, or yes and no."""
    given = (aspect.extra or {}).get("unit")
    if given:
        return str(given)
    words = {
        AspectType.DEDUCTION: msg("次"),
        AspectType.JUDGEMENT: msg("档"),
        AspectType.TIME: msg("秒"),
    }
    return words[aspect.type].render(translate) if aspect.type in words else ""


def shown_value(
    aspect: b.Aspect, value: str | bool | None, translate: Translate | None = None
) -> str:
    """A value as people read it: 合格, 3 次, 2 档, 12.5; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return (msg("合格") if value else msg("不合格")).render(translate)
    return f"{_short(value)} {aspect_unit(aspect, translate)}".rstrip()


def shown_marks(marks: str | None) -> str:
    """Marks to look at: 6.67 for 6.666667…, as the tablet shows them; empty for none."""
    if marks is None:
        return ""
    number = Decimal(marks.rstrip("…"))
    return _short(f"{number.quantize(Decimal(10) ** -SHOWN_PLACES, ROUND_HALF_UP):f}")


def rule_text(aspect: b.Aspect, translate: Translate | None = None) -> str:
    """How the value becomes marks, in lines short enough for a cell, after the hint if any."""
    hint = str((aspect.extra or {}).get("hint") or "")
    if aspect.type is AspectType.SCORE:
        return hint or wanted_value(aspect).render(translate)
    lines = [line.render(translate) for line in _rules(aspect)]
    if aspect.type is AspectType.JUDGEMENT:
        levels = (aspect.extra or {}).get("descriptors") or ()
        lines += [f"{level} {words}" for level, words in enumerate(levels)]
    return "\n".join([hint, *lines] if hint else lines)


def _rules(aspect: b.Aspect) -> list[Message]:
    full = _marks(aspect, aspect.max)
    if aspect.type is AspectType.JUDGEMENT:
        each = _marks(aspect, aspect.max / aspect.scale)
        return [msg("0 到 %(most)s 档，每档 %(each)s 分", most=aspect.scale, each=each)]
    if aspect.type is AspectType.DEDUCTION:
        each = _marks(aspect, aspect.points or Decimal(0))
        return [msg("每次扣 %(each)s 分，扣完为止", each=each)]
    if aspect.type is AspectType.TIME:
        return [
            msg("%(least)s 秒以内 %(full)s 分", least=plain(aspect.full_at or 0), full=full),
            msg("%(most)s 秒以上 0 分，中间按比例", most=plain(aspect.zero_at or 0)),
        ]
    if aspect.type is AspectType.RELATIVE:
        if aspect.better is Better.LOWER:
            return [msg("最小的 %(full)s 分，其余按比例", full=full)]
        return [msg("最大的 %(full)s 分，其余按比例", full=full)]
    return _bands(aspect) or [msg("合格 %(full)s 分，不合格 0 分", full=full)]


def _bands(aspect: b.Aspect) -> list[Message]:
    unit = aspect_unit(aspect)
    bands = [
        msg(
            "%(within)s以内 %(marks)s 分",
            within=f"{plain(band.within)} {unit}".rstrip(),
            marks=_marks(aspect, band.marks),
        )
        for band in aspect.bands
    ]
    return [*bands, msg("再大 0 分")] if bands else []


def _marks(aspect: b.Aspect, marks: Decimal) -> str:
    """Marks with the aspect's factor, half up to the places shown."""
    scaled = round_half_up(exact(marks) * exact(aspect.factor), 1, SHOWN_PLACES)
    return _short(show(scaled, SHOWN_PLACES))


def _short(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
