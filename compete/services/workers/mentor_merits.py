"""优秀导师: mentors of a year by what came of their pupils, each point with what it is for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.days import months_later
from compete.domain.values.mentor_states import MentorOutcome, MentorshipState
from compete.domain.values.states import CertificateState
from compete.models import (
    Account,
    Entrant,
    Examinee,
    Member,
    Mentorship,
    Organisation,
    Person,
    db,
)
from compete.services.directory.merged import same_people, with_merged
from compete.services.directory.tree import Tree
from compete.services.kernel.chunks import rows_among
from compete.services.mentors.mentor_rights import is_seen_by
from compete.services.mentors.mentor_rules import MentorRules, rules_in_force
from compete.services.workers.record import LineKind, RecordLine, results_of


class MeritKind(StrEnum):
    """What a point is for."""

    OUTCOME = "outcome"
    PLACE = "place"
    AWARD = "award"
    GRADE = "grade"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merit:
    """Something that a pupil earned, and how many points it is to the mentor."""

    kind: MeritKind
    pupil: str
    day: date
    points: int
    outcome: MentorOutcome | None = None
    rank: int | None = None
    grade: int | None = None
    title: str = ""
    """Of an award; of a place the contest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MentorMerits:
    """A mentor of the year: their pupils, what became of them, and the sum."""

    mentor: Person
    unit: str
    rank: int
    pupils: int
    outcomes: Mapping[MentorOutcome, int]
    merits: Sequence[Merit]

    @property
    def points(self) -> int:
        """The sum."""
        return sum(it.points for it in self.merits)

    def points_of(self, kind: MeritKind) -> int:
        """The part of the sum that is of one kind."""
        return sum(it.points for it in self.merits if it.kind is kind)


def merits_of_year(organisation: Organisation, year: int, by: Account) -> list[MentorMerits]:
    """The mentors of an organisation and of what is beneath it, the best first.

    Counted are outcomes of agreements that ended in the year, and what pupils earned in it while
    an agreement ran or within the months of the rules after; the same thing once to each mentor.
    """
    rules = rules_in_force(organisation).rules
    rows = _agreements(organisation, year, rules, by)
    same = same_people({number for row in rows for number in (row.mentor_id, row.pupil_id)})
    results = _Results({same[row.pupil_id] for row in rows})
    by_mentor: dict[int, list[Mentorship]] = defaultdict(list)
    for row in rows:
        by_mentor[same[row.mentor_id]].append(row)
    whole = []
    for number, own in by_mentor.items():
        merits = sorted(
            _merits(own, same, results, rules, year), key=lambda it: (it.day, it.pupil, it.kind)
        )
        whole.append((sum(it.points for it in merits), number, own, merits))
    names = {
        row.id: row
        for row in rows_among(select(Person).order_by(Person.id), Person.id, sorted(by_mentor))
    }
    whole.sort(key=lambda it: (-it[0], names[it[1]].name_key, it[1]))
    sums = [points for points, _number, _own, _merits in whole]
    return [
        MentorMerits(
            mentor=names[number],
            unit=own[-1].mentor_unit,
            rank=sums.index(points) + 1,
            pupils=len({same[row.pupil_id] for row in own}),
            outcomes=Counter(row.outcome for row in own if row.outcome and _ended_in(row, year)),
            merits=merits,
        )
        for points, number, own, merits in whole
    ]


def _agreements(
    organisation: Organisation, year: int, rules: MentorRules, by: Account
) -> list[Mentorship]:
    """The agreements of which something may count in the year, in their order."""
    beneath = with_merged(Organisation, Tree.read().beneath(organisation.id))
    query = select(Mentorship).where(
        is_seen_by(by),
        Mentorship.state != MentorshipState.WITHDRAWN,
        Mentorship.starts <= date(year, 12, 31),
    )
    rows = rows_among(query.order_by(Mentorship.id), Mentorship.organisation_id, sorted(beneath))
    first = date(year, 1, 1)
    return sorted(
        (row for row in rows if _counts_until(row, rules) >= first), key=lambda row: row.id
    )


def _counts_until(row: Mentorship, rules: MentorRules) -> date:
    return months_later(row.last_day, rules.after)


def _ended_in(row: Mentorship, year: int) -> bool:
    return row.state is MentorshipState.ENDED and row.last_day.year == year


class _Results:
    """What pupils earned; asked of those alone who took part in anything."""

    def __init__(self, people: Collection[int]) -> None:
        records = with_merged(Person, people)
        self._active = {
            records[number]
            for table in (Entrant, Member, Examinee)
            for number in rows_among(select(table.person_id), table.person_id, sorted(records))
            if number is not None
        }
        self._lines: dict[int, Sequence[RecordLine]] = {}

    def of(self, person: int) -> Sequence[RecordLine]:
        """The lines of one pupil."""
        if person not in self._active:
            return ()
        if person not in self._lines:
            self._lines[person] = results_of(db.session.get_one(Person, person))
        return self._lines[person]


def _merits(
    own: Sequence[Mentorship],
    same: Mapping[int, int],
    results: _Results,
    rules: MentorRules,
    year: int,
) -> Iterator[Merit]:
    """What the pupils of one mentor earned in the year."""
    counted: set[tuple[int, int]] = set()
    for row in own:
        if row.outcome is not None and _ended_in(row, year):
            yield Merit(
                kind=MeritKind.OUTCOME,
                pupil=row.pupil.name,
                day=row.last_day,
                points=rules.of_outcome(row.outcome),
                outcome=row.outcome,
            )
        pupil = same[row.pupil_id]
        for place, line in enumerate(results.of(pupil)):
            if line.day.year != year or not row.starts <= line.day <= _counts_until(row, rules):
                continue
            if (pupil, place) not in counted:
                counted.add((pupil, place))
                yield from _merits_of_line(row.pupil.name, line, rules)


def _merits_of_line(pupil: str, line: RecordLine, rules: MentorRules) -> Iterator[Merit]:
    """What a line of a record is worth; a certificate that was made void is nothing."""
    paper = line.certificate
    if line.kind is LineKind.GRADE and paper is not None and paper.state is CertificateState.VALID:
        grade = CertificateNumber.parse(paper.number).grade
        if grade is not None:
            yield Merit(
                kind=MeritKind.GRADE,
                pupil=pupil,
                day=line.day,
                points=rules.of_grade(grade),
                grade=grade,
                title=str(paper.face["occupation"]),
            )
    if line.kind is LineKind.CONTEST and line.verdict is not None:
        verdict = line.verdict
        if verdict.rank is not None and rules.of_place(verdict.rank):
            yield Merit(
                kind=MeritKind.PLACE,
                pupil=pupil,
                day=line.day,
                points=rules.of_place(verdict.rank),
                rank=verdict.rank,
                title=verdict.rules.name,
            )
        for title in verdict.awards:
            yield Merit(
                kind=MeritKind.AWARD,
                pupil=pupil,
                day=line.day,
                points=rules.points_award,
                title=title,
            )
    if line.kind is LineKind.HONOUR and line.distinction is not None:
        yield Merit(
            kind=MeritKind.AWARD,
            pupil=pupil,
            day=line.day,
            points=rules.points_award,
            title=line.distinction.title,
        )
