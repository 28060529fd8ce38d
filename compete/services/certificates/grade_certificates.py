"""Grade certificates: numbered and issued for every approved grade, all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import selectinload

from compete.domain.bundle import Occupation
from compete.domain.grades import NATIONAL, Ladder, grade_face
from compete.domain.identity import CertificateNumber, occupation_code
from compete.domain.values import (
    GRADE_MOVES,
    CertificateState,
    ConsequenceState,
    GradeState,
    Message,
    listed,
    move,
    msg,
)
from compete.models import (
    Account,
    Certificate,
    Competition,
    Consequence,
    Entrant,
    GradeDecision,
    IssuingBody,
    Member,
    db,
)
from compete.services.certificates.gate import check_issue, issuable_events
from compete.services.certificates.issuing_bodies import is_filed
from compete.services.certificates.numbers import next_number, next_numbers
from compete.services.certificates.rows import (
    grade_prize,
    new_certificate,
    record_issued,
    take_out_of_force,
)
from compete.services.kernel import (
    Refused,
    for_update,
    ladder_of,
    local_today,
    rules_of,
    unit_of_work,
)
from compete.services.occupations import printed_code
from compete.services.transparency import then_logged


@then_logged
def issue_grade_certificates(
    competition: Competition, body: IssuingBody, by: Account, reason: str = ""
) -> list[Certificate]:
    """Number and issue a certificate for every approved grade of the competition.

    It takes the place of the person's valid one, where a new version led to
    another grade; one that only bears an old name is issued anew without a new
    approval. Events that still wait (`issuable_events`) are left for another time. All or
    none. `reason` says why, where the notice still runs. Raises `Refused` where `check_issue`
    does, for an occupation or grade outside the body's filed scope, and for a person without
    ID number.
    """
    with unit_of_work():
        competition = for_update(competition)
        why = check_issue(competition, reason)
        decisions = _approved(competition)
        renewed = _to_renew(competition)
        if not decisions and not renewed:
            raise Refused(msg("没有已批准、等发证的人"))
        hindrance = _unfiled(body, [*decisions, *renewed])
        if hindrance is not None:
            raise Refused(hindrance)
        issued = _issue_all(competition, body, [*decisions, *renewed])
        record_issued(competition, issued, by, why)
    return issued


def grades_ready(competition: Competition, *, everywhere: bool = False) -> int:
    """How many grade certificates would be issued now; `everywhere` with events that wait."""
    approved = _approved(competition, everywhere=everywhere)
    return len(approved) + len(_to_renew(competition, everywhere=everywhere))


def why_body_cannot(competition: Competition, body: IssuingBody) -> Message | None:
    """What of that which is ready the body is not filed for, and what to do; None if for all."""
    return _unfiled(body, [*_approved(competition), *_to_renew(competition)])


def _of_events(competition: Competition, everywhere: bool) -> ColumnElement[bool]:
    """Decisions of the events whose certificates may go out; `everywhere` of all."""
    issuable = None if everywhere else issuable_events(competition)
    if issuable is None:
        return true()
    return GradeDecision.event_id.in_(
        event.id for event in competition.events if event.code in issuable
    )


def _approved(competition: Competition, *, everywhere: bool = False) -> Sequence[GradeDecision]:
    return db.session.scalars(
        select(GradeDecision)
        .join(Entrant)
        .outerjoin(Member, Member.id == GradeDecision.member_id)
        .where(
            Entrant.competition_id == competition.id,
            # Nobody is certified under a pseudonym.
            func.coalesce(Member.erased_at, Entrant.erased_at).is_(None),
            GradeDecision.state == GradeState.APPROVED,
            _of_events(competition, everywhere),
        )
        .options(selectinload(GradeDecision.entrant), selectinload(GradeDecision.member))
        .order_by(GradeDecision.grade, GradeDecision.rank, Entrant.code)
        .with_for_update(of=GradeDecision)
    ).all()


def _to_renew(competition: Competition, *, everywhere: bool = False) -> Sequence[GradeDecision]:
    """Whose certificate is to be replaced for another name or ID number: the grade stands."""
    return db.session.scalars(
        select(GradeDecision)
        .join(
            Consequence,
            (Consequence.entrant_id == GradeDecision.entrant_id)
            & Consequence.member_id.is_not_distinct_from(GradeDecision.member_id),
        )
        .join(Certificate, Certificate.id == Consequence.certificate_id)
        .where(
            Consequence.competition_id == competition.id,
            Consequence.kind == "grade",
            Consequence.state == ConsequenceState.REPLACED,
            Certificate.state == CertificateState.VALID,
            GradeDecision.state == GradeState.ISSUED,
            _of_events(competition, everywhere),
        )
        .options(selectinload(GradeDecision.entrant), selectinload(GradeDecision.member))
        .order_by(GradeDecision.grade, GradeDecision.rank, GradeDecision.id)
    ).all()


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
    standing = _valid_of(competition)
    old = [standing.get((each.entrant_id, each.member_id)) for each in decisions]
    # All old ones first: a person has one that is valid.
    for certificate in old:
        if certificate is not None:
            certificate.state = CertificateState.REPLACED
    db.session.flush()
    numbers = {
        grade: iter(next_numbers(_series(body, grade), many))
        for grade, many in Counter(decision.grade for decision in decisions).items()
    }
    issued = []
    codes: dict[str, str] = {}
    with db.session.no_autoflush:
        for decision, before in zip(decisions, old, strict=True):
            numbered = _number(body, decision.grade, next(numbers[decision.grade]))
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
    hindrance = _unfiled(body, [decision])
    if hindrance is not None:
        raise Refused(hindrance)
    _require_id_number(person)
    return occupation


def _require_id_number(person: Entrant | Member) -> None:
    if not person.id_number:
        raise Refused(msg("%(name)s 没有证件号码，不能发等级证书", name=person.name))


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
    }


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


def _valid_of(competition: Competition) -> dict[tuple[int | None, int | None], Certificate]:
    """The valid grade certificates of the competition, by whose they are."""
    rows = db.session.scalars(
        select(Certificate).where(
            Certificate.competition_id == competition.id,
            Certificate.kind == "grade",
            Certificate.entrant_id.is_not(None),
            Certificate.state == CertificateState.VALID,
        )
    )
    return {(row.entrant_id, row.member_id): row for row in rows}


def grade_number(
    body: IssuingBody, grade: int, take: Callable[[str], int] = next_number
) -> CertificateNumber:
    """The next number of a body, year and grade; `take` takes it from its series."""
    return _number(body, grade, take(_series(body, grade)))


def _series(body: IssuingBody, grade: int) -> str:
    return f"grade/{body.id}/{local_today().year}/{grade}"


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


def _unfiled(body: IssuingBody, decisions: Sequence[GradeDecision]) -> Message | None:
    """Which occupations and grades the body is not filed for, and how to put that right."""
    wanted = {
        (occupation.code, occupation.name, decision.grade): occupation
        for decision in decisions
        if (occupation := rules_of(decision.event).occupation) is not None
    }
    missing = {
        key: occupation
        for key, occupation in wanted.items()
        if not is_filed(body, occupation, key[-1])
    }
    if not missing:
        return None
    ladders = {event.code: ladder_of(event) for event in {it.event for it in decisions}}
    own = next(iter(ladders.values())) if len(ladders) == 1 else NATIONAL
    what = listed(f"{name} {grade_face(grade, own)}" for _code, name, grade in missing)
    nameless = [
        occupation.name
        for occupation in missing.values()
        if occupation_code(occupation.code) is None
    ]
    if nameless:
        return msg(
            "“%(body)s”没有备案 %(what)s，不能发证。竞赛文件没有写 %(names)s 的职业编码，"
            "只按名称核对：请管理员在它的备案范围里补一行名称一字不差的，编码写“待核”；"
            "或者换一家评价机构",
            body=body.name,
            what=what,
            names=listed(dict.fromkeys(nameless)),
        )
    return msg(
        "“%(body)s”没有备案 %(what)s，不能发证。请管理员补上它的备案范围，或者换一家评价机构",
        body=body.name,
        what=what,
    )
