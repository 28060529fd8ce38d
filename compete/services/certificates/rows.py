"""A certificate as it is kept: made with a random link of its own, made void with a reason."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import select

from compete.domain.values.claim_states import CLAIM_MOVES, ClaimState
from compete.domain.values.distinction_states import DISTINCTION_MOVES, DistinctionState
from compete.domain.values.messages import msg
from compete.domain.values.states import (
    CONSEQUENCE_MOVES,
    CertificateState,
    ConsequenceState,
    GradeState,
    move,
)
from compete.models import (
    Account,
    Certificate,
    Competition,
    Distinction,
    Entrant,
    Examinee,
    GradeDecision,
    IssuingBody,
    Member,
    Team,
    db,
    utc_now,
)
from compete.models.types import token_hash
from compete.services.certificates.award_faces import with_words
from compete.services.kernel import audit
from compete.services.kernel.bulk_records import Said, record_many
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.log.sequencing import then_logged
from compete.services.results.consequences import UNSETTLED, consequence_of
from compete.services.results.record_checks import seal_certificate


def new_certificate(
    kind: str,
    number: str,
    competition: Competition,
    face: dict[str, Any],
    *,
    on: date,
    prize: str,
    place: int = 1,
    entrant: Entrant | None = None,
    member: Member | None = None,
    examinee: Examinee | None = None,
    team: Team | None = None,
    body: IssuingBody | None = None,
    distinction: Distinction | None = None,
    replaces: Certificate | None = None,
    why: str | None = None,
) -> Certificate:
    """Add one certificate with a random link of its own; inside a unit of work.

    What it `replaces` must have been taken out of force before (`take_out_of_force`).
    """
    person = member or entrant or examinee
    of = distinction or entrant or team
    won = of.event_id if of is not None else None
    token = secrets.token_urlsafe(18)
    certificate = Certificate(
        kind=kind,
        number=number,
        token_hash=token_hash(token),
        token=token,
        competition_id=competition.id,
        entrant_id=entrant.id if entrant else None,
        member_id=member.id if member else None,
        team_id=team.id if team else None,
        body_id=body.id if body else None,
        distinction_id=distinction.id if distinction else None,
        subject=person.code if person else str(face["name"]),
        prize=prize,
        place=place,
        replaces=replaces,
        replaced_why=why,
        face=face if kind == "grade" else with_words(competition, face, won, team=bool(team)),
        id_number=person.id_number if person and kind == "grade" else None,
        issued_on=on,
    )
    db.session.add(certificate)
    return certificate


def grade_prize(entrant: Entrant, member: Member | None = None) -> str:
    """The prize of a grade certificate: a person has one that is valid in a competition."""
    return f"grade/{entrant.id}" if member is None else f"grade/{entrant.id}/{member.id}"


def whose(person: Entrant | Member | Examinee) -> str:
    """The holder in one text: `entrant:12`, `member:4` of a crew, `examinee:2`."""
    return f"{person.__tablename__}:{person.id}"


def record_issued(
    competition: Competition,
    issued: Iterable[Certificate],
    by: Account,
    reason: str | None = None,
) -> None:
    """Write grade certificates that were made, and a record of each with its seal.

    Inside a unit of work.
    """
    db.session.flush()
    told = [
        Said(
            "certificate.issue",
            certificate.subject,
            {
                "number": certificate.number,
                "kind": certificate.kind,
                "seal": seal_certificate(certificate),
                "replaces": certificate.replaces.number if certificate.replaces else None,
            },
            reason=reason,
        )
        for certificate in issued
    ]
    record_many(competition, by, told)


def each_to_come(certificate: Certificate) -> Sequence[Member]:
    """List the members who get one each instead of a crew's one; empty for all else."""
    # Nobody is certified under a pseudonym.
    return [member for member in _crew_as_one(certificate) if member.erased_at is None]


def _crew_as_one(certificate: Certificate) -> Sequence[Member]:
    """The crew for which it was issued as one, as earlier versions did; nobody for all else."""
    alone = certificate.member_id is not None or certificate.distinction_id is not None
    if certificate.entrant is None or alone or certificate.kind != "award":
        return ()
    return certificate.entrant.members


def is_of_erased(certificate: Certificate) -> bool:
    """True if nobody is known by name any more who could be given another."""
    person, given = certificate.person, certificate.distinction
    if (given is not None and given.is_erased) or (person is not None and person.erased_at):
        return True
    return bool(_crew_as_one(certificate)) and not each_to_come(certificate)


class FreePlaces:
    """The places of these prizes on which no valid certificate stands, each given once.

    They are read at once, in the unit of work that takes them: a prize of a crew's member is
    that member's alone, so there may be as many prizes as certificates.
    """

    def __init__(self, competition: Competition, prizes: Iterable[str]) -> None:
        wanted = list(dict.fromkeys(prizes))
        taken: dict[str, set[int | None]] = {prize: set() for prize in wanted}
        for chunk in in_chunks(wanted):
            rows = db.session.execute(
                select(Certificate.prize, Certificate.place).where(
                    Certificate.competition_id == competition.id,
                    Certificate.prize.in_(chunk),
                    Certificate.state == CertificateState.VALID,
                )
            ).tuples()
            for prize, place in rows:
                taken[prize or ""].add(place)
        self._left = {prize: _without(places) for prize, places in taken.items()}

    def take(self, prize: str) -> int:
        """The lowest of the prize that is left."""
        return next(self._left[prize])


def _without(taken: set[int | None]) -> Iterator[int]:
    return (place for place in count(1) if place not in taken)


def take_out_of_force(certificate: Certificate) -> Certificate:
    """The old one of two: no longer valid from here on, so that the new one can be."""
    if certificate.state is CertificateState.VALID:
        certificate.state = CertificateState.REPLACED
        db.session.flush()
    return certificate


@then_logged
def revoke_certificate(certificate: Certificate, reason: str, by: Account) -> None:
    """Make a certificate void for good; the public page says so, with the reason.

    On the desk two people do it: one asks, a second agrees (`revoking`).
    """
    reason = reason_text(reason, msg("撤销要写原因，查询的人会看到"))
    with unit_of_work() as session:
        for_update(certificate.competition)
        session.refresh(certificate)
        make_void(certificate, reason, by)
        decision = _decision(certificate)
        if decision is not None and decision.state is GradeState.ISSUED:
            decision.state = GradeState.REVOKED
        settled = consequence_of(certificate)
        if settled is not None and settled.state in UNSETTLED:
            settled.state = move(settled.state, ConsequenceState.WITHDRAWN, CONSEQUENCE_MOVES)
            settled.settled_by, settled.settled_at, settled.reason = by.id, utc_now(), reason


def make_void(certificate: Certificate, reason: str, by: Account) -> None:
    """The revocation itself, on record; inside a unit of work that holds the competition."""
    if certificate.state is CertificateState.REVOKED:
        raise Refused(msg("这张证书已经撤销过了"))
    if certificate.state is CertificateState.REPLACED:
        raise Refused(msg("这张证书已经换发，要撤销的是换成的那一张"))
    certificate.state = CertificateState.REVOKED
    certificate.revoked_at, certificate.revoke_reason = utc_now(), reason
    given = certificate.distinction
    if given is not None:
        # The paper was the last word on it: what is void on paper is nobody's award any more.
        given.state = move(given.state, DistinctionState.RECALLED, DISTINCTION_MOVES)
        given.ended_by, given.ended_at, given.ended_why = by.id, utc_now(), reason
    if certificate.claim is not None and certificate.claim.state is ClaimState.ISSUED:
        certificate.claim.state = move(certificate.claim.state, ClaimState.REVOKED, CLAIM_MOVES)
    audit.record(
        certificate.competition,
        by,
        "certificate.revoke",
        certificate.number,
        before={"state": "valid"},
        after={"state": "revoked"},
        reason=reason,
    )


def _decision(certificate: Certificate) -> GradeDecision | None:
    if certificate.kind != "grade" or certificate.claim_id is not None:
        return None
    return db.session.scalar(
        select(GradeDecision).where(
            GradeDecision.entrant_id == certificate.entrant_id,
            GradeDecision.member_id.is_not_distinct_from(certificate.member_id),
        )
    )
