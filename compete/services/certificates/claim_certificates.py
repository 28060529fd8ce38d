"""Certificates for grades on other grounds: the numbers and the register of all grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, select

from compete.domain.grades.ladder import grade_face
from compete.domain.values.claim_states import CLAIM_MOVES, GROUND_WORDS, ClaimState
from compete.domain.values.messages import msg
from compete.domain.values.states import CertificateState, ConsequenceState, move
from compete.models import (
    Account,
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
from compete.services.certificates.double_grades import (
    ladder_of_claim,
    require_not_held,
    required_occupation,
)
from compete.services.certificates.grade_certificates import (
    grade_numbers,
    valid_of,
)
from compete.services.certificates.rows import (
    grade_prize,
    new_certificate,
    record_issued,
    take_out_of_force,
)
from compete.services.directory.occupations.proposals import printed_code
from compete.services.directory.registered_grades import claim_grades, grades_held
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_today
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.log.sequencing import then_logged


@then_logged
def issue_claim_certificates(
    competition: Competition, body: IssuingBody, by: Account, *, most: int | None = None
) -> list[Certificate]:
    """Number and issue a certificate for every approved grade on another ground, all or none.

    So do those whose certificate is to be replaced, since it bears a former name or number. They
    wait for no results: nothing of them was won. With `most`, a portion of at most so many.
    Raises `Refused` where none is approved, and for an occupation or grade outside the body's
    filed scope.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        claims = session.scalars(
            _to_certify(competition)
            .options(*WITH_PEOPLE)
            .order_by(GradeClaim.grade, GradeClaim.id)
            .limit(most)
        ).all()
        if not claims:
            raise Refused(msg("没有已批准、等发证的人"))
        batch = _Batch(body, claims)
        issued = [batch.issue(claim, None, _why(claim)) for claim in claims]
        record_issued(competition, issued, by)
    return issued


def count_claims_due(competition: Competition) -> int:
    """Count the claims that wait for their certificate, the first or a corrected one."""
    query = select(func.count()).select_from(_to_certify(competition).subquery())
    return db.session.scalar(query) or 0


def _to_certify(competition: Competition) -> Select[tuple[GradeClaim]]:
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


def _why(claim: GradeClaim) -> str | None:
    """Say why a certificate is replaced; None for a first one."""
    return None if claim.state is ClaimState.APPROVED else str(msg("姓名或证件更正"))


def issue_claim(
    body: IssuingBody,
    claim: GradeClaim,
    old: Certificate | None = None,
    why: str | None = None,
) -> Certificate:
    """Number and add one certificate, in the stead of `old` or of the one that is valid.

    Inside a unit of work. Raises `Refused` outside the body's scope, without an ID number, and
    where another certificate gives the person the grade already.
    """
    return _Batch(body, [claim]).issue(claim, old, why)


class _Batch:
    """The data for issuing many claims, read at once: whom a certificate stands for, numbers."""

    def __init__(self, body: IssuingBody, claims: Sequence[GradeClaim]) -> None:
        self._body = body
        claim_grades()
        self._held = grades_held([key for row in claims if (key := row.person.id_hash) is not None])
        self._standing = _standing(claims)
        self._numbers = grade_numbers(body, [claim.grade for claim in claims])
        self._codes: dict[str, str] = {}

    def issue(self, claim: GradeClaim, old: Certificate | None, why: str | None) -> Certificate:
        """Issue one certificate, as `issue_claim`."""
        body, person, ladder = self._body, claim.person, ladder_of_claim(claim)
        occupation = required_occupation(claim)
        check_filed(body, occupation, claim.grade, ladder)
        if not person.id_number:
            raise Refused(msg("%(name)s 没有证件号码，不能发等级证书", name=person.name))
        old = old or self._standing.get(claim.holder)
        require_not_held(claim, self._held, old)
        if claim.state is not ClaimState.ISSUED:
            claim.state = move(claim.state, ClaimState.ISSUED, CLAIM_MOVES)
        if old is not None:
            take_out_of_force(old)
        if occupation.code not in self._codes:
            self._codes[occupation.code] = printed_code(occupation.code) or ""
        face = {
            "name": person.name,
            "id_type": person.id_type,
            "occupation": occupation.name,
            "occupation_code": self._codes[occupation.code],
            "trade": occupation.track or "--",
            "level": grade_face(claim.grade, ladder),
            "body": body.name,
            "ground": GROUND_WORDS[claim.ground].render(),
            "clause": claim.clause,
        }
        certificate = new_certificate(
            "grade",
            str(next(self._numbers[claim.grade])),
            claim.competition,
            face,
            entrant=claim.entrant,
            member=claim.member,
            examinee=claim.examinee,
            body=body,
            on=local_today(),
            prize=_prize(claim),
            replaces=old,
            why=why,
        )
        certificate.claim = claim
        db.session.add(certificate)
        return certificate


def valid_certificate_of(claim: GradeClaim) -> Certificate | None:
    """The person's valid grade certificate of this competition, on whatever ground."""
    return _standing([claim]).get(claim.holder)


def _standing(claims: Sequence[GradeClaim]) -> Mapping[str, Certificate]:
    """The valid grade certificates of the competition, by holder."""
    by_person = valid_of([row.entrant_id for row in claims if row.entrant_id is not None])
    of_claims = {
        row.holder: found
        for row in claims
        if (found := by_person.get((row.entrant_id, row.member_id))) is not None
    }
    for chunk in in_chunks([row.examinee_id for row in claims if row.examinee_id is not None]):
        query = (
            select(GradeClaim.holder, Certificate)
            .join(Certificate, Certificate.claim_id == GradeClaim.id)
            .where(
                GradeClaim.examinee_id.in_(chunk),
                Certificate.state == CertificateState.VALID,
            )
        )
        of_claims |= dict(db.session.execute(query).tuples().all())
    return of_claims


def _prize(claim: GradeClaim) -> str:
    if claim.entrant is not None:
        return grade_prize(claim.entrant, claim.member)
    return f"grade/{claim.holder}"
