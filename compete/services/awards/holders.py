"""Holders of awards and grades: in one text, and their words for the certifying body."""

from __future__ import annotations

from compete.domain.bundle.event_types import Occupation
from compete.domain.grades.ladder import Ladder, grade_label
from compete.domain.identity.citizen_id import check_citizen_id
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.papers import Paper
from compete.domain.values.messages import Message, Translate, msg
from compete.models import (
    Certificate,
    Entrant,
    Examinee,
    Member,
)
from compete.services.directory.occupations.proposals import is_code_unsure

_GENDERS = {"male": msg("男"), "female": msg("女")}


def sex_of(person: Entrant | Member | Examinee, translate: Translate | None) -> str:
    """The sex as registered; else what a citizen's number says."""
    gender = person.gender
    if gender is None and person.id_number and person.id_type == Paper.CITIZEN_ID.value:
        try:
            gender = check_citizen_id(person.id_number).gender
        except IdentityError:
            return ""
    return _GENDERS[gender].render(translate) if gender in _GENDERS else ""


def job_of(occupation: Occupation | None, translate: Translate | None) -> str:
    """The occupation with its trade and its code, where that is sure; empty for none."""
    if occupation is None:
        return ""
    track = f"（{occupation.track}）" if occupation.track else ""
    code = occupation.code
    if is_code_unsure(code):
        code = msg("编码待核").render(translate)
    return f"{occupation.name}{track} {code}"


def present_words(
    person: Entrant | Member | Examinee,
    grade: int | None,
    ladder: Ladder,
    translate: Translate | None,
) -> str:
    """The grade held until now, with its certificate's number where that is known."""
    label = grade_label(grade, ladder).render(translate)
    known = person.certificate if grade is not None and person.grade == grade else None
    return f"{label} {known}" if known else label


def ground_words(certificate: Certificate) -> Message:
    """The ground of a grade, with the clause; or the competition whose places gave it."""
    face = certificate.face
    if "ground" not in face:
        return msg("竞赛晋升，%(name)s", name=certificate.competition.name)
    if not face["clause"]:
        return msg("%(ground)s", ground=Message(face["ground"]))
    return msg("%(ground)s，%(clause)s", ground=Message(face["ground"]), clause=face["clause"])


def unit_of(certificate: Certificate) -> str:
    """The unit of a grade's holder, which the certificate does not bear."""
    if certificate.entrant is not None:
        return certificate.entrant.unit.name
    return certificate.claim.unit_name if certificate.claim is not None else ""


Person = Entrant | Member | Examinee


def whose(person: Person) -> str:
    """The holder in one text: `entrant:12`, `member:4` of a crew, `examinee:2`."""
    return f"{person.__tablename__}:{person.id}"
