"""Gaps: values not yet entered, for each indicator in each leaf, by the rules' completeness."""

from __future__ import annotations

from compete.domain.labour.head_counts import reported_for
from compete.domain.labour.outcome import Outcome
from compete.domain.labour.totals import PeriodStanding
from compete.domain.labour.unit_spans import unit_spans, units_outside


def lacking(outcome: Outcome, period: str) -> dict[tuple[str, str], list[str]]:
    """Units that lack a value though they take part, by leaf and indicator."""
    gaps: dict[tuple[str, str], list[str]] = {}
    for leaf in outcome.field.tree.leaves_in(period):
        for unit in outcome.field.units:
            there = outcome.totals[leaf, unit]
            if there.standing is not PeriodStanding.ABSENT:
                for code in there.missing:
                    gaps.setdefault((leaf, code), []).append(unit)
    return gaps


def absent(outcome: Outcome, period: str) -> dict[str, list[str]]:
    """Units without any value in a leaf, who take no part in it, by leaf."""
    units_of: dict[str, list[str]] = {}
    for leaf in outcome.field.tree.leaves_in(period):
        for unit in outcome.field.units:
            if outcome.totals[leaf, unit].standing is PeriodStanding.ABSENT:
                units_of.setdefault(leaf, []).append(unit)
    return units_of


def away(outcome: Outcome, period: str, open_leaves: frozenset[str]) -> frozenset[str]:
    """Units that take no part in a period: no value anywhere in it, though some of it is over.

    A leaf is over once it is closed (not in `open_leaves`) or a later one has values. Until
    then everybody may yet come whose span it is in, and who reported for it how many take part
    does.
    """
    tree, labour = outcome.field.tree, outcome.field.labour
    inside = tree.leaves_in(period)
    outside = units_outside(unit_spans(labour), tree.leaves, inside) & set(outcome.field.units)
    ahead = open_leaves.intersection(_from_the_last_begun(outcome))
    if ahead.issuperset(inside):
        return outside
    coming = {unit for leaf in inside if leaf in ahead for unit in reported_for(labour, leaf)}
    return outside | frozenset(
        unit
        for unit in outcome.field.units
        if unit not in coming and outcome.totals[period, unit].standing is PeriodStanding.ABSENT
    )


def still_entered(outcome: Outcome, open_leaves: frozenset[str]) -> list[str]:
    """Open leaves that were begun and are not filled in: no running total is over them yet.

    In the last one begun everybody's squares are awaited; of an earlier one those who have some.
    None where nothing else was begun: then there is nothing to be over but them.
    """
    begun, leaves = _begun(outcome), []
    spans = unit_spans(outcome.field.labour)
    for leaf in open_leaves.intersection(begun):
        gone = units_outside(spans, outcome.field.tree.leaves, [leaf])
        there = [outcome.totals[leaf, unit] for unit in outcome.field.units if unit not in gone]
        if any(total.standing is PeriodStanding.INCOMPLETE for total in there) or (
            leaf == begun[-1] and any(total.missing for total in there)
        ):
            leaves.append(leaf)
    return sorted(leaves, key=begun.index) if len(leaves) < len(begun) else []


def _from_the_last_begun(outcome: Outcome) -> list[str]:
    """The last leaf in which anybody has a value, and the leaves after it."""
    leaves, begun = outcome.field.tree.leaves, _begun(outcome)
    return leaves[leaves.index(begun[-1]) if begun else 0 :]


def _begun(outcome: Outcome) -> list[str]:
    """The leaves in which anybody has a value."""
    units, totals = outcome.field.units, outcome.totals
    return [
        leaf
        for leaf in outcome.field.tree.leaves
        if any(totals[leaf, unit].standing is not PeriodStanding.ABSENT for unit in units)
    ]
