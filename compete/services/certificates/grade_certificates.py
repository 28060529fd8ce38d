"""Grade certificates: numbered and issued for every approved grade, all or none."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.grades import grade_face
from compete.domain.identity import CertificateNumber
from compete.domain.values import GRADE_MOVES, GradeState, move, msg
from compete.models import Account, Certificate, Competition, Entrant, GradeDecision, IssuingBody
from compete.services.certificates.gate import check_issue
from compete.services.certificates.numbers import next_number
from compete.services.certificates.rows import new_certificate
from compete.services.kernel import Refused, audit, for_update, local_today, rules_of, unit_of_work
from compete.services.publication import seal_certificate


def issue_grade_certificates(
    competition: Competition, body: IssuingBody, by: Account, reason: str = ""
) -> list[Certificate]:
    """Number and issue a certificate for every approved grade of the competition.

    All or none. `reason` says why, where the notice still runs. Raises
    `Refused` where `check_issue` does, for an occupation or grade outside the
    body's filed scope, and for a person without ID number.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        why = check_issue(competition, reason)
        decisions = session.scalars(
            select(GradeDecision)
            .join(Entrant)
            .where(
                Entrant.competition_id == competition.id,
                GradeDecision.state == GradeState.APPROVED,
            )
            .order_by(GradeDecision.grade, GradeDecision.rank, Entrant.code)
            .with_for_update(of=GradeDecision)
        ).all()
        if not decisions:
            raise Refused(msg("没有已批准、等发证的人"))
        issued = [_issue_grade(competition, body, decision) for decision in decisions]
        session.flush()
        for certificate in issued:
            audit.record(
                competition,
                by,
                "certificate.issue",
                certificate.subject,
                after={
                    "number": certificate.number,
                    "kind": certificate.kind,
                    "seal": seal_certificate(certificate),
                },
                reason=why,
            )
    return issued


def _issue_grade(
    competition: Competition, body: IssuingBody, decision: GradeDecision
) -> Certificate:
    entrant = decision.entrant
    occupation = rules_of(entrant.event).occupation
    if occupation is None:
        raise Refused(msg("赛项“%(event)s”没有写职业，不能发等级证书", event=entrant.event.name))
    if not _in_scope(body, occupation.code, decision.grade):
        raise Refused(
            msg(
                "“%(body)s”没有备案 %(occupation)s %(grade)s，不能发证",
                body=body.name,
                occupation=occupation.name,
                grade=grade_face(decision.grade),
            )
        )
    if not entrant.id_number:
        raise Refused(msg("%(name)s 没有证件号码，不能发等级证书", name=entrant.name))
    today = local_today()
    number = CertificateNumber.build(
        kind=body.kind,
        body=body.body_code,
        province=body.province,
        site=body.site,
        year=today.year,
        level=decision.grade,
        serial=next_number(f"grade/{body.id}/{today.year}/{decision.grade}"),
    )
    decision.state = move(decision.state, GradeState.ISSUED, GRADE_MOVES)
    face = {
        "name": entrant.name,
        "id_type": entrant.id_type,
        "occupation": occupation.name,
        "occupation_code": occupation.code,
        "trade": occupation.track or "--",
        "level": grade_face(decision.grade),
        "body": body.name,
        "rule": decision.rule,
    }
    return new_certificate(
        "grade", str(number), competition, face, entrant=entrant, body=body, on=today
    )


def _in_scope(body: IssuingBody, occupation: str, grade: int) -> bool:
    return any(entry["code"] == occupation and grade in entry["grades"] for entry in body.scope)
