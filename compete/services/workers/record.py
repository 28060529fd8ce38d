"""The record of somebody: line by line what stands of them in the competitions of here.

Nothing is kept for it. What results say is what is published and in force; practice, marks that
are not published, and whatever else a person does for themselves are in no line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import or_, select

from compete.domain.values.states import CertificateState
from compete.models import (
    Certificate,
    Competition,
    Distinction,
    Entrant,
    Examinee,
    GradeClaim,
    Member,
    Organisation,
    OutsideResult,
    Person,
    Unit,
    db,
)
from compete.services.directory.merged import standing, with_merged
from compete.services.kernel.clock import local_time
from compete.services.mentors.mentor_ties import MentorTie, ties_of_person
from compete.services.results.contestants import Verdict, verdict_for
from compete.services.results.nominated_awards_in_force import distinctions_in_force
from compete.services.workers.next_grade import NextGrade, next_grades
from compete.services.workers.outside_results import counted_results
from compete.services.workers.parts import Part, parts_of_person


class LineKind(StrEnum):
    """A kind of line in a record."""

    GRADE = "grade"
    CONTEST = "contest"
    EVALUATION = "evaluation"
    HONOUR = "honour"
    MENTOR = "mentor"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """A line of a record: what it is of, and on which day it stands."""

    kind: LineKind
    day: date
    part: Part | None = None
    """None of a tie, which belongs to no competition."""
    certificate: Certificate | None = None
    """Of a grade, and of an award where one was issued."""
    verdict: Verdict | None = None
    """Of a contest and of an evaluation: what is published."""
    distinction: Distinction | None = None
    tie: MentorTie | None = None
    outside: OutsideResult | None = None
    """Of a contest held elsewhere: what two entered of it."""

    @property
    def competition(self) -> Competition | None:
        """The competition that it is of; None of a tie."""
        return self.part.competition if self.part is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as it stands now."""

    person: Person
    unit: str
    """The unit that somebody came from last."""
    next: Sequence[NextGrade]
    lines: Sequence[RecordLine]
    """The newest first."""


def record_of(person: Person, unit: Unit | None = None) -> Record:
    """The record of somebody; with a `unit` what they did with it, and nothing else."""
    person = standing(person)
    parts = parts_of_person(person, unit)
    lines = [line for find in LINES for line in find(Sources(person, unit, parts))]
    lines.sort(key=_place, reverse=True)
    return Record(
        person=person,
        unit=parts[0].unit if parts else unit.name if unit is not None else person.unit_name or "",
        next=next_grades(person, parts),
        lines=lines,
    )


def results_of(person: Person) -> Sequence[RecordLine]:
    """What somebody earned: grades, contests, evaluations, honours; the oldest first."""
    sources = Sources(person, None, parts_of_person(person))
    lines = [line for find in _EARNED for line in find(sources)]
    return sorted(lines, key=_place)


def _place(line: RecordLine) -> tuple[date, int, str]:
    """By the day, then by the competition; ties of the same day stand last."""
    competition = line.competition
    return line.day, competition.id if competition is not None else 0, line.kind


@dataclass(frozen=True, slots=True)
class Sources:
    """What the lines of a record are found in: whose it is, of which unit alone, and the parts."""

    person: Person
    unit: Unit | None
    parts: Sequence[Part]


def _grades(sources: Sources) -> Iterator[RecordLine]:
    """The grades that were certified here; what was replaced by another stands in that one."""
    for part, row in _certificates(sources.parts, "grade"):
        yield RecordLine(kind=LineKind.GRADE, day=row.issued_on, part=part, certificate=row)


def _contests(sources: Sources) -> Iterator[RecordLine]:
    """Contests and evaluations of which a result is published, with the award's certificate."""
    parts = sources.parts
    papers = {part.holder: row for part, row in _certificates(parts, "award") if _is_place(row)}
    for part in parts:
        verdict = verdict_for(part.entrant) if part.entrant is not None else None
        if verdict is None:
            continue
        judged = verdict.judged is not None
        yield RecordLine(
            kind=LineKind.EVALUATION if judged else LineKind.CONTEST,
            day=part.day,
            part=part,
            verdict=verdict,
            certificate=papers.get(part.holder),
        )


def _is_place(row: Certificate) -> bool:
    return row.distinction_id is None and row.state is CertificateState.VALID


def _honours(sources: Sources) -> Iterator[RecordLine]:
    """Awards that were given by hand and stand, with their certificates."""
    parts = sources.parts
    papers = {row.distinction_id: row for _part, row in _certificates(parts, "award")}
    competitions = {part.competition.id: part.competition for part in parts}
    given = {key: distinctions_in_force(it) for key, it in competitions.items()}
    for part in parts:
        for row in given[part.competition.id]:
            holder = row.member_id if isinstance(part.holder, Member) else row.entrant_id
            if isinstance(part.holder, Examinee) or holder != part.holder.id:
                continue
            if isinstance(part.holder, Entrant) and row.member_id is not None:
                continue
            at = row.agreed_at
            yield RecordLine(
                kind=LineKind.HONOUR,
                day=local_time(at).date() if at is not None else part.day,
                part=part,
                distinction=row,
                certificate=papers.get(row.id),
            )


def _outside(sources: Sources) -> Iterator[RecordLine]:
    """Places in contests held elsewhere, where somebody took part here whose they are."""
    by_competition = {part.competition.id: part for part in sources.parts}
    for rows in counted_results({sources.person.id}).values():
        for row in rows:
            part = by_competition.get(row.competition_id)
            if part is not None:
                yield RecordLine(kind=LineKind.OUTSIDE, day=row.day, part=part, outside=row)


def _certificates(parts: Sequence[Part], kind: str) -> Iterator[tuple[Part, Certificate]]:
    """The certificates of a kind that these parts were issued, but those that were replaced."""
    by_holder = {(type(part.holder), part.holder.id): part for part in parts}
    entrants, members, examinees = (
        [number for table, number in by_holder if table is it] for it in (Entrant, Member, Examinee)
    )
    claims = select(GradeClaim.id).where(GradeClaim.examinee_id.in_(examinees))
    query = (
        select(Certificate)
        .where(
            Certificate.kind == kind,
            Certificate.state != CertificateState.REPLACED,
            or_(
                Certificate.entrant_id.in_(entrants) & Certificate.member_id.is_(None),
                Certificate.member_id.in_(members),
                Certificate.claim_id.in_(claims),
            ),
        )
        .order_by(Certificate.id)
    )
    for row in db.session.scalars(query):
        person = row.person
        part = by_holder.get((type(person), person.id)) if person is not None else None
        if part is not None:
            yield part, row


def _mentors(sources: Sources) -> Iterator[RecordLine]:
    """Agreements, as mentor and as pupil; of a unit those alone that its organisation made."""
    organisation = sources.unit.organisation_id if sources.unit is not None else None
    if sources.unit is not None and organisation is None:
        return
    own = with_merged(Organisation, [_standing_number(organisation)]) if organisation else None
    for tie in ties_of_person(sources.person):
        if own is None or tie.agreement.organisation_id in own:
            day = tie.ended or tie.agreement.starts
            yield RecordLine(kind=LineKind.MENTOR, day=day, tie=tie)


def _standing_number(number: int) -> int:
    return standing(db.session.get_one(Organisation, number)).id


Lines = Callable[[Sources], Iterator[RecordLine]]
_EARNED: Sequence[Lines] = (_grades, _contests, _honours, _outside)
LINES: Sequence[Lines] = (*_EARNED, _mentors)
"""What finds the lines of a record: a further kind of line joins here, and its words in
`compete/web/worker/line_words.py`."""
