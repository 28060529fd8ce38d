"""What has not been entered: by the rules' own completeness, each indicator in each leaf."""

from __future__ import annotations

from compete.domain.labour.outcome import Outcome
from compete.domain.labour.totals import Standing


def leaves_of(outcome: Outcome, period: str) -> list[str]:
    """The periods within this one (itself, if it has no parts) that have values of their own."""
    tree = outcome.field.tree
    return [code for code in tree.leaves if period in tree.around(code)]


def lacking(outcome: Outcome, period: str) -> dict[tuple[str, str], list[str]]:
    """Units by the leaf and the indicator of which they have no value, though they take part."""
    found: dict[tuple[str, str], list[str]] = {}
    for leaf in leaves_of(outcome, period):
        for unit in outcome.field.units:
            there = outcome.totals[leaf, unit]
            if there.standing is not Standing.ABSENT:
                for code in there.missing:
                    found.setdefault((leaf, code), []).append(unit)
    return found


def absent(outcome: Outcome, period: str) -> dict[str, list[str]]:
    """By leaf: the units without any value there, who take no part in it."""
    return {
        leaf: units
        for leaf in leaves_of(outcome, period)
        if (
            units := [
                unit
                for unit in outcome.field.units
                if outcome.totals[leaf, unit].standing is Standing.ABSENT
            ]
        )
    }
