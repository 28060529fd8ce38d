"""What an evaluation refuses at the door: a grade that is held, two levels of one occupation."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from compete.domain.grades.ladder import Ladder, grade_label
from compete.domain.values.messages import Message, msg
from compete.sheets.registration.draft import Draft
from compete.sheets.registration.people import (
    KnownEntrant,
    KnownPeople,
    RegistrationOffer,
    Tried,
)


def held_already(tried: Tried, grade: int | None, ladder: Ladder) -> Message | None:
    """Why somebody of this grade cannot try for that one; None for who can."""
    if grade is None or grade > tried.grade:
        return None
    return msg(
        "已经是%(present)s，不能再报%(grade)s",
        present=grade_label(grade, ladder),
        grade=grade_label(tried.grade, ladder),
    )


def since_refused(tried: Tried, grade: int | None, since: date | None) -> Message | None:
    """What is wrong with the day of the certificate; None for nothing."""
    if since is None:
        return None
    if grade is None:
        return msg("没有现等级，就没有取得它的日期")
    if tried.on is not None and since > tried.on:
        return msg("在看条件的那一天（%(day)s）之后", day=str(tried.on))
    return None


class Tries:
    """Rows held against what is tried for; of contests it has nothing to say."""

    def __init__(self, offer: RegistrationOffer, known: KnownPeople) -> None:
        self._tried = {event.code: event.tried for event in offer.events if event.tried}
        self._names = {event.code: event.name for event in offer.events}
        self._entered: dict[str, set[str]] = defaultdict(set)
        self._failed: dict[tuple[str, str], str] = {}
        """By ID number and event the name of whoever tried there in vain."""
        if self._tried:
            for entrant in known.entrants:
                if entrant.id_key is not None and not entrant.withdrawn:
                    self._entered[entrant.id_key].add(entrant.event)
                    if entrant.failed:
                        self._failed[entrant.id_key, entrant.event] = entrant.name

    def check(self, draft: Draft, found: KnownEntrant | None) -> None:
        """Note what is wrong with a row, and for what its person is entered now."""
        entry, event = draft.entry, draft.entry.event
        tried = self._tried.get(event.code) if event else None
        if event is None or tried is None:
            return
        known = found or _NOBODY
        grade = entry.grade if "grade" in entry.given else known.grade
        since = entry.grade_since if "grade_since" in entry.given else known.grade_since
        if why := held_already(tried, grade, event.ladder):
            draft.check.problem("grade", why)
        if why := since_refused(tried, grade, since):
            draft.check.problem("grade_since", why)
        if draft.id_key is None:
            return
        others = sorted(
            other
            for other in self._entered[draft.id_key] - {event.code}
            if self._tried[other].occupation == tried.occupation
            and not self._resits(draft, tried, other)
        )
        if others and found is None:
            name = self._names[others[0]]
            draft.check.problem(
                "event", msg("已经报了“%(event)s”，同一个职业一次只能报一个等级", event=name)
            )
        elif not draft.refused:
            self._entered[draft.id_key].add(event.code)

    def _resits(self, draft: Draft, tried: Tried, event: str) -> bool:
        """Whether the row's person tries again what was tried in vain in that event."""
        before = self._tried[event]
        return (
            draft.id_key is not None
            and self._failed.get((draft.id_key, event)) == draft.person.name
            and before.grade == tried.grade
            and (before.on or date.max) <= (tried.on or date.max)
        )


_NOBODY = KnownEntrant(code="", name="", event="", unit="", id_key=None)
