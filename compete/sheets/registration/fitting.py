"""Rows held against what their events ask of people: 参赛条件."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from compete.domain.eligibility import Facts, Rule, conditions_for, findings
from compete.domain.grades.ladder import Ladder
from compete.sheets.registration.cells import RowCheck
from compete.sheets.registration.draft import Draft
from compete.sheets.registration.people import (
    KnownEntrant,
    KnownPeople,
    RegistrationOffer,
)

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
"""Where what a rule asks about is written."""
Waived: TypeAlias = Mapping[int, Collection[Rule]]
"""By the row's number the rules that somebody waived for it."""
NOTHING_WAIVED: Waived = {}


class Fitting:
    """What the events of a workbook ask, and who is in which of them."""

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
        self._events: dict[str, set[str]] = defaultdict(set)
        if self._conditions:
            for entrant in known.entrants:
                if entrant.id_key is not None and not entrant.withdrawn:
                    self._events[entrant.id_key].add(entrant.event)

    def feed(self, draft: Draft) -> None:
        """Note in which event a row's person is to be."""
        if self._conditions and draft.id_key and draft.entry.event and not draft.refused:
            self._events[draft.id_key].add(draft.entry.event.code)

    def check(self, draft: Draft, found: KnownEntrant | None) -> tuple[Rule, ...]:
        """The rules that the row's person breaks; each is a problem of its cell.

        Who is registered already and was as unfit before is only remarked on, as is everybody
        when `lenient`, and what is waived for the row.
        """
        event = draft.entry.event
        if not self._conditions or event is None:
            return ()
        others = sorted(self._events.get(draft.id_key or "", set()) - {event.code})
        conditions = conditions_for(self._conditions, event.code, others)
        facts = _facts(draft, found, [self._names[other] for other in others], event.ladder)
        broken = []
        for finding in findings(conditions, facts, self._day):
            if finding.fits:
                continue
            if found is not None and not _says_other(finding.rule, facts, found):
                draft.check.notes.append(finding.sentence)
                continue
            broken.append(finding.rule)
            if self._lenient or finding.rule in self._waived.get(draft.check.row.number, ()):
                draft.check.notes.append(finding.sentence)
            else:
                draft.check.problem(_place(draft.check, finding.rule), finding.sentence)
        return tuple(broken)


def _facts(
    draft: Draft, found: KnownEntrant | None, other_events: Sequence[str], ladder: Ladder
) -> Facts:
    """What holds once the row is written: an empty cell leaves what is known."""
    person, entry = draft.person, draft.entry
    known = found or _NOBODY

    def said(key: str, new: Any) -> Any:
        return new if key in entry.given else getattr(known, key)

    return Facts(
        birth=person.birth or known.birth,
        months=said("months", entry.months),
        grade=said("grade", entry.grade),
        certificate=said("certificate", entry.certificate),
        group=entry.group or known.group,
        post=said("post", entry.post),
        promoted=said("promoted", entry.promoted),
        other_events=other_events,
        ladder=ladder,
    )


_NOBODY = KnownEntrant(code="", name="", event="", unit="", id_key=None)
_SAID_BY = {
    Rule.AGE: ("birth",),
    Rule.YEARS: ("months",),
    Rule.GRADE: ("grade",),
    Rule.CERTIFICATE: ("certificate", "grade"),
    Rule.GROUP: ("group",),
    Rule.POST: ("post",),
    Rule.PROMOTED: ("promoted",),
    Rule.ONE_EVENT: (),
}


def _says_other(rule: Rule, facts: Facts, found: KnownEntrant) -> bool:
    """Whether the row changes what a rule asks about."""
    return any(getattr(facts, key) != getattr(found, key) for key in _SAID_BY[rule])


def _place(check: RowCheck, rule: Rule) -> str:
    """The column of the cell that says it: an age may stand in the ID number alone."""
    if rule is Rule.AGE and "birth" not in check.row.cells:
        return "id_number"
    return COLUMN_OF[rule]
