"""The next grade of somebody: what it wants, what is short, on which day it will be met.

The conditions are those that an evaluation asks (`domain.evaluation.conditions`), by the edition
that the person's own events have a copy of, else by the newest that is kept here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec

from compete.domain.bundle import evaluation_types, types
from compete.domain.bundle.evaluation_types import ApplyLine
from compete.domain.bundle.event_types import Event, Occupation
from compete.domain.evaluation.conditions import Line, LineState, lines_of, trade_of
from compete.domain.explanation.evaluations import line_steps
from compete.domain.explanation.steps import Step
from compete.domain.grades.ladder import NATIONAL, Ladder, grades_of_ladder, ladder_in
from compete.domain.identity.occupations import same_occupation
from compete.domain.values.kinds import EntrantGroup
from compete.domain.values.states import CertificateState
from compete.models import ConditionEdition, Entrant, Examinee, Person
from compete.services.directory.ladders.conditions import (
    edition_called,
    edition_of,
    find_editions,
    lines_for,
    why_not_confirmed,
)
from compete.services.directory.registered_grades import HeldGrade, grades_of_people
from compete.services.kernel.clock import local_time, local_today
from compete.services.workers.parts import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class NextGrade:
    """What the next grade in one occupation wants of somebody, as of a day."""

    occupation: Occupation
    ladder: Ladder
    now: int | None
    since: date | None
    number: str | None
    """The number of the certificate of the grade, where it was issued here."""
    next: int | None
    """None at the top of the ladder."""
    edition: str
    """The name of the edition of the conditions; empty where none was found."""
    confirmed: bool
    """True if somebody held the edition against its document."""
    state: LineState
    unit: str

    @property
    def nearest(self) -> Line | None:
        """The line that holds, else the one that time alone is short of, else the least short."""
        if self.state.applies is not None:
            return self.state.applies
        return min(self.state.lines, key=_short_of, default=None)

    @property
    def short(self) -> int:
        """How many conditions of the nearest line are not met."""
        line = self.nearest
        return sum(not it.met for it in line.asked) if line is not None else 0

    @property
    def steps(self) -> tuple[Step, ...]:
        """Each line in words, and each condition in it."""
        return line_steps(self.state, self.now)


def _short_of(line: Line) -> tuple[bool, date, int]:
    on = line.met_on
    return on is None, on or date.max, sum(not it.met for it in line.asked)


def next_grades(person: Person, parts: Sequence[Part]) -> Sequence[NextGrade]:
    """What the next grade wants, for each occupation that somebody took part in, the newest first.

    What is known is what these parts say, and certificates that were issued to them.
    """
    occupations: list[tuple[Occupation, list[Part]]] = []
    for part in parts:
        occupation = _occupation_of(part)
        if occupation is None:
            continue
        known = next((rows for it, rows in occupations if _same(it, occupation)), None)
        if known is None:
            occupations.append((occupation, [part]))
        else:
            known.append(part)
    grades = _grades(person, parts, CertificateState.VALID)
    void = _grades(person, parts, CertificateState.REVOKED)
    return [_next(it, rows, grades, void) for it, rows in occupations]


def _occupation_of(part: Part) -> Occupation | None:
    if isinstance(part.holder, Examinee):
        return None
    return part.rules.occupation if part.rules is not None else None


def _same(first: Occupation, second: Occupation) -> bool:
    return (first.track or "--") == (second.track or "--") and same_occupation(
        first.code, first.name, second.code, second.name
    )


def _grades(person: Person, parts: Sequence[Part], state: CertificateState) -> Sequence[HeldGrade]:
    """The certificates of grades that these parts were issued."""
    if not person.id_hash:
        return ()
    rows = grades_of_people([person.id_hash], state=state).get(person.id_hash, ())
    here = {part.competition.id for part in parts}
    return [it for it in rows if it.competition in here]


def _next(
    occupation: Occupation,
    parts: Sequence[Part],
    grades: Collection[HeldGrade],
    void: Collection[HeldGrade],
) -> NextGrade:
    newest = next(part for part in parts if part.rules is not None)
    rules = newest.rules
    assert rules is not None
    ladder = ladder_in(rules)
    facts = _facts(newest)
    own = [it for it in grades if it.is_of(occupation)]
    if any(
        it.is_of(occupation) and (it.grade, it.since) == (facts.grade, facts.grade_since)
        for it in void
    ):
        # The certificate of the declared grade was made void.
        facts = msgspec.structs.replace(facts, grade=None, grade_since=None)
    best = min(own, key=lambda it: (it.grade, str(it.since)), default=None)
    number = None
    if best is not None and (facts.grade is None or best.grade <= facts.grade):
        number = best.number
        facts = msgspec.structs.replace(facts, grade=best.grade, grade_since=best.since)
    following = _following(ladder, facts.grade)
    lines, edition, confirmed = _conditions([part.rules for part in parts if part.rules], following)
    return NextGrade(
        occupation=occupation,
        ladder=ladder,
        now=facts.grade,
        since=facts.grade_since,
        number=number,
        next=following,
        edition=edition,
        confirmed=confirmed,
        state=lines_of(lines, facts, local_today()),
        unit=newest.unit,
    )


def _following(ladder: Ladder, grade: int | None) -> int | None:
    """The grade after this one on the ladder, the lowest for none; None at the top."""
    known = grades_of_ladder(ladder) or grades_of_ladder(NATIONAL)
    if grade is None:
        return known[0]
    higher = [it for it in known if it < grade]
    return max(higher, default=None)


def _facts(part: Part) -> types.Entrant:
    """What is on record of who had this part, as of today."""
    holder, entrant = part.holder, part.entrant
    assert entrant is not None
    assert not isinstance(holder, Examinee)
    trade = holder.trade if isinstance(holder, Entrant) else None
    at = local_time(entrant.registered_at).date()
    return types.Entrant(
        code="",
        name="",
        event="",
        unit="",
        grade=holder.grade,
        grade_since=holder.grade_since,
        trade=trade_of(holder.months, trade, at, local_today()),
        papers=msgspec.convert(holder.papers or (), tuple[evaluation_types.Paper, ...]),
        birth=holder.birth,
        group=EntrantGroup(holder.group or entrant.group or "worker"),
    )


def _conditions(rules: Sequence[Event], grade: int | None) -> tuple[Sequence[ApplyLine], str, bool]:
    """The lines for a grade, of which edition, and whether that was confirmed."""
    if grade is None:
        return (), "", True
    for event in rules:
        if event.apply and event.grade == grade:
            # An employer's own conditions are of no edition, and nobody has to confirm them.
            taken = edition_of(event)
            return event.apply, taken[1] if taken else event.name, why_not_confirmed(event) is None
    edition = _edition([event for event in rules if edition_of(event)])
    if edition is None:
        return (), "", True
    return lines_for(edition, grade), edition.name, edition.confirmed_at is not None


def _edition(rules: Sequence[Event]) -> ConditionEdition | None:
    """The edition of the newest event that has a copy of one, else the newest confirmed one."""
    for event in rules:
        taken = edition_of(event)
        row = edition_called(taken[0]) if taken else None
        if row is not None:
            return row
    offered = find_editions()
    return next((row for row in offered if row.confirmed_at is not None), next(iter(offered), None))
