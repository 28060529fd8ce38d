"""Closed periods: a labour competition with some of its periods alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from compete.domain.bundle.labour_types import Labour
from compete.domain.labour.head_counts import HEAD_COUNTS
from compete.domain.labour.outcome import Outcome
from compete.domain.labour.totals import PeriodStanding, PeriodTotal
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.messages import Message, msg
from compete.domain.values.record import Extra

LIFTED = "lifted_vetoes"
"""In the `extra` of `labour`: vetoes that stand no longer, each with its unit and period."""
_GONE = PeriodTotal(PeriodStanding.ABSENT)


def only_periods(labour: Labour, periods: Collection[str]) -> Labour:
    """Keep the values, adjustments, vetoes and counts of these periods alone; all else stays."""
    return msgspec.structs.replace(
        labour,
        values=tuple(value for value in labour.values if value.period in periods),
        adjustments=tuple(
            adjustment for adjustment in labour.adjustments if adjustment.period in periods
        ),
        vetoes=tuple(veto for veto in labour.vetoes if veto.period in periods),
        extra=_told_in(labour.extra, periods),
    )


def _told_in(extra: Extra | None, periods: Collection[str]) -> Extra | None:
    """Keep the lifted vetoes and head counts of these periods."""
    fields: Extra = dict(extra or {})
    for key in (LIFTED, HEAD_COUNTS):
        rows = fields.get(key)
        if not isinstance(rows, list):
            continue
        kept = [row for row in rows if isinstance(row, dict) and row.get("period") in periods]
        if kept:
            fields[key] = kept
        else:
            del fields[key]
    return fields or None


class LiftedVeto(msgspec.Struct, frozen=True):
    """A veto that two took back; `reason` is why it was put in, `why` why it was lifted.

    Either is None where it is not told.
    """

    unit: str
    period: str
    reason: str | None
    why: str | None


def lifted_vetoes(labour: Labour, tree: PeriodTree, period: str) -> list[LiftedVeto]:
    """Lifted vetoes of a period and of those inside it, as a file tells them, in its order."""
    rows = (labour.extra or {}).get(LIFTED)
    lifted = []
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        unit, where, reason, why = (
            row[key] if isinstance(row.get(key), str) else None
            for key in ("unit", "period", "reason", "lifted_why")
        )
        if unit is None or where not in tree.periods or period not in tree.around(where):
            continue
        lifted.append(LiftedVeto(unit, where, reason, why))
    return lifted


def lifted_words(lifted: LiftedVeto, unit: str, period: str) -> Message:
    """Tell a lifted veto in a sentence, with the names of its unit and period."""
    sentence = msg("%(unit)s %(period)s的一票否决取消了，不再算", unit=unit, period=period)
    if lifted.reason:
        sentence = msg("%(said)s；当时的原因：%(reason)s", said=sentence, reason=lifted.reason)
    if lifted.why:
        sentence = msg("%(said)s；取消的理由：%(why)s", said=sentence, why=lifted.why)
    return sentence


def told_alone(outcome: Outcome, periods: Collection[str]) -> Outcome:
    """The outcome of these periods alone: no total, rank, flag or prize of any other.

    A quarter of which a month is still open has a total, which nobody has announced.
    """
    return msgspec.structs.replace(
        outcome,
        totals={
            key: total if key[0] in periods else _GONE for key, total in outcome.totals.items()
        },
        ranks={key: rank for key, rank in outcome.ranks.items() if key[0] in periods},
        flagged={key for key in outcome.flagged if key[0] in periods},
        warned={key for key in outcome.warned if key[0] in periods},
        prizes=tuple(prize for prize in outcome.prizes if prize.period in periods),
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
    """Shifts of every unit with another total, rank, flag, warning or veto, by period and unit.

    A unit or period that is in one of the two alone has no total in the other.
    """
    shifts = []
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
                shifts.append(shift)
    return shifts
