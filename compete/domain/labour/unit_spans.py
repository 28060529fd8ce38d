"""Unit spans: the first and the last leaf period of a unit that is not there all the time.

The format has no key for it and needs none: who has no value in a period is absent there. It stands
in the `extra` of `labour`, so that nobody waits for what will never come. Of a merged unit: what
it got until its last period stays its own, and from then on the unit it went into counts alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from compete.domain.bundle.labour_types import Labour
from compete.domain.values.messages import Message, msg

UNIT_PERIODS = "unit_periods"
"""In the `extra` of `labour`: by the unit's code `first`, `last` and `into`, each or none."""


class UnitSpan(msgspec.Struct, frozen=True, omit_defaults=True):
    """The first and the last leaf in which a unit takes part; None: the competition's own.

    `into` is the unit that it was merged into after its last.
    """

    first: str | None = None
    last: str | None = None
    into: str | None = None

    def holds(self, leaves: Sequence[str], leaf: str) -> bool:
        """True if the unit takes part in a leaf; what is no leaf any more bounds nothing."""
        at = leaves.index(leaf)
        starts = leaves.index(self.first) if self.first in leaves else 0
        ends = leaves.index(self.last) if self.last in leaves else len(leaves) - 1
        return starts <= at <= ends


WHOLE = UnitSpan()


def unit_spans(labour: Labour) -> dict[str, UnitSpan]:
    """The spans by the units' codes; of units that are there all the time none."""
    rows = (labour.extra or {}).get(UNIT_PERIODS)
    spans = {}
    for unit, row in rows.items() if isinstance(rows, Mapping) else ():
        try:
            spans[str(unit)] = msgspec.convert(row, UnitSpan)
        except msgspec.ValidationError:
            continue
    return spans


def with_unit_spans(labour: Labour, spans: Mapping[str, UnitSpan]) -> Labour:
    """Put these spans into the rules, by the units' codes; all else stays."""
    extra = {key: rest for key, rest in (labour.extra or {}).items() if key != UNIT_PERIODS}
    bounded = {unit: msgspec.to_builtins(span) for unit, span in spans.items() if span != WHOLE}
    if bounded:
        extra[UNIT_PERIODS] = bounded
    return msgspec.structs.replace(labour, extra=extra or None)


def units_outside(
    spans: Mapping[str, UnitSpan], leaves: Sequence[str], inside: Iterable[str]
) -> frozenset[str]:
    """Units that take part in none of the leaves that are `inside` a period."""
    inside = list(inside)
    return frozenset(
        unit for unit, span in spans.items() if not any(span.holds(leaves, leaf) for leaf in inside)
    )


def span_words(
    span: UnitSpan, periods: Mapping[str, str], units: Mapping[str, str]
) -> Message | None:
    """Tell a span in a sentence, and by which rule a merged unit is ranked; None for no bounds."""
    first, last = (periods.get(code or "", code) for code in (span.first, span.last))
    if span.into is not None:
        words = msg(
            "%(last)s以后并入%(into)s：到%(last)s为止的分留在这家，以后的只记在%(into)s",
            last=last,
            into=units.get(span.into, span.into),
        )
        return msg("%(first)s起参加；%(more)s", first=first, more=words) if first else words
    if first and last:
        return msg("%(first)s起参加，%(last)s以后退出", first=first, last=last)
    if first:
        return msg("%(first)s起参加", first=first)
    return msg("%(last)s以后退出", last=last) if last else None
