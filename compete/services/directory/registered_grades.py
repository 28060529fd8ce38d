"""Registered grades: those a person has or is about to have, of any competition and ground."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import joinedload

from compete.domain.bundle.event_types import Occupation
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.identity.occupations import same_occupation
from compete.domain.values.claim_states import ClaimState
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState, GradeState
from compete.models import (
    Certificate,
    Competition,
    Entrant,
    Examinee,
    GradeClaim,
    GradeDecision,
    Member,
    Person,
    db,
)
from compete.services.directory.merged import same_people
from compete.services.kernel.chunks import in_chunks, tuples_among
from compete.services.kernel.event_rules import rules_of

_Row = tuple[int | None, int, int, str, int | None, str, date, dict[str, Any]]
_LOCK = 0x6772616465


@dataclass(frozen=True, slots=True)
class HeldGrade:
    """A grade that somebody has by a valid certificate, or that was approved and has none yet.

    `row` is that of the certificate, `competition` and `where` say who gave it, `grade` is 5 to 1.
    """

    row: int | None
    competition: int
    where: str
    entrant: int | None
    number: str | None
    occupation: str
    code: str
    trade: str
    grade: int
    since: date | None = None
    """The date of the certificate."""

    def why_not(self, name: str) -> Message:
        """Say why the person does not get it once more."""
        if self.number is None:
            return msg(
                "%(name)s 在“%(where)s”已经批准了同一职业的同级或更高等级，不能再给一次",
                name=name,
                where=self.where,
            )
        return msg(
            "%(name)s 已经有 %(number)s（“%(where)s”发的），同一职业的同级或更高等级，不能再给一次",
            name=name,
            number=CertificateNumber.parse(self.number).spaced,
            where=self.where,
        )

    def covers(self, occupation: Occupation, grade: int) -> bool:
        """True if it is of this occupation and trade, and of this grade or a higher one."""
        return self.grade <= grade and self.is_of(occupation)

    def is_of(self, occupation: Occupation) -> bool:
        """True if it is of this occupation and trade."""
        return (occupation.track or "--") == self.trade and same_occupation(
            self.code, self.occupation, occupation.code, occupation.name
        )


def claim_grades() -> None:
    """Claim grades: until the unit of work ends nobody else approves or certifies one anywhere.

    Before what somebody has is read: two competitions may give it at once. The lock after the
    competition's; SQLite's write lock does this already.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def any_void_grade() -> bool:
    """True if a certificate of a grade was ever made void here."""
    void = Certificate.kind == "grade", Certificate.state == CertificateState.REVOKED
    return db.session.scalar(select(Certificate.id).where(*void).limit(1)) is not None


def grades_of_people(
    hashes: Collection[str],
    *,
    approved: bool = False,
    state: CertificateState = CertificateState.VALID,
) -> Mapping[str, Sequence[HeldGrade]]:
    """The valid grades of each person, by the look-up key of the ID number, in order of issue.

    Whatever name it was registered under, and under whatever other record the person is known.
    With `approved`, behind it what was approved and has no certificate yet. With another `state`
    the certificates that are in it.
    """
    under = tuples_among(select(Person.id, Person.id_hash), Person.id_hash, sorted(set(hashes)))
    keys = {person: key for person, key in under if key}
    same = same_people(keys)
    known: defaultdict[int, list[str]] = defaultdict(list)
    for record, key in keys.items():
        known[same[record]].append(key)
    by_person: defaultdict[str, dict[int, HeldGrade]] = defaultdict(dict)
    every = sorted(same)
    for persons in in_chunks(every):
        for query in _certificates(persons, state):
            for person, row, here, name, entrant, number, on, face in db.session.execute(
                query
            ).tuples():
                grade = CertificateNumber.parse(number).grade
                if person is None or grade is None:
                    continue
                certified = HeldGrade(
                    row,
                    here,
                    name,
                    entrant,
                    number,
                    face["occupation"],
                    face.get("occupation_code") or "",
                    face["trade"],
                    grade,
                    on,
                )
                for key in known[same[person]]:
                    by_person[key][row] = certified
    grades = {key: [rows[row] for row in sorted(rows)] for key, rows in by_person.items()}
    if approved:
        for person, waiting in _approved(every):
            for key in known[same[person]]:
                grades.setdefault(key, []).append(waiting)
    return grades


def _approved(people: Sequence[int]) -> Iterator[tuple[int, HeldGrade]]:
    """Find these people's approved grades without certificate, by place or evaluation first."""
    tables: tuple[tuple[type[GradeDecision | GradeClaim], type[Any], Any], ...] = (
        (GradeDecision, Entrant, GradeDecision.entrant_id),
        (GradeDecision, Member, GradeDecision.member_id),
        (GradeClaim, Entrant, GradeClaim.entrant_id),
        (GradeClaim, Member, GradeClaim.member_id),
        (GradeClaim, Examinee, GradeClaim.examinee_id),
    )
    for kind, table, holder in tables:
        # An entrant with members is a crew, which is nobody.
        alone = kind.member_id.is_(None) if table is Entrant else true()
        done = GradeState.APPROVED if kind is GradeDecision else ClaimState.APPROVED
        query = select(table.person_id, Competition, kind).join(table, table.id == holder)
        query = query.join(Competition, Competition.id == table.competition_id)
        for persons in in_chunks(people):
            here = query.where(table.person_id.in_(persons), alone, kind.state == done)
            for person, competition, row in db.session.execute(
                here.options(joinedload(kind.event)).order_by(kind.id)
            ).tuples():
                if (grade := approved_grade(row, competition)) is not None:
                    yield person, grade


def approved_grade(row: GradeDecision | GradeClaim, competition: Competition) -> HeldGrade | None:
    """The approved grade without certificate; None where no occupation is told."""
    if row.event is not None:
        occupation = rules_of(row.event).occupation
    else:
        # Of who takes no part the claim says it itself.
        occupation = msgspec.convert(getattr(row, "occupation", None), Occupation)
    if occupation is None:
        return None
    return HeldGrade(
        row=None,
        competition=competition.id,
        where=competition.name,
        entrant=row.entrant_id,
        number=None,
        occupation=occupation.name,
        code=occupation.code,
        trade=occupation.track or "--",
        grade=row.grade,
    )


def _certificates(people: Sequence[int], state: CertificateState) -> tuple[Select[_Row], ...]:
    columns = (
        *(Certificate.id, Certificate.competition_id, Competition.name),
        *(Certificate.entrant_id, Certificate.number, Certificate.issued_on, Certificate.face),
    )
    holds = Certificate.kind == "grade", Certificate.state == state
    return (
        select(Entrant.person_id, *columns)
        .join(Entrant, Entrant.id == Certificate.entrant_id)
        .join(Competition, Competition.id == Certificate.competition_id)
        .where(Entrant.person_id.in_(people), Certificate.member_id.is_(None), *holds),
        select(Member.person_id, *columns)
        .join(Member, Member.id == Certificate.member_id)
        .join(Competition, Competition.id == Certificate.competition_id)
        .where(Member.person_id.in_(people), *holds),
        select(Examinee.person_id, *columns)
        .join(GradeClaim, GradeClaim.examinee_id == Examinee.id)
        .join(Certificate, Certificate.claim_id == GradeClaim.id)
        .join(Competition, Competition.id == Certificate.competition_id)
        .where(Examinee.person_id.in_(people), *holds),
    )
