"""Nothing twice: nobody has the same grade in two ways, by a place, on a ground or elsewhere."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.bundle import Occupation
from compete.domain.grades import NATIONAL, Ladder
from compete.domain.identity import CertificateNumber, same_occupation
from compete.domain.values import (
    GROUND_WORDS,
    ClaimState,
    GradeGround,
    GradeState,
    Message,
    msg,
)
from compete.models import (
    Certificate,
    Competition,
    Entrant,
    Examinee,
    GradeClaim,
    GradeDecision,
    Member,
    db,
)
from compete.services.directory import grades_held
from compete.services.kernel import Refused, ladder_of, rules_of

_DONE_WITH = (GradeState.REFUSED, GradeState.REVOKED)


def occupation_of(claim: GradeClaim) -> Occupation | None:
    """What the grade is of: as the claim says, else that of the entrant's event."""
    if claim.event is not None:
        return rules_of(claim.event).occupation
    said = claim.occupation or {}
    return Occupation(code=said["code"], name=said["name"], track=said["track"])


def claim_place(claim: GradeClaim) -> str:
    """Under which event the grade stands; of who takes no part the occupation's name."""
    if claim.event is not None:
        return claim.event.name
    return str((claim.occupation or {}).get("name", ""))


def required_occupation(claim: GradeClaim) -> Occupation:
    """As `occupation_of`. Raises `Refused` where the event's rules name none."""
    occupation = occupation_of(claim)
    if occupation is None:
        event = claim.event.name if claim.event is not None else ""
        raise Refused(msg("赛项“%(event)s”没有写职业，不能发等级证书", event=event))
    return occupation


def ladder_of_claim(claim: GradeClaim) -> Ladder:
    """How its grades are called: as its event does, else as all events do that call them alike."""
    if claim.event is not None:
        return ladder_of(claim.event)
    return shared_ladder(claim.competition)


def shared_ladder(competition: Competition) -> Ladder:
    """The ladder that all events of a competition have; the national one where they differ."""
    ladders = [ladder_of(event) for event in competition.events]
    alike = ladders and all(ladder == ladders[0] for ladder in ladders)
    return ladders[0] if alike else NATIONAL


def check_once(claim: GradeClaim) -> None:
    """Raise `Refused` where the person has the grade by another way, or is about to.

    Of a competition nobody has two for one occupation, under whatever number of the list; and
    nobody gets one that a valid certificate of any competition gives already.
    """
    person = claim.person
    if claim.entrant is not None:
        of_member = claim.member.id if claim.member is not None else None
        decided = db.session.scalar(
            select(GradeDecision.id).where(
                GradeDecision.entrant_id == claim.entrant.id,
                GradeDecision.member_id.is_not_distinct_from(of_member),
                GradeDecision.state.not_in(_DONE_WITH),
            )
        )
        if decided is not None:
            raise Refused(_by_place(person.name))
    other = db.session.scalar(
        select(GradeClaim.ground).where(
            GradeClaim.competition_id == person.competition_id,
            GradeClaim.holder == claim.holder,
            GradeClaim.state.in_(ClaimState.unfinished()),
            GradeClaim.id != (claim.id or 0),
        )
    )
    if other is not None:
        raise Refused(_on_ground(person.name, other))
    occupation = occupation_of(claim)
    if occupation is not None and person.id_hash is not None:
        _check_other_numbers(claim, occupation, person.id_hash)
    check_not_held(claim)


def check_not_held(claim: GradeClaim, old: Certificate | None = None) -> None:
    """Raise `Refused` where a valid certificate but `old` gives the grade, or a higher one."""
    person, occupation = claim.person, occupation_of(claim)
    if occupation is None or person.id_hash is None:
        return
    for grade in grades_held([person.id_hash]).get(person.id_hash, ()):
        if grade.covers(occupation, claim.grade) and (old is None or grade.row != old.id):
            raise Refused(
                msg(
                    "%(name)s 已经有 %(number)s，同一职业的同级或更高等级，不能再发。"
                    "证书上的姓名、号码要更正的，在登记册里换发",
                    name=person.name,
                    number=CertificateNumber.parse(grade.number).spaced,
                )
            )


def _check_other_numbers(claim: GradeClaim, occupation: Occupation, key: str) -> None:
    """The same ID number under another number of the competition's lists."""
    competition_id, name = claim.person.competition_id, claim.person.name
    entrants, members, examinees = (
        select(table.id).where(table.competition_id == competition_id, table.id_hash == key)
        for table in (Entrant, Member, Examinee)
    )
    decisions = (
        select(GradeDecision)
        .where(
            GradeDecision.member_id.in_(members)
            | GradeDecision.entrant_id.in_(entrants) & GradeDecision.member_id.is_(None),
            GradeDecision.state.not_in(_DONE_WITH),
        )
        .options(joinedload(GradeDecision.event))
    )
    for decision in db.session.scalars(decisions):
        if _is_same(occupation, rules_of(decision.event).occupation):
            raise Refused(_by_place(name))
    claims = select(GradeClaim).where(
        GradeClaim.member_id.in_(members)
        | GradeClaim.examinee_id.in_(examinees)
        | GradeClaim.entrant_id.in_(entrants) & GradeClaim.member_id.is_(None),
        GradeClaim.state.in_(ClaimState.unfinished()),
        GradeClaim.id != (claim.id or 0),
    )
    for other in db.session.scalars(claims):
        if _is_same(occupation, occupation_of(other)):
            raise Refused(_on_ground(name, other.ground))


def _is_same(one: Occupation, other: Occupation | None) -> bool:
    return (
        other is not None
        and same_occupation(one.code, one.name, other.code, other.name)
        and one.track == other.track
    )


def _by_place(name: str) -> Message:
    return msg("%(name)s 按名次已经拟晋升，不能再按别的依据认定", name=name)


def _on_ground(name: str, ground: GradeGround) -> Message:
    return msg("%(name)s 已经提出过%(ground)s", name=name, ground=GROUND_WORDS[ground])
