"""Issuing one certificate anew: a new number, the old one replaced in the same step."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from compete.domain.awards.won import Won, certified_in
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.claim_states import ClaimState
from compete.domain.values.distinction_states import DISTINCTION_MOVES, DistinctionState
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import (
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
    GradeClaim,
    GradeDecision,
    IssuingBody,
    Member,
    Publication,
    db,
)
from compete.services.certificates.award_certificates import (
    award_day,
    award_number,
    award_numbers_after,
)
from compete.services.certificates.award_faces import award_face, distinction_face
from compete.services.certificates.award_places import kept_from
from compete.services.certificates.claim_certificates import issue_claim, valid_certificate_of
from compete.services.certificates.grade_certificates import (
    grade_number,
    issue_grade,
    valid_grade_certificate,
)
from compete.services.certificates.issuing_bodies import body_for
from compete.services.certificates.issuing_gate import check_issue
from compete.services.certificates.numbers import number_after
from compete.services.certificates.rows import (
    FreePlaces,
    each_to_come,
    is_of_erased,
    new_certificate,
    take_out_of_force,
)
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.log.sequencing import then_logged
from compete.services.results.approved_external_awards import honour_book
from compete.services.results.consequences import consequence_of
from compete.services.results.nominated_awards_in_force import still_best
from compete.services.results.record_checks import seal_certificate
from compete.services.results.snapshots import latest_publication, read_snapshot

_CERTIFIED = (GradeState.ISSUED, GradeState.REVOKED)


@then_logged
def reissue_certificate(certificate: Certificate, reason: str, by: Account) -> list[Certificate]:
    """Give the holder a new one with the name, unit and ID number as they are registered now.

    One that was issued for a crew gives way to one for each member (`each_to_come`), all else to
    one alone. The old one lapses in the same step, so two are never valid. Raises `Refused`
    (INVALID) without a reason, where nothing may be issued (`check_issue`), for one that has a
    successor already, and where the results in force give none; for one that is void: what
    two took away two give again (`ask_again`).
    """
    with unit_of_work() as session:
        for_update(certificate.competition)
        session.refresh(certificate)
        if certificate.state is CertificateState.REVOKED:
            raise Refused(msg("撤销了的证书一个人不能重新发，要再由两个人来办"))
        return issue_anew(certificate, reason, by)


def check_anew(certificate: Certificate, reason: str) -> str:
    """The reason, tidied. Raises `Refused` where one cannot be issued in this one's stead."""
    reason = reason_text(reason, msg("换发要写原因"))
    if certificate.claim is None:
        _check_results(certificate, reason)
    if is_of_erased(certificate):
        raise Refused(msg("个人资料已经删除，不能再换发；原来的证书照样有效、查得到"))
    if certificate.replaced_by:
        new = listed(each.number for each in certificate.replaced_by)
        raise Refused(msg("这张证书已经换成 %(number)s", number=new))
    settled = consequence_of(certificate)
    if settled is not None and settled.state is ConsequenceState.REPLACED:
        raise Refused(msg("这张证书已经定了换发，批准以后和别的新证一起发"))
    gone = why_none_to_come(certificate)
    if gone is not None:
        raise Refused(gone)
    _check_honour(certificate)
    return reason


def _check_results(certificate: Certificate, reason: str) -> None:
    """Refuse while nothing of the results may be certified that it rests on."""
    competition, holder = certificate.competition, certificate.entrant or certificate.team
    events = {event.id: event.code for event in competition.events}
    check_issue(competition, reason, events[holder.event_id] if holder else None)


def _check_honour(certificate: Certificate) -> None:
    """Refuse if another body has to approve what it is for, and has not."""
    person, given = certificate.member or certificate.entrant, certificate.distinction
    if certificate.kind != "award":
        return
    if given is not None:
        waits = honour_book(certificate.competition).waits_by_hand(given)
    elif certificate.face.get("honour") and person is not None:
        assert certificate.entrant is not None
        book, event = honour_book(certificate.competition), certificate.entrant.event.code
        waits = book.waits_on(event, certificate.face["award"], person.code)
    else:
        waits = False
    if waits:
        raise Refused(msg("这个荣誉称号还没有核准，录入核准文件以后再发"))


def issue_anew(certificate: Certificate, reason: str, by: Account) -> list[Certificate]:
    """The new one itself, or each member's, on record. One that was revoked stays so.

    Inside a unit of work that is logged; who may do it alone has been asked before.
    """
    with unit_of_work() as session:
        competition = for_update(certificate.competition)
        session.refresh(certificate)
        reason = check_anew(certificate, reason)
        if certificate.claim is not None:
            made = [_claimed(competition, certificate, reason)]
        elif certificate.kind == "grade":
            made = [_grade(competition, certificate, reason)]
        else:
            made = _award(competition, certificate, reason)
        session.flush()
        for new in made:
            audit.record(
                competition,
                by,
                "certificate.reissue",
                certificate.number,
                before={"state": certificate.state.value},
                after={
                    "number": new.number,
                    "kind": new.kind,
                    "seal": seal_certificate(new),
                    "replaces": certificate.number,
                },
                reason=reason,
            )
    return made


def numbers_to_come(certificate: Certificate) -> list[str]:
    """The numbers that a re-issue would get now; others may take them first."""
    competition = certificate.competition
    if certificate.kind == "award":
        return award_numbers_after(competition, len(each_to_come(certificate)) or 1)
    body = certificate.body or body_for(competition)
    decision = certificate.claim or _decision(certificate)
    if body is None or decision is None:
        return []
    return [grade_number(body, decision.grade, number_after).spaced]


def why_none_to_come(certificate: Certificate) -> Message | None:
    """Say why the results in force give none in the stead of this one, or None where they do."""
    if certificate.claim is not None:
        return _why_not_claimed(certificate)
    publication = latest_publication(certificate.competition)
    if publication is None:
        return msg("成绩还没公布，不能发证")
    if certificate.distinction is not None:
        given = certificate.state is CertificateState.VALID or _may_be_given(certificate)
    elif certificate.kind == "award":
        given = certificate.state is CertificateState.VALID or bool(_won(certificate, publication))
    else:
        decision = _decision(certificate)
        given = decision is not None and decision.state in _CERTIFIED
        if certificate.state is not CertificateState.VALID:
            given = given and _is_given(certificate, publication)
            if (standing := _other_grade(certificate)) is not None:
                return standing
    return None if given else _gone(publication.version).message


def _award(competition: Competition, old: Certificate, why: str) -> list[Certificate]:
    given, was_valid = old.distinction, old.state is CertificateState.VALID
    if given is not None and given.state is DistinctionState.RECALLED:
        given.state = move(given.state, DistinctionState.GRANTED, DISTINCTION_MOVES)
        given.ended_by = given.ended_at = given.ended_why = None
    papers = (
        [(old.member, old.prize or "", distinction_face(given, honour_book(competition)))]
        if given is not None
        else _papers(competition, old)
    )
    take_out_of_force(old)
    places = FreePlaces(competition, (prize for _member, prize, _face in papers))
    made = []
    for member, prize, face in papers:
        own = old.place if was_valid and prize == old.prize else None
        made.append(
            new_certificate(
                "award",
                award_number(competition),
                competition,
                face,
                prize=prize,
                place=own or places.take(prize),
                entrant=old.entrant,
                team=old.team,
                member=member,
                distinction=given,
                on=award_day(competition),
                replaces=old,
                why=why,
            )
        )
    return made


_Paper = tuple[Member | None, str, dict[str, Any]]
"""A certificate to issue: the crew's member whose it is, what for, and what it says."""


def _papers(competition: Competition, old: Certificate) -> list[_Paper]:
    """List the papers to be issued instead; `Refused` if the results give none."""
    people = {
        entrant.code: entrant
        for entrant in db.session.scalars(
            select(Entrant).where(Entrant.competition_id == competition.id)
        )
    }
    publication = latest_publication(competition)
    assert publication is not None  # `check_issue` has seen to that
    members = {member.code: member for member in (old.entrant.members if old.entrant else ())}
    won = _won(old, publication)
    if won:
        book = honour_book(competition)
        return [
            (
                members.get(each.member or ""),
                each.prize,
                award_face(competition, each, old.entrant, old.team, people, book),
            )
            for each in won
        ]
    if old.state is not CertificateState.VALID:
        raise _gone(publication.version)
    # Kept with a reason, though the results give it no more: it says what it said.
    crew, holder = each_to_come(old), old.team or old.entrant
    assert holder is not None
    said = old.face | {"unit": holder.unit.name}
    if "crew" in said:
        said["crew"] = holder.name
    if not crew:
        return [(old.member, old.prize or "", said | {"name": (old.member or holder).name})]
    said.pop("members", None)
    return [
        (each, f"{old.prize}/{each.code}", said | {"name": each.name, "crew": holder.name})
        for each in crew
    ]


def _may_be_given(old: Certificate) -> bool:
    """True if a void one's award may be given again: still a place, and not given anew."""
    row = old.distinction
    assert row is not None
    standing = db.session.scalar(
        select(Distinction.id).where(
            Distinction.competition_id == row.competition_id,
            Distinction.title == row.title,
            Distinction.holder == row.holder,
            Distinction.state.in_(DistinctionState.standing()),
        )
    )
    publication = latest_publication(row.competition)
    best = row.basis is None or (
        publication is not None and still_best(row, publication) is not None
    )
    return standing is None and best


def _won(old: Certificate, publication: Publication) -> list[Won]:
    """The same prize of the same holder in the results; of a crew's as one, each member's.

    Of a void one that had been kept, what the version gives in its place.
    """
    bundle, results = read_snapshot(publication)
    holder = old.entrant.code if old.entrant else None, old.team.code if old.team else None
    there = {member.code for member in each_to_come(old)}
    same = {old.prize, kept_from(old)} - {None}
    return [
        won
        for _event, won in certified_in(bundle, results)
        if (won.entrant, won.team) == holder
        and (won.prize in same or (won.member in there and won.crews_prize == old.prize))
    ]


def _why_not_claimed(old: Certificate) -> Message | None:
    """Say why a grade on another ground is not given again: the person has another one by now."""
    if old.state is CertificateState.VALID:
        return None
    if (standing := _other_grade(old)) is not None:
        return standing
    other = db.session.scalar(
        select(GradeClaim.id).where(
            GradeClaim.competition_id == old.competition_id,
            GradeClaim.holder == (old.claim.holder if old.claim is not None else ""),
            GradeClaim.state.in_(ClaimState.unfinished()),
        )
    )
    return msg("本人另外提出了认定，不能再发") if other is not None else None


def _other_grade(old: Certificate) -> Message | None:
    """Say that the person has a valid grade certificate of this competition, on whatever ground."""
    if old.claim is not None:
        found = valid_certificate_of(old.claim)
    else:
        found = valid_grade_certificate(old.entrant, old.member) if old.entrant else None
    return msg("本人已经有 %(number)s，不能再发", number=found.number) if found else None


def _claimed(competition: Competition, old: Certificate, why: str) -> Certificate:
    body = old.body or body_for(competition)
    if body is None or old.claim is None:
        raise Refused(msg("还没填评价机构，等级证书编不了号。"))
    return issue_claim(body, old.claim, old, why)


def _grade(competition: Competition, old: Certificate, why: str) -> Certificate:
    body: IssuingBody | None = old.body or body_for(competition)
    decision = _decision(old)
    publication = latest_publication(competition)
    if body is None:
        raise Refused(msg("还没填评价机构，等级证书编不了号。"))
    assert publication is not None  # `check_issue` has seen to that
    given = old.state is CertificateState.VALID or _is_given(old, publication)
    if decision is None or not given or decision.state not in _CERTIFIED:
        raise _gone(publication.version)
    if decision.state is GradeState.REVOKED:
        decision.state = move(decision.state, GradeState.ISSUED, GRADE_MOVES)
    return issue_grade(competition, body, decision, old, why)


def _is_given(old: Certificate, publication: Publication) -> bool:
    """True if the results still give the grade."""
    grade = CertificateNumber.parse(old.number).grade
    member = old.member.code if old.member else None
    return any(
        old.entrant is not None
        and (row.entrant, row.member, row.grade, row.change)
        == (old.entrant.code, member, grade, "promoted")
        for event in read_snapshot(publication)[1].events
        for row in event.grades or ()
    )


def _gone(version: int) -> Refused:
    return Refused(msg("按第 %(n)s 版没有这一项，不能再发", n=version))


def _decision(certificate: Certificate) -> GradeDecision | None:
    return db.session.scalar(
        select(GradeDecision).where(
            GradeDecision.entrant_id == certificate.entrant_id,
            GradeDecision.member_id.is_not_distinct_from(certificate.member_id),
        )
    )
