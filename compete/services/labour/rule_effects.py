"""Rule effects: what a change scores anew, without names, and what it moved once in force."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from compete.domain.labour.closed_periods import Shift
from compete.domain.labour.outcome import Outcome
from compete.domain.labour.rule_versions import leaves_in_order, same_scoring, settings_changed
from compete.domain.values.period_states import PeriodState
from compete.models import Competition, LabourRuleChange, LabourSignOff
from compete.services.labour.departments import departments_of
from compete.services.labour.period_progress import closed_periods, period_stands, state_of
from compete.services.labour.sign_off import sign_offs
from compete.services.labour.squares import asked_in
from compete.services.labour.stored_rules import LabourRules, rules_of_text
from compete.services.scoring.live_labour import labour_live


@dataclass(frozen=True, slots=True)
class Touched:
    """The effects of a change without anybody's name: counts, and codes of periods.

    `values` are the squares scored otherwise, in `units` units; `periods` are those whose totals
    are added up anew, in the bundle's order; `signed` sign-offs of open periods lapse.
    """

    values: int
    units: int
    periods: Sequence[str]
    closed: int
    published: int
    signed: int


def both_rules(change: LabourRuleChange) -> tuple[LabourRules, LabourRules]:
    """The rules in force as the change was asked for, and those that follow."""
    return _read(change.was), _read(change.wanted)


def moved_by(change: LabourRuleChange) -> list[Shift]:
    """List what it moved as it took effect; nothing of one that is not in force."""
    return [msgspec.convert(each, Shift) for each in change.moves or []]


def touched_by(competition: Competition, change: LabourRuleChange) -> Touched:
    """Work out what the change scores anew, as the competition stands now."""
    before, rules = both_rules(change)
    live, stands = labour_live(competition), period_stands(competition)
    was = {each.code: each for each in before.labour.indicators}
    others = {
        each.code
        for each in rules.labour.indicators
        if each.code in was and not same_scoring(was[each.code], each)
    }
    tree = live.outcome.field.tree
    cells = [cell for cell in live.outcome.field.values if cell[2] in others]
    found = {around for _unit, leaf, _code in cells for around in tree.around(leaf)}
    if change.starts is None and settings_changed(before.labour, rules.labour):
        found |= {period for (period, _unit) in live.outcome.ranks}
    wholes = {each.code: (each.part_of, each.weight) for each in rules.labour.periods}
    for each in before.labour.periods:
        if wholes.get(each.code) != (each.part_of, each.weight) and each.part_of is not None:
            found |= set(tree.around(each.part_of))
    periods = [code for code in tree.periods if code in found]
    closed = [code for code in periods if state_of(stands, code) is not PeriodState.OPEN]
    told = (PeriodState.PUBLISHED, PeriodState.CORRECTED)
    return Touched(
        values=len(cells),
        units=len({unit for unit, _leaf, _code in cells}),
        periods=periods,
        closed=len(closed),
        published=sum(state_of(stands, code) in told for code in closed),
        signed=len(signed_otherwise(competition, before, rules)),
    )


def signed_otherwise(
    competition: Competition, before: LabourRules, after: LabourRules
) -> list[LabourSignOff]:
    """List sign-offs of open leaves by departments asked, or scored, otherwise there."""
    closed = set(closed_periods(competition))
    there = set(leaves_in_order(after.labour))
    found = []
    for leaf in leaves_in_order(before.labour):
        if leaf in closed:
            continue
        standing = sign_offs(competition, leaf)
        for row in departments_of(competition) if standing else ():
            was = _asked_of(before, row.name, leaf)
            now = _asked_of(after, row.name, leaf) if leaf in there else {}
            if row.id in standing and was != now:
                found.append(standing[row.id])
    return found


def moved_periods(before: Outcome, after: Outcome, shifts: Sequence[Shift]) -> list[str]:
    """List periods in which somebody moved, or a square's points did, in the bundle's order."""
    found = {each.period for each in shifts}
    tree = before.field.tree
    for cell in {*before.scores, *after.scores}:
        if before.scores.get(cell) != after.scores.get(cell) and cell[1] in tree.periods:
            found |= set(tree.around(cell[1]))
    return [code for code in tree.periods if code in found]


def entered_by(rules: LabourRules) -> dict[str, list[str]]:
    """The departments' codes, in an order of their own; who enters nothing is left out."""
    return {name: sorted(codes) for name, codes in rules.departments.items() if codes}


def _read(kept: dict[str, Any]) -> LabourRules:
    return rules_of_text(json.dumps(kept))


def _asked_of(rules: LabourRules, department: str, leaf: str) -> dict[str, Any]:
    codes = rules.departments.get(department, ())
    return {
        each.code: (each.max, each.scoring)
        for each in asked_in(rules.labour, leaf)
        if each.code in codes
    }
