"""A labour competition with some of its periods alone: what was closed, and what is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from compete.domain.bundle import Labour
from compete.domain.labour.outcome import Outcome
from compete.domain.labour.totals import PeriodTotal, Standing
from compete.domain.values import Extra

LIFTED = "lifted_vetoes"
"""In the `extra` of `labour`: vetoes that stand no longer, each with its unit and period."""
_GONE = PeriodTotal(Standing.ABSENT)


def only_periods(labour: Labour, periods: Collection[str]) -> Labour:
    """With the values, adjustments and vetoes of these periods alone; all else as it is."""
    return msgspec.structs.replace(
        labour,
        values=tuple(each for each in labour.values if each.period in periods),
        adjustments=tuple(each for each in labour.adjustments if each.period in periods),
        vetoes=tuple(each for each in labour.vetoes if each.period in periods),
        extra=_lifted_in(labour.extra, periods),
    )


def _lifted_in(extra: Extra | None, periods: Collection[str]) -> Extra | None:
    if not extra or not isinstance(extra.get(LIFTED), list):
        return extra
    kept = [
        each for each in extra[LIFTED] if isinstance(each, dict) and each.get("period") in periods
    ]
    rest = {key: value for key, value in extra.items() if key != LIFTED}
    return rest | ({LIFTED: kept} if kept else {}) or None


def told_alone(outcome: Outcome, periods: Collection[str]) -> Outcome:
    """The outcome as if nothing were known of other periods: no total, rank or flag of them.

    A quarter of which a month is still open has a total, which nobody has announced.
    """
    return msgspec.structs.replace(
        outcome,
        totals={
            key: found if key[0] in periods else _GONE for key, found in outcome.totals.items()
        },
        ranks={key: rank for key, rank in outcome.ranks.items() if key[0] in periods},
        flagged={key for key in outcome.flagged if key[0] in periods},
        warned={key for key in outcome.warned if key[0] in periods},
    )


class Shift(msgspec.Struct, frozen=True):
    """One unit in one period before and after a change; totals in hundredths."""

    period: str
    unit: str
    totals: tuple[int | None, int | None]
    ranks: tuple[int | None, int | None]
    flags: tuple[bool, bool]
    warnings: tuple[bool, bool]
    vetoes: tuple[bool, bool]


def shifts_between(before: Outcome, after: Outcome, periods: Sequence[str]) -> list[Shift]:
    """Whoever's total, rank, flag, warning or veto is another, by period and unit.

    Who takes part, or which period there is, in one of the two alone has no total in the other.
    """
    found = []
    units = sorted({*before.field.units, *after.field.units})
    for period in periods:
        for unit in units:
            key = period, unit
            shift = Shift(
                period,
                unit,
                (before.totals.get(key, _GONE).total, after.totals.get(key, _GONE).total),
                (before.ranks.get(key), after.ranks.get(key)),
                (key in before.flagged, key in after.flagged),
                (key in before.warned, key in after.warned),
                (key in before.field.vetoed, key in after.field.vetoed),
            )
            pairs = (shift.totals, shift.ranks, shift.flags, shift.warnings, shift.vetoes)
            if any(was != now for was, now in pairs):
                found.append(shift)
    return found
