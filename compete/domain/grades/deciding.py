"""Grades and honours: every rule tried on everyone ranked.

The bundle format, section “Grade rules”.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from compete.domain.bundle import Condition, GradeRow, GradeRule, HonourRow, Reason
from compete.domain.grades.conditions import Field, checks_of
from compete.domain.grades.granting import granted, is_higher


class Decision(msgspec.Struct, frozen=True):
    """What the rules make of one entrant; no row where no rule grants a grade."""

    grade: GradeRow | None
    honours: tuple[HonourRow, ...]


NOTHING = Decision(None, ())


class GradeState:
    """The decisions of one event, remembered entrant by entrant."""

    def __init__(self, rules: Sequence[GradeRule], field: Field) -> None:
        self.field = field
        self.rules = [(rule, checks_of(rule.when, field)) for rule in rules]
        self.decisions: dict[str, Decision] = {}
        self.decided_among = -1

    def follow(self, codes: Iterable[str]) -> None:
        """Decide again about these; about all where another number is ranked now."""
        if self.decided_among != self.field.ranked:
            self.decided_among = self.field.ranked
            self.decisions = {}
            codes = [code for _, code in self.field.finals.ranking]
        for code in codes:
            self.decisions.pop(code, None)
            if self.field.finals.places[code].rank is not None:
                decision = self.decide(code)
                if decision is not NOTHING:
                    self.decisions[code] = decision

    def results(self) -> tuple[list[GradeRow], list[HonourRow]]:
        """By rank, then code, then the rules' order."""
        made = self.decisions
        order = [made[code] for _, code in self.field.finals.ranking if code in made]
        grades = [decision.grade for decision in order if decision.grade is not None]
        return grades, [row for decision in order for row in decision.honours]

    def decide(self, code: str) -> Decision:
        """Try every rule on an entrant who is ranked."""
        holding = [
            rule for rule, checks in self.rules if all(check.holds(code) for check in checks)
        ]
        if not holding:
            return NOTHING
        titles: dict[str, str] = {}
        for rule in holding:
            for title in rule.grant.titles:
                titles.setdefault(title, rule.code)
        honours = tuple(HonourRow(code, title, rule) for title, rule in titles.items())
        return Decision(self._grade(code, holding), honours)

    def _grade(self, code: str, holding: Sequence[GradeRule]) -> GradeRow | None:
        """The highest grade of the rules that hold, the first of equals."""
        current = self.field.entrants[code].grade
        best: tuple[int, str] | None = None
        for rule in holding:
            grade = granted(rule.grant, current)
            if grade is not None and (best is None or grade < best[0]):
                best = grade, rule.code
        if best is None:
            return None
        grade, rule_code = best
        change: Literal["promoted", "kept"] = "promoted" if is_higher(grade, current) else "kept"
        shown = grade if change == "promoted" else current
        return GradeRow(code, shown, rule_code, change, self.reasons(code))

    def reasons(self, code: str) -> list[Reason]:
        """For every rule, what it wanted and what was found of an entrant who is ranked."""
        return [
            Reason(rule.code, all(condition.held for condition in conditions), conditions)
            for rule, checks in self.rules
            for conditions in [
                [
                    Condition(check.key, check.wanted, check.found(code), check.holds(code))
                    for check in checks
                ]
            ]
        ]
