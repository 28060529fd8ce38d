"""Fitting of rows to events: 参赛条件, and what an evaluation refuses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from compete.domain.eligibility import FACTS_ASKED, Facts, Rule, conditions_for, findings
from compete.domain.grades.ladder import Ladder
from compete.domain.values.messages import msg
from compete.sheets.registration.cells import RowCheck
from compete.sheets.registration.draft import Draft
from compete.sheets.registration.people import (
    NOBODY,
    KnownEntrant,
    KnownPeople,
    RegistrationOffer,
    Tried,
)
from compete.sheets.registration.present_grade import grade_problem, since_problem

COLUMN_OF = {
    Rule.AGE: "birth",
    Rule.YEARS: "months",
    Rule.GRADE: "grade",
    Rule.CERTIFICATE: "certificate",
    Rule.GROUP: "group",
    Rule.POST: "post",
    Rule.PROMOTED: "promoted",
    Rule.ONE_EVENT: "event",
}
"""The column of the fact that a rule asks about."""
Waived: TypeAlias = Mapping[int, Collection[Rule]]
"""By the row's number the rules that somebody waived for it."""
NOTHING_WAIVED: Waived = {}


class Fitting:
    """The conditions of a workbook's events, and who is in which of them."""

    def __init__(
        self,
        offer: RegistrationOffer,
        known: KnownPeople,
        today: date,
        *,
        lenient: bool,
        waived: Waived = NOTHING_WAIVED,
    ) -> None:
        self._conditions = offer.conditions
        self._names = {event.code: event.name for event in offer.events}
        self._day = offer.day or today
        self._lenient, self._waived = lenient, waived
        self._events = _entered(known) if self._conditions else defaultdict(set)

    def feed(self, draft: Draft) -> None:
        """Note in which event a row's person is to be."""
        if self._conditions and draft.id_key and draft.values.event and not draft.refused:
            self._events[draft.id_key].add(draft.values.event.code)

    def check(self, draft: Draft, entrant: KnownEntrant | None) -> tuple[Rule, ...]:
        """Check the rules for the row's person; each broken one is a problem of its cell.

        Who is registered already and was as unfit before is only remarked on, as is everybody
        when `lenient`, and what is waived for the row.
        """
        event = draft.values.event
        if not self._conditions or event is None:
            return ()
        others = sorted(self._events.get(draft.id_key or "", set()) - {event.code})
        conditions = conditions_for(self._conditions, event.code, others)
        facts = _facts(draft, entrant, [self._names[other] for other in others], event.ladder)
        broken = []
        for finding in findings(conditions, facts, self._day):
            if finding.fits:
                continue
            if entrant is not None and not _says_other(finding.rule, facts, entrant):
                draft.check.notes.append(finding.sentence)
                continue
            broken.append(finding.rule)
            if self._lenient or finding.rule in self._waived.get(draft.check.row.number, ()):
                draft.check.notes.append(finding.sentence)
            else:
                draft.check.problem(_place(draft.check, finding.rule), finding.sentence)
        return tuple(broken)


def _entered(known: KnownPeople) -> defaultdict[str, set[str]]:
    """The events that people are entered for already, by ID number."""
    events: defaultdict[str, set[str]] = defaultdict(set)
    for entrant in known.entrants:
        if entrant.id_key is not None and not entrant.withdrawn:
            events[entrant.id_key].add(entrant.event)
    return events


def _facts(
    draft: Draft, entrant: KnownEntrant | None, other_events: Sequence[str], ladder: Ladder
) -> Facts:
    """The facts that hold once the row is written: an empty cell leaves what is known."""
    fields, known = draft.values, entrant or NOBODY
    facts = {key: getattr(fields if key in fields.given else known, key) for key in FACTS_ASKED}
    # Of these an ID number, or what everybody is, says more than an empty cell.
    facts |= {key: getattr(fields, key) or getattr(known, key) for key in ("birth", "group")}
    return Facts(other_events=other_events, ladder=ladder, **facts)


_SAID_BY = {rule: (column,) for rule, column in COLUMN_OF.items()} | {
    Rule.CERTIFICATE: ("certificate", "grade"),
    Rule.ONE_EVENT: (),
}
"""The facts that a row may change, by the rule that asks about them."""


def _says_other(rule: Rule, facts: Facts, entrant: KnownEntrant) -> bool:
    """True if the row changes what a rule asks about."""
    return any(getattr(facts, key) != getattr(entrant, key) for key in _SAID_BY[rule])


def _place(check: RowCheck, rule: Rule) -> str:
    """The column of the cell that says it: an age may stand in the ID number alone."""
    if rule is Rule.AGE and "birth" not in check.row.cells:
        return "id_number"
    return COLUMN_OF[rule]


class Tries:
    """Checks of rows against the grades that evaluations try for; none for contests."""

    def __init__(self, offer: RegistrationOffer, known: KnownPeople) -> None:
        self._tried = {event.code: event.tried for event in offer.events if event.tried}
        self._names = {event.code: event.name for event in offer.events}
        self._entered = _entered(known)
        self._failed = {
            (entrant.id_key, entrant.event): entrant.name
            for entrant in known.entrants
            if entrant.failed and not entrant.withdrawn
        }
        """By ID number and event the name of whoever tried there in vain."""

    def check(self, draft: Draft, entrant: KnownEntrant | None) -> None:
        """Note what is wrong with a row, and the event that its person is entered for now."""
        fields, event = draft.values, draft.values.event
        tried = self._tried.get(event.code) if event else None
        if event is None or tried is None:
            return
        known = entrant or NOBODY
        grade = fields.grade if "grade" in fields.given else known.grade
        since = fields.grade_since if "grade_since" in fields.given else known.grade_since
        refused_grade = any(it.column == "grade" for it in draft.check.problems)
        if not refused_grade and (why := grade_problem(tried, grade, event.ladder)):
            draft.check.problem("grade", why)
        if why := since_problem(tried, grade, since):
            draft.check.problem("grade_since", why)
        if draft.id_key is None:
            return
        others = sorted(
            other
            for other in self._entered[draft.id_key] - {event.code}
            if self._tried[other].occupation == tried.occupation
            and not self._resits(draft, tried, other)
        )
        if others and entrant is None:
            name = self._names[others[0]]
            draft.check.problem(
                "event", msg("已经报了“%(event)s”，同一个职业一次只能报一个等级", event=name)
            )
        elif not draft.refused:
            self._entered[draft.id_key].add(event.code)

    def _resits(self, draft: Draft, tried: Tried, event: str) -> bool:
        """True if the row's person tries again what was tried in vain in that event."""
        before = self._tried[event]
        return (
            draft.id_key is not None
            and self._failed.get((draft.id_key, event)) == draft.values.name
            and before.grade == tried.grade
            and (before.on or date.max) <= (tried.on or date.max)
        )
