"""Issuing one certificate anew: a new number, the old one replaced in the same step."""

from __future__ import annotations

from dataclasses import replace

from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import Account, Certificate, Competition
from compete.services.awards.issuing_gate import check_issue
from compete.services.certificates.entitlements import entitlement_of, waits_for_results
from compete.services.certificates.issuing_bodies import body_for
from compete.services.certificates.numbers import number_after
from compete.services.certificates.revocation_requests import end_given_again
from compete.services.certificates.rows import (
    each_to_come,
    grade_decision_of,
    is_of_erased,
    issue,
    series_of,
)
from compete.services.kernel import audit
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.log.sequencing import then_logged
from compete.services.results.consequences import consequence_of, gives_another_grade
from compete.services.results.record_checks import issue_record


@then_logged
def reissue_certificate(certificate: Certificate, reason: str, by: Account) -> list[Certificate]:
    """Give the holder a new one with the name, unit and ID number as they are registered now.

    One that was issued for a crew gives way to one for each member (`each_to_come`), all else to
    one alone. The old one lapses in the same step, so two are never valid. Raises `Refused`
    (INVALID) without a reason, where nothing may be issued (`check_issue`), for one that has a
    successor already, and where the results in force give none; for one that is void: what
    two took away two give again (`ask_again`).
    """
    with changing(certificate.competition, certificate):
        if certificate.state is CertificateState.REVOKED:
            raise Refused(msg("撤销了的证书一个人不能重新发，要再由两个人来办"))
        return issue_anew(certificate, reason, by)


def check_anew(certificate: Certificate, reason: str) -> str:
    """The reason, tidied. Raises `Refused` where one cannot be issued in this one's stead."""
    reason = reason_text(reason, msg("换发要写原因"))
    if waits_for_results(certificate):
        # While nothing of the results may be certified that it rests on.
        holder = certificate.entrant or certificate.team
        events = {event.id: event.code for event in certificate.competition.events}
        check_issue(certificate.competition, reason, events[holder.event_id] if holder else None)
    if is_of_erased(certificate):
        raise Refused(msg("个人资料已经删除，不能再换发；原来的证书照样有效、查得到"))
    if certificate.replaced_by:
        new = listed(successor.number for successor in certificate.replaced_by)
        raise Refused(msg("这张证书已经换成 %(number)s", number=new))
    settled = consequence_of(certificate)
    replacing = settled is not None and settled.state is ConsequenceState.REPLACED
    if settled is not None and replacing and certificate.state is CertificateState.VALID:
        raise Refused(
            msg("这张证书已经定了换发，批准以后和别的新证一起发")
            if gives_another_grade(settled)
            else msg("这张证书已经定了换发，和别的新证一起发")
        )
    gone = why_none_to_come(certificate)
    if gone is not None:
        raise Refused(gone)
    if entitlement_of(certificate).waits(certificate):
        raise Refused(msg("这个荣誉称号还没有核准，录入核准文件以后再发"))
    return reason


def issue_anew(certificate: Certificate, reason: str, by: Account) -> list[Certificate]:
    """The new one itself, or each member's, on record. One that was revoked stays so.

    Inside a unit of work that is logged; who may do it alone has been asked before.
    """
    with changing(certificate.competition, certificate) as competition:
        reason = check_anew(certificate, reason)
        own = certificate.place if certificate.state is CertificateState.VALID else None
        due = [
            replace(entitled, place=own if entitled.prize == certificate.prize else None)
            for entitled in entitlement_of(certificate).anew(certificate, reason)
        ]
        made = issue(competition, due, certificate.body or body_for(competition))
        for new in made:
            audit.record(
                competition,
                by,
                "certificate.reissue",
                certificate.number,
                before={"state": certificate.state.value},
                after=issue_record(new),
                reason=reason,
            )
        end_given_again(competition, made, by)
    return made


def numbers_to_come(certificate: Certificate) -> list[str]:
    """The numbers that a re-issue would get now; others may take them first."""
    competition, body, grade = certificate.competition, None, None
    if certificate.kind == "grade":
        body = certificate.body or body_for(competition)
        decision = certificate.claim or grade_decision_of(certificate)
        if body is None or decision is None:
            return []
        grade = decision.grade
    series = series_of(competition, body, grade)
    first = number_after(series.name)
    numbers = range(first, first + (len(each_to_come(certificate)) or 1))
    texts = [series.text(number) for number in numbers]
    return [CertificateNumber.parse(text).spaced for text in texts] if grade else texts


def first_award_number(competition: Competition) -> str:
    """The number that its next award certificate would get now; others may take it first."""
    series = series_of(competition, None, None)
    return series.text(number_after(series.name))


def why_none_to_come(certificate: Certificate) -> Message | None:
    """Say why the results in force give none in the stead of this one, or None where they do."""
    if waits_for_results(certificate) and latest_publication(certificate.competition) is None:
        return msg("成绩还没公布，不能发证")
    return entitlement_of(certificate).why_none(certificate)
