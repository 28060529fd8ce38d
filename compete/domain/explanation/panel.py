"""Formula by which the judges' numbers became one."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from compete.domain.explanation.steps import Step, StepKind, codes, number, numbers
from compete.domain.marking.panel import Method, left_out
from compete.domain.values.kinds import Combine
from compete.domain.values.messages import msg
from compete.domain.values.points import Number


class Formula(msgspec.Struct, frozen=True):
    """A combination written out, and which judges it rests on."""

    text: str
    judges: list[str]
    left_out: tuple[Step, ...]


def formula(
    judges: Sequence[str],
    values: Sequence[Number],
    method: Method,
    scale: int = 1,
    times: Sequence[Number] = (),
) -> Formula:
    """Write out a combination of the judges' values, each ÷ `scale`, × each of `times`."""
    high, low = left_out(values, method)
    kept = [place for place in range(len(values)) if place not in high and place not in low]
    divisor = scale if method.combine is Combine.SUM else scale * len(kept)
    text = numbers([values[place] for place in kept], "+")
    factors = [factor for factor in times if factor != 1]
    if method.combine is Combine.SUM and len(values) < method.scaled_to:
        divisor, factors = scale * len(values), [method.scaled_to, *factors]
    if len(kept) > 1 and (divisor != 1 or factors):
        text = f"({text})"
    if divisor != 1:
        text += f" ÷ {divisor}"
    text += "".join(f" × {number(factor)}" for factor in factors)
    steps = (*_dropped(judges, values, high, low, method),)
    return Formula(text, [judges[place] for place in kept], steps)


def _dropped(
    judges: Sequence[str],
    values: Sequence[Number],
    high: Sequence[int],
    low: Sequence[int],
    method: Method,
) -> list[Step]:
    """Sentences for those left out."""
    if method.combine is Combine.MEDIAN:
        if not high and not low:
            return []
        out = [judges[place] for place in sorted((*high, *low))]
        sentence = msg("取中间的，不计裁判 %(judges)s", judges=codes(out))
        return [Step(kind=StepKind.PANEL, text=sentence)]
    steps = []
    if high:
        shown = numbers([values[place] for place in high], " ")
        who = codes([judges[place] for place in high])
        text = msg("去掉最高 %(values)s（裁判 %(judges)s）", values=shown, judges=who)
        steps.append(Step(kind=StepKind.PANEL, text=text))
    if low:
        shown = numbers([values[place] for place in low], " ")
        who = codes([judges[place] for place in low])
        text = msg("去掉最低 %(values)s（裁判 %(judges)s）", values=shown, judges=who)
        steps.append(Step(kind=StepKind.PANEL, text=text))
    return steps
