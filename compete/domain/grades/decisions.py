"""Decisions on grades and honours: every rule tried on everyone ranked.

The bundle format, section “Grade rules”.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from compete.domain.bundle.crews import Participant, participants
from compete.domain.bundle.grade_types import GradeRule
from compete.domain.bundle.results import Condition, GradeRow, HonourRow, Reason
from compete.domain.grades.conditions import Check, Field, checks_of, role_check
from compete.domain.grades.granting import granted, is_higher


class Decision(msgspec.Struct, frozen=True):
    """The rules' decision on one person; no row where no rule grants a grade."""

    grade: GradeRow | None
    honours: tuple[HonourRow, ...]


NOTHING = Decision(None, ())


class CheckedRule(msgspec.Struct, frozen=True):
    """A rule with its conditions; `roles` is shown where the rule or a crew asks for it."""

    rule: GradeRule
    checks: list[Check]
    roles: Check

    def checks_for(self, person: Participant) -> list[Check]:
        """The conditions as they are told of a person."""
        is_told = bool(self.rule.when.roles) or person.member is not None
        return [*self.checks, self.roles] if is_told else self.checks

    def holds(self, person: Participant) -> bool:
        """True if all conditions hold; a person in no crew is tried as `main`."""
        return self.roles.holds(person) and all(check.holds(person) for check in self.checks)


class GradeState:
    """The decisions of one event, remembered entrant by entrant.

    Of a crew each member is decided on; `decisions` has whom any rule holds
    for, in the members' order.
    """

    def __init__(self, rules: Sequence[GradeRule], field: Field) -> None:
        self.field = field
        self.rules = [
            CheckedRule(rule, checks_of(rule.when, field), role_check(rule.when)) for rule in rules
        ]
        self.decisions: dict[str, tuple[Decision, ...]] = {}
        self.decided_among = -1

    def follow(self, codes: Iterable[str]) -> None:
        """Decide again about these people; about all where another number is ranked now."""
        if self.decided_among != self.field.ranked:
            self.decided_among = self.field.ranked
            self.decisions = {}
            codes = [code for _, code in self.field.finals.ranking]
        for code in codes:
            self.decisions.pop(code, None)
            if self.field.finals.places[code].rank is not None:
                decided = (self.decide(person) for person in self.people(code))
                decisions = tuple([decision for decision in decided if decision is not NOTHING])
                if decisions:
                    self.decisions[code] = decisions

    def results(self) -> tuple[list[GradeRow], list[HonourRow]]:
        """Results by rank, then code, then the members' order, then the rules'."""
        made = self.decisions
        order = [
            decision
            for _, code in self.field.finals.ranking
            if code in made
            for decision in made[code]
        ]
        grades = [decision.grade for decision in order if decision.grade is not None]
        return grades, [row for decision in order for row in decision.honours]

    def people(self, code: str) -> tuple[Participant, ...]:
        """The people whom the rules are tried on: the entrant, or a crew's members."""
        return participants(self.field.entrants[code])

    def decide(self, person: Participant) -> Decision:
        """Try every rule on somebody who is ranked, alone or with a crew."""
        holding = [checked.rule for checked in self.rules if checked.holds(person)]
        if not holding:
            return NOTHING
        titles: dict[str, str] = {}
        for rule in holding:
            for title in rule.grant.titles:
                titles.setdefault(title, rule.code)
        honours = tuple(
            HonourRow(person.entrant, title, rule, member=person.member)
            for title, rule in titles.items()
        )
        return Decision(self._grade(person, holding), honours)

    def _grade(self, person: Participant, holding: Sequence[GradeRule]) -> GradeRow | None:
        """The highest grade of the rules that hold, the first of equals."""
        current = person.grade
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
        return GradeRow(
            person.entrant, shown, rule_code, change, self.reasons(person), member=person.member
        )

    def reasons(self, person: Participant) -> list[Reason]:
        """List for every rule what it wanted and what was found, of somebody who is ranked."""
        return [_reason(checked, person) for checked in self.rules]


def _reason(checked: CheckedRule, person: Participant) -> Reason:
    conditions = [
        Condition(check.key, check.wanted, check.found(person), check.holds(person))
        for check in checked.checks_for(person)
    ]
    return Reason(checked.rule.code, checked.holds(person), conditions)
