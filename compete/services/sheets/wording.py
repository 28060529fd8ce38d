"""A line of a sheet in words: its rule, its unit, a value and its marks as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from compete.domain.aspects.clock_times import told_time
from compete.domain.aspects.kind import SHOWN_PLACES, Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.values.equations import shortened
from compete.domain.values.messages import Translate, msg


def aspect_unit(aspect: Aspect, translate: Translate | None = None) -> str:
    """The unit in which the raw value is counted; empty where it is marks, or yes and no."""
    given = (aspect.extra or {}).get("unit")
    if given:
        return str(given)
    word = kind_of(aspect).unit
    return word.render(translate) if word else ""


def shown_value(
    aspect: Aspect, value: str | bool | None, translate: Translate | None = None
) -> str:
    """A value as people read it: 合格, 3 次, 2 档, 52:00（3120 秒）, 12.5; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return (msg("合格") if value else msg("不合格")).render(translate)
    if kind_of(aspect).levels is not None and not (aspect.extra or {}).get("unit"):
        # Not a count of levels: which of them it is.
        return msg("%(level)s 档", level=shortened(value)).render(translate)
    if kind_of(aspect).reckoning is Reckoning.TIME:
        return told_time(Decimal(value)).render(translate)
    return f"{shortened(value)} {aspect_unit(aspect, translate)}".rstrip()


def shown_marks(marks: str | None) -> str:
    """The marks to look at: 6.67 for 6.666667…, as the tablet shows them; empty for none."""
    if marks is None:
        return ""
    number = Decimal(marks.rstrip("…"))
    return shortened(f"{number.quantize(Decimal(10) ** -SHOWN_PLACES, ROUND_HALF_UP):f}")


def rule_text(aspect: Aspect, translate: Translate | None = None) -> str:
    """The rule for marks from a value, in lines short enough for a cell, after the hint if any."""
    hint = str((aspect.extra or {}).get("hint") or "")
    kind = kind_of(aspect)
    if hint and kind.hint_is_rule:
        return hint
    lines = [line.render(translate) for line in kind.marking_lines()] + kind.named_levels()
    return "\n".join([hint, *lines] if hint else lines)
