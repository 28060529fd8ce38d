"""Versions of a labour competition's rules that follow others while it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from compete.domain.bundle.labour_types import Indicator, Labour, LabourValue
from compete.domain.labour.period_kinds import sorts_of
from compete.domain.labour.tree import PeriodTree
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


def in_force_last(
    labour: Labour, changes: Sequence[tuple[Labour, Labour, str]]
) -> tuple[Labour, Mapping[str, str]]:
    """The rules as they were in force at the end, to begin anew; former codes by new ones.

    `changes` are those from a leaf on, in order: rules before, rules after, the leaf. An indicator
    that one made two of is one again, scored as it was last; one that was given up is gone; one
    that came with a change is asked in all leaves of a sort where it was asked in all that were
    left.
    """
    leaves, tree = leaves_in_order(labour), PeriodTree(labour.periods)
    rules = {row.code: row for row in labour.indicators}
    asked = {row.code: set(_leaves_of(row, leaves)) for row in labour.indicators}
    codes: dict[str, str] = {}
    for before, after, starts in reversed(changes):
        if starts not in leaves:
            continue
        late = set(leaves[leaves.index(starts) :])
        was = {row.code: row for row in before.indicators}
        now = {row.code: row for row in after.indicators}
        heirs = {
            code: next((it for it in now if it not in was and _is_heir(it, code)), None)
            for code in was
        }
        for code, row in was.items():
            gone = late & set(_leaves_of(row, leaves))
            if code not in rules or not gone or asked[code] & late:
                continue
            heir = heirs[code]
            if heir is not None and heir in rules:
                rules[code] = replace(rules.pop(heir), code=code)
                asked[code] |= asked.pop(heir)
                codes[heir] = code
            else:
                del rules[code], asked[code]
        for code in now:
            if code not in was and code in rules:
                for sort in sorts_of(tree, leaves):
                    left = late & set(sort)
                    if left and left <= asked[code]:
                        asked[code] |= set(sort)
    order = [row.code for row in labour.indicators]
    order = [it for it in dict.fromkeys(_final(codes, code) for code in order) if it in rules]
    final = {code: _final(codes, code) for code in codes}
    indicators = tuple(
        replace(rules[code], periods=_periods([it for it in leaves if it in asked[code]], leaves))
        for code in order
    )
    ties = [_final(codes, tie.removeprefix("indicator:")) for tie in labour.ties]
    prizes = tuple(
        replace(prize, by=_renamed(prize.by, codes))
        for prize in labour.prizes
        if _is_there(_renamed(prize.by, codes), indicators)
    )
    return (
        replace(
            labour,
            indicators=indicators,
            ties=tuple(f"indicator:{it}" for it in dict.fromkeys(ties) if it in rules),
            prizes=prizes,
        ),
        final,
    )


def _is_heir(code: str, origin: str) -> bool:
    """True if `_free` made this code after that one."""
    return code.startswith(f"{origin}-") and code[len(origin) + 1 :].isdecimal()


def _final(codes: Mapping[str, str], code: str) -> str:
    while code in codes:
        code = codes[code]
    return code


def _renamed(by: str, codes: Mapping[str, str]) -> str:
    kind, _colon, name = by.partition(":")
    return f"{kind}:{_final(codes, name)}" if kind == "indicator" else by


def _is_there(by: str, indicators: Sequence[Indicator]) -> bool:
    kind, _colon, name = by.partition(":")
    names = {row.code if kind == "indicator" else row.heading for row in indicators}
    return name in names


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
