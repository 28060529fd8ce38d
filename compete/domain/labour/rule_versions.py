"""Versions of a labour competition's rules that follow others while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from compete.domain.bundle.labour_types import Indicator, Labour, LabourValue
from compete.domain.values.kinds import ScoringType

SETTINGS = ("adjust_cap", "missing", "ties", "veto_rank", "warn_below", "prizes", "groups")
"""Settings of the whole competition, which can't change from one period to another."""
OF_FLAGS = ("count", "min", "min_leaves")


def leaves_in_order(labour: Labour) -> list[str]:
    """The leaf periods in the bundle's order."""
    wholes = {period.part_of for period in labour.periods}
    return [period.code for period in labour.periods if period.code not in wholes]


def same_scoring(indicator: Indicator, other: Indicator) -> bool:
    """True if a value gives the same points by both; names and headings may differ."""
    return indicator.max == other.max and indicator.scoring == other.scoring


def fits(indicator: Indicator, value: LabourValue) -> bool:
    """True if the format allows the value under the indicator."""
    match indicator.scoring.type:
        case ScoringType.SCORE:
            return 0 <= value.value <= indicator.max
        case ScoringType.COMPLETION:
            return value.target is not None and value.target > 0
    return True


def settings_changed(before: Labour, after: Labour) -> list[str]:
    """List which of `SETTINGS` differ, and `flags.KEY` for what flags go by, apart from periods."""
    keys = [key for key in SETTINGS if getattr(before, key) != getattr(after, key)]
    was, now = before.flags, after.flags
    if was is None or now is None:
        return keys if was is now else [*keys, "flags"]
    return keys + [f"flags.{key}" for key in OF_FLAGS if getattr(was, key) != getattr(now, key)]


def held_from(before: Labour, after: Labour, leaf: str) -> tuple[Labour, Mapping[str, str]]:
    """Rules with `after` from a leaf on and the former ones before; new codes by their origin.

    An indicator that is scored otherwise becomes two: one as it was, under its code and asked
    until the leaf, another under a new code from it. One that is asked no more stays until it.
    ValueError where `leaf` is no leaf of `after`.
    """
    leaves = leaves_in_order(after)
    at = leaves.index(leaf)
    early, late = leaves[:at], leaves[at:]
    was = {former.code: former for former in before.indicators}
    taken = {*was, *(later.code for later in after.indicators)}
    made: dict[str, str] = {}
    indicators: list[Indicator] = []
    for indicator in after.indicators:
        old = was.get(indicator.code)
        stays = _leaves_of(old, early) if old is not None else []
        comes = _leaves_of(indicator, late)
        if old is not None and stays and not same_scoring(old, indicator):
            indicators.append(replace(old, periods=_periods(stays, leaves)))
            if comes:
                made[indicator.code] = _free(indicator.code, taken)
                indicators.append(
                    replace(indicator, code=made[indicator.code], periods=_periods(comes, leaves))
                )
        elif stays or comes:
            indicators.append(replace(indicator, periods=_periods([*stays, *comes], leaves)))
    there = {later.code for later in after.indicators}
    for indicator in before.indicators:
        stays = _leaves_of(indicator, early)
        if indicator.code not in there and stays:
            indicators.append(replace(indicator, periods=_periods(stays, leaves)))
    ties = tuple(
        key
        for tie in after.ties
        for key in (tie, f"indicator:{made.get(tie.removeprefix('indicator:'), '')}")
        if key != "indicator:"
    )
    return replace(after, indicators=tuple(indicators), ties=ties), made


def _leaves_of(indicator: Indicator, leaves: Iterable[str]) -> list[str]:
    return [leaf for leaf in leaves if indicator.is_asked_in(leaf)]


def _periods(asked: Sequence[str], leaves: Sequence[str]) -> tuple[str, ...]:
    """Periods as an indicator has them: none where it is asked in all leaves."""
    return () if set(asked) == set(leaves) else tuple(asked)


def _free(code: str, taken: set[str]) -> str:
    """Find an unused code after this one, and take it."""
    number = 2
    while f"{code}-{number}" in taken:
        number += 1
    taken.add(f"{code}-{number}")
    return f"{code}-{number}"
