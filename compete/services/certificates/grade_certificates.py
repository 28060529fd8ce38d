"""Grade certificates: numbered and issued for every approved grade, whole or by portions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.event_types import Event, Occupation
from compete.domain.grades.ladder import Ladder, grade_face
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.claim_states import GROUND_WORDS, GradeGround
from compete.domain.values.messages import msg
from compete.domain.values.states import GRADE_MOVES, CertificateState, GradeState, move
from compete.models import (
    Account,
    Certificate,
    Competition,
    Entrant,
    GradeDecision,
    IssuingBody,
    Member,
    db,
)
from compete.services.certificates.grades_due import (
    next_grades,
    no_id_number,
    unfiled,
    why_grades_cannot,
)
from compete.services.certificates.issuing_gate import check_issue
from compete.services.certificates.numbers import grade_series, next_number, next_numbers
from compete.services.certificates.rows import (
    grade_prize,
    new_certificate,
    record_issued,
    take_out_of_force,
)
from compete.services.closing.grade_proposals import check_not_held
from compete.services.directory.occupations.proposals import printed_code
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_today
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.log.sequencing import then_logged


@then_logged
def issue_grade_certificates(
    competition: Competition,
    body: IssuingBody,
    by: Account,
    reason: str = "",
    *,
    most: int | None = None,
) -> list[Certificate]:
    """Number and issue a certificate for every approved grade of the competition.

    It takes the place of the person's valid one, where a new version led to
    another grade; one that only bears an old name is issued anew without a new
    approval. Events that still wait (`issuable_events`) are left for another time. All or
    none; with `most`, a portion of at most so many certificates, and the next call goes on.
    `reason` says why, where the notice still runs. Raises `Refused` where `check_issue`
    does, for an occupation or grade outside the body's filed scope, and for a person without
    ID number: whoever of all that are ready it is, nothing of a portion is issued. So it does for
    one of a portion who has the grade by another certificate (`check_not_held`).
    """
    with changing(competition) as competition:
        why = check_issue(competition, reason)
        ready = next_grades(competition, most)
        if not ready:
            raise Refused(msg("没有已批准、等发证的人"))
        hindrance = why_grades_cannot(competition, body)
        if hindrance is not None:
            raise Refused(hindrance)
        check_not_held(ready)
        issued = _issue_all(competition, body, ready)
        record_issued(competition, issued, by, why)
    return issued


def valid_grade_certificate(entrant: Entrant, member: Member | None = None) -> Certificate | None:
    """The person's valid grade certificate of this competition; of a crew, the member's."""
    return db.session.scalar(
        select(Certificate).where(
            Certificate.entrant_id == entrant.id,
            Certificate.member_id.is_not_distinct_from(member.id if member else None),
            Certificate.kind == "grade",
            Certificate.state == CertificateState.VALID,
        )
    )


def issue_grade(
    competition: Competition,
    body: IssuingBody,
    decision: GradeDecision,
    old: Certificate | None = None,
    why: str | None = None,
) -> Certificate:
    """Number and add one certificate, in the stead of `old` or of the one that is valid.

    Inside a unit of work; raises `Refused` as `issue_grade_certificates`.
    """
    occupation = _certified(body, decision)
    check_not_held([decision])
    number = grade_number(body, decision.grade)
    old = old or valid_grade_certificate(decision.entrant, decision.member)
    if old is not None:
        take_out_of_force(old)
    face = _face(body, decision, occupation, ladder_of(decision.entrant.event))
    return _made(competition, body, decision, number, face, old, why)


def _issue_all(
    competition: Competition, body: IssuingBody, decisions: Sequence[GradeDecision]
) -> list[Certificate]:
    """The same for many, in statements for all: numbers, those in force, and what is written."""
    events = {decision.event_id: decision.event for decision in decisions}
    ladders = {key: ladder_of(event) for key, event in events.items()}
    occupations: dict[tuple[int, int], Occupation] = {}
    for decision in decisions:
        key = decision.event_id, decision.grade
        if key not in occupations:
            occupations[key] = _certified(body, decision)
        _require_id_number(decision.person)
    standing = valid_of([each.entrant_id for each in decisions])
    old = [standing.get((each.entrant_id, each.member_id)) for each in decisions]
    # All old ones first: a person has one that is valid.
    for certificate in old:
        if certificate is not None:
            certificate.state = CertificateState.REPLACED
    db.session.flush()
    numbers = grade_numbers(body, [decision.grade for decision in decisions])
    issued = []
    codes: dict[str, str] = {}
    with db.session.no_autoflush:
        for decision, before in zip(decisions, old, strict=True):
            numbered = next(numbers[decision.grade])
            occupation = occupations[decision.event_id, decision.grade]
            if occupation.code not in codes:
                codes[occupation.code] = printed_code(occupation.code) or ""
            ladder = ladders[decision.event_id]
            face = _face(body, decision, occupation, ladder, codes[occupation.code])
            issued.append(_made(competition, body, decision, numbered, face, before, None))
    return issued


def _certified(body: IssuingBody, decision: GradeDecision) -> Occupation:
    """The occupation of it; `Refused` where there is none, or none that the body certifies."""
    event, person = decision.entrant.event, decision.person
    occupation = rules_of(event).occupation
    if occupation is None:
        raise Refused(msg("赛项“%(event)s”没有写职业，不能发等级证书", event=event.name))
    hindrance = unfiled(body, [(event, decision.grade)])
    if hindrance is not None:
        raise Refused(hindrance)
    _require_id_number(person)
    return occupation


def _require_id_number(person: Entrant | Member) -> None:
    if not person.id_number:
        raise Refused(no_id_number(person))


def _face(
    body: IssuingBody,
    decision: GradeDecision,
    occupation: Occupation,
    ladder: Ladder,
    code: str | None = None,
) -> dict[str, Any]:
    person = decision.person
    return {
        "name": person.name,
        "id_type": person.id_type,
        "occupation": occupation.name,
        "occupation_code": (printed_code(occupation.code) or "") if code is None else code,
        "trade": occupation.track or "--",
        "level": grade_face(decision.grade, ladder),
        "body": body.name,
        "rule": decision.rule,
        **_assessed(rules_of(decision.event)),
    }


def _assessed(rules: Event) -> dict[str, str]:
    """The ground of a grade that an evaluation gives, with its clause; nothing of a contest's."""
    if rules.verdict is None:
        return {}
    return {"ground": GROUND_WORDS[GradeGround.ASSESSMENT].render(), "clause": rules.cite or ""}


def _made(
    competition: Competition,
    body: IssuingBody,
    decision: GradeDecision,
    number: CertificateNumber,
    face: dict[str, Any],
    old: Certificate | None,
    why: str | None,
) -> Certificate:
    """The certificate itself; of an approved grade that is issued from here on."""
    entrant, member = decision.entrant, decision.member
    if decision.state is GradeState.APPROVED:
        decision.state = move(decision.state, GradeState.ISSUED, GRADE_MOVES)
    return new_certificate(
        "grade",
        str(number),
        competition,
        face,
        entrant=entrant,
        member=member,
        body=body,
        on=local_today(),
        prize=grade_prize(entrant, member),
        replaces=old,
        why=why,
    )


def valid_of(entrants: Sequence[int]) -> dict[tuple[int | None, int | None], Certificate]:
    """The valid grade certificates of these entrants and their crews, by whose they are."""
    found: dict[tuple[int | None, int | None], Certificate] = {}
    for chunk in in_chunks(entrants):
        rows = db.session.scalars(
            select(Certificate).where(
                Certificate.entrant_id.in_(chunk),
                Certificate.kind == "grade",
                Certificate.state == CertificateState.VALID,
            )
        )
        found |= {(row.entrant_id, row.member_id): row for row in rows}
    return found


def grade_number(
    body: IssuingBody, grade: int, take: Callable[[str], int] = next_number
) -> CertificateNumber:
    """The next number of a body, year and grade; `take` takes it from its series."""
    return _number(body, grade, take(_series(body, grade)))


def grade_numbers(
    body: IssuingBody, grades: Sequence[int]
) -> Mapping[int, Iterator[CertificateNumber]]:
    """The next numbers by grade, as many as it stands in `grades`, taken at once."""
    return {
        grade: iter([_number(body, grade, n) for n in next_numbers(_series(body, grade), many)])
        # Always in the same order: two competitions may number from the same series at once.
        for grade, many in sorted(Counter(grades).items())
    }


def _series(body: IssuingBody, grade: int) -> str:
    return grade_series(body.id, local_today().year, grade)


def _number(body: IssuingBody, grade: int, serial: int) -> CertificateNumber:
    return CertificateNumber.build(
        kind=body.kind,
        body=body.body_code,
        province=body.province,
        site=body.site,
        year=local_today().year,
        level=grade,
        serial=serial,
    )
