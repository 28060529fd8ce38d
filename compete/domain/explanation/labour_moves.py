"""Explanations of a unit's moves in total and rank since the period before; figures add up."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from compete.domain.labour.outcome import Outcome
from compete.domain.labour.shares import first_codes, moved_since, shares_of
from compete.domain.labour.totals import PLACES
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.points import round_half_up, show

NAMED = 3
"""So many causes stand in a sentence."""


class Change(msgspec.Struct, frozen=True):
    """One part of a total: what it was and is in points, and the difference in hundredths.

    `code` is the indicator's, None for adjustments and for what rounding makes; the latter
    alone has no `was` and `now`.
    """

    code: str | None
    name: Message | str
    hundredths: int
    was: Fraction | None = None
    now: Fraction | None = None


def changes_since(outcome: Outcome, before: str, period: str, unit: str) -> list[Change]:
    """Changes in a unit's total, the most first; none without a total in both periods.

    The hundredths add up to the difference of the announced totals.
    """
    then, now = shares_of(outcome, before, unit), shares_of(outcome, period, unit)
    moved = moved_since(outcome, before, period, unit)
    if then is None or now is None or moved is None:
        return []
    nothing = Fraction(0)
    names = outcome.field.labour.indicator_names
    first = first_codes(outcome.field.labour)
    alike: dict[str, list[str]] = {}
    for code in moved.indicators:
        alike.setdefault(first[code], []).append(code)
    changes = [
        Change(
            code,
            names[code],
            _hundredths(sum((moved.indicators[code] for code in codes), nothing)),
            sum((then.indicators.get(code, nothing) for code in codes), nothing),
            sum((now.indicators.get(code, nothing) for code in codes), nothing),
        )
        for code, codes in alike.items()
    ]
    changes.append(
        Change(None, msg("加减分"), _hundredths(moved.adjusted), then.adjusted, now.adjusted)
    )
    rest = _hundredths(moved.total) - sum(change.hundredths for change in changes)
    changes.append(Change(None, msg("取整"), rest))
    nonzero = [change for change in changes if change.hundredths]
    return sorted(nonzero, key=lambda change: -abs(change.hundredths))


def named_changes(outcome: Outcome, before: str, period: str, unit: str) -> list[Change]:
    """The changes that `causes_words` names."""
    return changes_since(outcome, before, period, unit)[:NAMED]


def signed(hundredths: int) -> str:
    """Write points more or less in figures: `+1.13`, `−0.05`, `0.00`."""
    sign = "+" if hundredths > 0 else "−" if hundredths < 0 else ""
    return sign + show(abs(hundredths), PLACES)


def causes_words(outcome: Outcome, before: str, period: str, unit: str) -> Message | None:
    """The sentence that says what moved a unit; None without a total in both periods."""
    then, now = outcome.totals[before, unit].total, outcome.totals[period, unit].total
    if then is None or now is None:
        return None
    changes = changes_since(outcome, before, period, unit)
    params = {"before": show(then, PLACES), "now": show(now, PLACES)}
    if not changes:
        return msg("总分 %(before)s → %(now)s，各项都没变", **params)
    causes: list[Message | str] = [
        msg("%(name)s %(points)s", name=change.name, points=signed(change.hundredths))
        for change in changes[:NAMED]
    ]
    if rest := changes[NAMED:]:
        left = sum(change.hundredths for change in rest)
        causes.append(msg("其余 %(points)s", points=signed(left)))
    listing = listed(causes, msg("，"))
    return msg("总分 %(before)s → %(now)s：%(causes)s", **params, causes=listing)


def _hundredths(points: Fraction) -> int:
    return round_half_up(points, 1, PLACES)
