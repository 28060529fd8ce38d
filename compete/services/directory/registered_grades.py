"""Which grades the register holds of a person, of whatever competition and on whatever ground."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from compete.domain.bundle import Occupation
from compete.domain.identity import CertificateNumber, same_occupation
from compete.domain.values import CertificateState
from compete.models import Certificate, Entrant, Examinee, GradeClaim, Member, Person, db
from compete.services.directory.merged import same_people
from compete.services.kernel import in_chunks

_Row = tuple[int | None, int, int | None, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class HeldGrade:
    """A valid certificate of a grade: its row and its entrant's, number, what for, grade 5 to 1."""

    row: int
    entrant: int | None
    number: str
    occupation: str
    code: str
    trade: str
    grade: int

    def covers(self, occupation: Occupation, grade: int) -> bool:
        """Whether it is of this occupation and trade, and of this grade or a higher one."""
        return (
            self.grade <= grade
            and (occupation.track or "--") == self.trade
            and same_occupation(self.code, self.occupation, occupation.code, occupation.name)
        )


def grades_held(hashes: Collection[str]) -> Mapping[str, Sequence[HeldGrade]]:
    """By the look-up key of each ID number what is valid of whose it is, in order of issue.

    Whatever name it was registered under, and under whatever other record the person is known.
    """
    keys: dict[int, str] = {}
    wanted = sorted(set(hashes))
    for chunk in in_chunks(wanted):
        under = select(Person.id, Person.id_hash).where(Person.id_hash.in_(chunk))
        keys |= {person: key for person, key in db.session.execute(under).tuples() if key}
    same = same_people(keys)
    known: defaultdict[int, list[str]] = defaultdict(list)
    for record, key in keys.items():
        known[same[record]].append(key)
    found: dict[str, dict[int, HeldGrade]] = {}
    every = sorted(same)
    for persons in in_chunks(every):
        for query in _certificates(persons):
            for person, row, entrant, number, face in db.session.execute(query).tuples():
                grade = CertificateNumber.parse(number).grade
                if person is None or grade is None:
                    continue
                certified = HeldGrade(
                    row,
                    entrant,
                    number,
                    face["occupation"],
                    face.get("occupation_code") or "",
                    face["trade"],
                    grade,
                )
                for key in known[same[person]]:
                    found.setdefault(key, {})[row] = certified
    return {key: [rows[row] for row in sorted(rows)] for key, rows in found.items()}


def _certificates(people: Sequence[int]) -> tuple[Select[_Row], ...]:
    columns = Certificate.id, Certificate.entrant_id, Certificate.number, Certificate.face
    holds = Certificate.kind == "grade", Certificate.state == CertificateState.VALID
    return (
        select(Entrant.person_id, *columns)
        .join(Entrant, Entrant.id == Certificate.entrant_id)
        .where(Entrant.person_id.in_(people), Certificate.member_id.is_(None), *holds),
        select(Member.person_id, *columns)
        .join(Member, Member.id == Certificate.member_id)
        .where(Member.person_id.in_(people), *holds),
        select(Examinee.person_id, *columns)
        .join(GradeClaim, GradeClaim.examinee_id == Examinee.id)
        .join(Certificate, Certificate.claim_id == GradeClaim.id)
        .where(Examinee.person_id.in_(people), *holds),
    )
