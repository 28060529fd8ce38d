"""A certificate as it is kept: whose and what for, numbered and added, made void with a reason."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, Literal

from sqlalchemy import select

from compete.domain.values.claim_states import CLAIM_MOVES, ClaimState
from compete.domain.values.distinction_states import DISTINCTION_MOVES, DistinctionState
from compete.domain.values.messages import msg
from compete.domain.values.states import (
    CONSEQUENCE_MOVES,
    GRADE_MOVES,
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
    GradeClaim,
    GradeDecision,
    IssuingBody,
    Member,
    Team,
    db,
    utc_now,
)
from compete.models.types import token_hash
from compete.services.awards.holders import Person, whose
from compete.services.certificates.award_faces import with_words
from compete.services.certificates.numbers import Series, award_series, grade_series, next_numbers
from compete.services.certificates.revocation_requests import check_none_asked
from compete.services.certificates.sums import count_change
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.kinds_with_results import require_results
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.log.sequencing import then_logged
from compete.services.results.consequences import (
    UNSETTLED,
    consequence_of,
    decision_about,
    propose_in_force,
)


@dataclass(frozen=True, kw_only=True)
class Entitled:
    """A certificate that is due: whose it is, what for, what it says, whose stead it takes.

    `ground` is what entitles to it: a decision on a grade by place, a claim, an award given by
    hand; None of an award by place. `place` is there where it is the old one's.
    """

    prize: str
    face: dict[str, Any]
    ground: GradeDecision | GradeClaim | Distinction | None = None
    entrant: Entrant | None = None
    member: Member | None = None
    team: Team | None = None
    place: int | None = None
    replaces: Certificate | None = None
    why: str | None = None

    @property
    def grade(self) -> int | None:
        """The grade that the certificate is of; None of an award."""
        return self.ground.grade if isinstance(self.ground, GradeDecision | GradeClaim) else None

    @property
    def kind(self) -> Literal["grade", "award"]:
        """The kind of certificate."""
        return "award" if self.grade is None else "grade"


def issue(
    competition: Competition, due: Sequence[Entitled], body: IssuingBody | None = None
) -> list[Certificate]:
    """Number and add a certificate for each of these, grades in the name of `body`.

    Inside a unit of work. What they replace is out of force from here on, and grades and awards
    that they rest on are issued. Raises `Refused` while somebody asks to make void what they
    replace (`check_none_asked`).
    """
    require_results(competition)
    check_none_asked(competition, [row.replaces for row in due if row.replaces is not None])
    # All old ones first: the place that one leaves is the place that another takes.
    ended = []
    for entitled in due:
        if entitled.replaces is not None and entitled.replaces.state is CertificateState.VALID:
            entitled.replaces.state = CertificateState.REPLACED
            ended.append(entitled.replaces)
        _certify(entitled.ground)
    db.session.flush()
    places = FreePlaces(competition, [row.prize for row in due if row.kind == "award"])
    numbers: dict[int | None, Iterator[str]] = {}
    # Always in the same order: two competitions may number from the same series at once.
    for grade, many in sorted(Counter(row.grade for row in due).items(), key=str):
        series = series_of(competition, body, grade)
        numbers[grade] = map(series.text, next_numbers(series.name, many))
    made = []
    with db.session.no_autoflush:
        for entitled in due:
            award = entitled.kind == "award"
            made.append(
                add_certificate(
                    competition,
                    entitled,
                    next(numbers[entitled.grade]),
                    on=award_day(competition) if award else local_today(),
                    place=entitled.place or (places.take(entitled.prize) if award else 1),
                    body=None if award else body,
                )
            )
    db.session.flush()
    count_change(competition, made, ended)
    return made


def series_of(competition: Competition, body: IssuingBody | None, grade: int | None) -> Series:
    """The series from which a certificate would be numbered now: of a grade, or of an award.

    That of an award is of the year of the date which is printed below (`award_day`).
    """
    if grade is None:
        return award_series(award_day(competition).year)
    assert body is not None
    return grade_series(body, grade)


def award_day(competition: Competition) -> date:
    """The date on award certificates that are issued now: the organiser's, or today."""
    return settings_of(competition).award_date or local_today()


def add_certificate(
    competition: Competition,
    due: Entitled,
    number: str,
    *,
    on: date,
    place: int = 1,
    body: IssuingBody | None = None,
) -> Certificate:
    """Add one certificate with a random link of its own; inside a unit of work."""
    by_claim = due.ground.person if isinstance(due.ground, GradeClaim) else None
    person = by_claim or due.member or due.entrant
    won = due.ground if isinstance(due.ground, Distinction) else due.entrant or due.team
    event = won.event_id if won is not None else None
    token = secrets.token_urlsafe(18)
    certificate = Certificate(
        kind=due.kind,
        number=number,
        token_hash=token_hash(token),
        token=token,
        competition_id=competition.id,
        entrant_id=due.entrant.id if due.entrant else None,
        member_id=due.member.id if due.member else None,
        team_id=due.team.id if due.team else None,
        body_id=body.id if body else None,
        distinction_id=due.ground.id if isinstance(due.ground, Distinction) else None,
        claim_id=due.ground.id if isinstance(due.ground, GradeClaim) else None,
        subject=person.code if person else str(due.face["name"]),
        prize=due.prize,
        place=place,
        replaces=due.replaces,
        replaced_why=due.why,
        face=due.face
        if due.kind == "grade"
        else with_words(competition, due.face, event, team=bool(due.team)),
        id_number=person.id_number if person and due.kind == "grade" else None,
        issued_on=on,
    )
    db.session.add(certificate)
    return certificate


def _certify(ground: GradeDecision | GradeClaim | Distinction | None) -> None:
    """What it rests on is certified from here on, also where it was taken back with a void one."""
    if isinstance(ground, Distinction):
        if ground.state is DistinctionState.RECALLED:
            ground.state = move(ground.state, DistinctionState.GRANTED, DISTINCTION_MOVES)
            ground.ended_by = ground.ended_at = ground.ended_why = None
    elif isinstance(ground, GradeClaim):
        if ground.state is not ClaimState.ISSUED:
            ground.state = move(ground.state, ClaimState.ISSUED, CLAIM_MOVES)
    elif ground is not None and ground.state is not GradeState.ISSUED:
        ground.state = move(ground.state, GradeState.ISSUED, GRADE_MOVES)


def holder_of(certificate: Certificate) -> tuple[str, int]:
    """The table and the row of the person who holds it; no row of a team or one by hand."""
    if certificate.member_id is not None:
        return "member", certificate.member_id
    if certificate.claim is not None and certificate.claim.examinee_id is not None:
        return "examinee", certificate.claim.examinee_id
    return "entrant", certificate.entrant_id or 0


def valid_grades(people: Iterable[Person]) -> dict[str, Certificate]:
    """The valid grade certificates of these people, on whatever ground, by holder (`whose`)."""
    examinees = {person.id for person in people if isinstance(person, Examinee)}
    entrants = {
        person.entrant_id if isinstance(person, Member) else person.id
        for person in people
        if not isinstance(person, Examinee)
    }
    certificates: dict[str, Certificate] = {}
    for column, rows in (
        (Certificate.entrant_id, entrants),
        (GradeClaim.examinee_id, examinees),
    ):
        for chunk in in_chunks(sorted(rows)):
            query = select(Certificate).where(
                column.in_(chunk),
                Certificate.kind == "grade",
                Certificate.state == CertificateState.VALID,
            )
            if column is GradeClaim.examinee_id:
                query = query.join(GradeClaim, GradeClaim.id == Certificate.claim_id)
            for certificate in db.session.scalars(query):
                table, number = holder_of(certificate)
                certificates[f"{table}:{number}"] = certificate
    return certificates


def grade_prize(person: Person) -> str:
    """The prize of a grade certificate: a person has one that is valid in a competition."""
    if isinstance(person, Examinee):
        return f"grade/{whose(person)}"
    if isinstance(person, Member):
        return f"grade/{person.entrant_id}/{person.id}"
    return f"grade/{person.id}"


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


@then_logged
def revoke_certificate(certificate: Certificate, reason: str, by: Account) -> None:
    """Make a certificate void for good; the public page says so, with the reason.

    On the desk two people do it: one asks, a second agrees (`revoking`).
    """
    reason = reason_text(reason, msg("撤销要写原因，查询的人会看到"))
    with changing(certificate.competition, certificate):
        make_void(certificate, reason, by)
        decision = grade_decision_of(certificate)
        if decision is not None and decision.state is GradeState.ISSUED:
            decision.state = GradeState.REVOKED
        settled = consequence_of(certificate)
        if settled is not None and settled.state in UNSETTLED:
            settled.state = move(settled.state, ConsequenceState.WITHDRAWN, CONSEQUENCE_MOVES)
            settled.settled_by, settled.settled_at, settled.reason = by.id, utc_now(), reason
        if decision is not None:
            # What is void stands in the way of no other grade that the results give.
            propose_in_force(certificate.competition, by, {decision.person.code})


def make_void(certificate: Certificate, reason: str, by: Account) -> None:
    """The revocation itself, on record; inside a unit of work that holds the competition."""
    if certificate.state is CertificateState.REVOKED:
        raise Refused(msg("这张证书已经撤销过了"))
    if certificate.state is CertificateState.REPLACED:
        raise Refused(msg("这张证书已经换发，要撤销的是换成的那一张"))
    certificate.state = CertificateState.REVOKED
    count_change(certificate.competition, (), [certificate])
    certificate.revoked_at, certificate.revoke_reason = utc_now(), reason
    given = certificate.distinction
    if given is not None:
        # The paper was the last word on it: what is void on paper is nobody's award any more.
        end_award(given, reason, by)
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


def end_award(given: Distinction, reason: str, by: Account) -> None:
    """Take an award by hand back, whose certificate is void or was never issued."""
    given.state = move(given.state, DistinctionState.RECALLED, DISTINCTION_MOVES)
    given.ended_by, given.ended_at, given.ended_why = by.id, utc_now(), reason


def grade_decision_of(certificate: Certificate) -> GradeDecision | None:
    """The decision that a grade by place rests on; None for all else."""
    by_place = certificate.kind == "grade" and certificate.claim_id is None
    return decision_about(certificate) if by_place else None
