"""Certificates for grades on other grounds: the numbers and the register of all grades."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select

from compete.domain.values.claim_states import GROUND_WORDS, ClaimState
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import (
    Certificate,
    Competition,
    Consequence,
    Entrant,
    Examinee,
    GradeClaim,
    IssuingBody,
    Member,
    db,
)
from compete.services.certificates.claim_proposals import check_filed
from compete.services.certificates.claims import WITH_PEOPLE
from compete.services.certificates.double_grades import require_no_double_grade
from compete.services.certificates.grade_certificates import (
    grades_by,
    record_issued,
    why_not_again,
)
from compete.services.certificates.grades_due import require_id_number
from compete.services.certificates.issuing_bodies import required_body
from compete.services.certificates.rows import Entitled
from compete.services.certificates.waiting_lists import WaitingList
from compete.services.directory.occupations.claims import ladder_of_claim, required_occupation
from compete.services.directory.registered_grades import claim_grades, grades_of_people
from compete.services.kernel.participants import takes_part


def count_claims_due(competition: Competition) -> int:
    """Count the claims that wait for their certificate, the first or a corrected one."""
    query = select(func.count()).select_from(_to_certify(competition).subquery())
    return db.session.scalar(query) or 0


def _to_certify(competition: Competition) -> Select[tuple[GradeClaim]]:
    """Those approved, and those whose certificate bears a former name or number."""
    renewed = (
        select(Certificate.claim_id)
        .join(Consequence, Consequence.certificate_id == Certificate.id)
        .where(
            Consequence.competition_id == competition.id,
            Consequence.state == ConsequenceState.REPLACED,
            Certificate.state == CertificateState.VALID,
            Certificate.claim_id.is_not(None),
        )
    )
    return (
        select(GradeClaim)
        .outerjoin(Entrant, Entrant.id == GradeClaim.entrant_id)
        .outerjoin(Member, Member.id == GradeClaim.member_id)
        .outerjoin(Examinee, Examinee.id == GradeClaim.examinee_id)
        .where(
            GradeClaim.competition_id == competition.id,
            (GradeClaim.state == ClaimState.APPROVED)
            | (GradeClaim.state == ClaimState.ISSUED) & GradeClaim.id.in_(renewed),
            # Nobody is certified under a pseudonym, nor who withdrew.
            func.coalesce(Member.erased_at, Entrant.erased_at, Examinee.erased_at).is_(None),
            takes_part() | GradeClaim.examinee_id.is_not(None),
        )
    )


def _due(competition: Competition, body: IssuingBody | None, most: int | None) -> list[Entitled]:
    claims = db.session.scalars(
        _to_certify(competition)
        .options(*WITH_PEOPLE)
        .order_by(GradeClaim.grade, GradeClaim.id)
        .limit(most)
    ).all()
    return _entitled(required_body(competition, body), claims)


DUE_CLAIMS = WaitingList(
    kind="grade",
    job="claims.issue",
    of_results=False,
    count=count_claims_due,
    due=_due,
    record=record_issued,
    none_due=msg("没有已批准、等发证的人"),
)


def _entitled(
    body: IssuingBody,
    claims: Sequence[GradeClaim],
    old: Certificate | None = None,
    why: str | None = None,
) -> list[Entitled]:
    """The certificates of these claims, in the stead of `old` or of those that are valid."""
    claim_grades()
    known = grades_of_people([key for row in claims if (key := row.person.id_hash) is not None])
    entitled_to = grades_by(body, claims, old)
    entitled = []
    for claim in claims:
        ladder, occupation = ladder_of_claim(claim), required_occupation(claim)
        check_filed(body, occupation, claim.grade, ladder)
        require_id_number(claim.person)
        ground = {"ground": GROUND_WORDS[claim.ground].render(), "clause": claim.clause}
        corrected = None if claim.state is ClaimState.APPROVED else str(msg("姓名或证件更正"))
        entitled.append(entitled_to(claim, occupation, ladder, ground, why or corrected))
        require_no_double_grade(claim, known, entitled[-1].replaces)
    return entitled


def claim_anew(old: Certificate, why: str) -> list[Entitled]:
    """The grade on another ground as it would be certified now, by the old one's body."""
    assert old.claim is not None
    return _entitled(required_body(old.competition, old.body), [old.claim], old, why)


def why_no_claim(old: Certificate) -> Message | None:
    """Say why a void one's grade is not given again: the person has another one by now."""
    if old.state is CertificateState.VALID:
        return None
    if (standing := why_not_again(old)) is not None:
        return standing
    other = db.session.scalar(
        select(GradeClaim.id).where(
            GradeClaim.competition_id == old.competition_id,
            GradeClaim.holder == (old.claim.holder if old.claim is not None else ""),
            GradeClaim.state.in_(ClaimState.unfinished()),
        )
    )
    return msg("本人另外提出了认定，不能再发") if other is not None else None
