"""Grade certificates for every approved grade by place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from compete.domain.bundle.event_types import Event, Occupation
from compete.domain.grades.ladder import Ladder, grade_face, grade_label
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.values.claim_states import GROUND_WORDS, GradeGround
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState, GradeState
from compete.models import Account, Certificate, Competition, GradeClaim, GradeDecision, IssuingBody
from compete.services.awards.holders import whose
from compete.services.certificates.award_certificates import not_in_version
from compete.services.certificates.grades_due import (
    grades_ready,
    next_grades,
    require_id_number,
    unfiled,
    why_grades_cannot,
)
from compete.services.certificates.issuing_bodies import required_body
from compete.services.certificates.rows import (
    Entitled,
    grade_decision_of,
    grade_prize,
    valid_grades,
)
from compete.services.certificates.waiting_lists import WaitingList
from compete.services.closing.grade_proposals import check_not_barred
from compete.services.directory.occupations.proposals import printed_code
from compete.services.kernel.audit import Said, record_many
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.results.record_checks import issue_record
from compete.services.results.snapshots import read_snapshot

_CERTIFIED = (GradeState.ISSUED, GradeState.REVOKED)


def record_issued(
    competition: Competition,
    issued: Sequence[Certificate],
    by: Account,
    reason: str | None = None,
) -> None:
    """Write a record of each grade certificate that was made, with its seal; in a unit of work."""
    records = [
        Said("certificate.issue", row.subject, issue_record(row), reason=reason) for row in issued
    ]
    record_many(competition, by, records)


DUE_GRADES = WaitingList(
    kind="grade",
    job="certificates.grades",
    of_results=True,
    count=grades_ready,
    due=lambda competition, body, most: _entitled(
        required_body(competition, body), next_grades(competition, most)
    ),
    hindrance=why_grades_cannot,
    record=record_issued,
    none_due=msg("没有已批准、等发证的人"),
)


def _entitled(
    body: IssuingBody,
    decisions: Sequence[GradeDecision],
    old: Certificate | None = None,
    why: str | None = None,
) -> list[Entitled]:
    """The certificates of these grades, in the stead of `old` or of those that are valid."""
    for event, grade in dict.fromkeys((row.event, row.grade) for row in decisions):
        if rules_of(event).occupation is None:
            raise Refused(msg("赛项“%(event)s”没有写职业，不能发等级证书", event=event.name))
        hindrance = unfiled(body, [(event, grade)])
        if hindrance is not None:
            raise Refused(hindrance)
    for decision in decisions:
        require_id_number(decision.person)
    check_not_barred(decisions)
    entitled_to = grades_by(body, decisions, old)
    entitled = []
    for decision in decisions:
        rules, ladder = rules_of(decision.event), ladder_of(decision.event)
        assert rules.occupation is not None
        details = {"rule": decision.rule, **_assessed(rules)}
        entitled.append(entitled_to(decision, rules.occupation, ladder, details, why))
    return entitled


_Ground = GradeDecision | GradeClaim


def grades_by(
    body: IssuingBody, grounds: Sequence[_Ground], old: Certificate | None
) -> Callable[[_Ground, Occupation, Ladder, Mapping[str, str], str | None], Entitled]:
    """What makes the certificates of these grades, with the details of each ground.

    They come in the stead of `old` or of those that are valid.
    """
    code_of, standing = cache(printed_code), valid_grades([ground.person for ground in grounds])

    def entitled_to(
        ground: _Ground,
        occupation: Occupation,
        ladder: Ladder,
        details: Mapping[str, str],
        why: str | None,
    ) -> Entitled:
        person = ground.person
        face = {
            "name": person.name,
            "id_type": person.id_type,
            "occupation": occupation.name,
            "occupation_code": code_of(occupation.code) or "",
            "trade": occupation.track or "--",
            "level": grade_face(ground.grade, ladder),
            "body": body.name,
            **details,
        }
        return Entitled(
            prize=grade_prize(person),
            face=face,
            ground=ground,
            entrant=ground.entrant,
            member=ground.member,
            replaces=old or standing.get(whose(person)),
            why=why,
        )

    return entitled_to


def _assessed(rules: Event) -> dict[str, str]:
    """The ground of a grade that an evaluation gives, with its clause; nothing of a contest's."""
    if rules.verdict is None:
        return {}
    return {"ground": GROUND_WORDS[GradeGround.ASSESSMENT].render(), "clause": rules.cite or ""}


def grade_anew(old: Certificate, why: str) -> list[Entitled]:
    """The grade by place as it would be certified now, by the body that issued the old one."""
    decision = grade_decision_of(old)
    assert decision is not None  # `why_no_grade` has seen to that
    return _entitled(required_body(old.competition, old.body), [decision], old, why)


def why_no_grade(old: Certificate) -> Message | None:
    """Say that the results in force give a grade no more, or that the person has another one.

    Of a void one also that the grade has been proposed anew.
    """
    decision = grade_decision_of(old)
    certified = decision is not None and decision.state in _CERTIFIED
    if old.state is CertificateState.VALID:
        return None if certified else not_in_version(old)
    if (standing := why_not_again(old)) is not None:
        return standing
    version, grade = _given(old)
    if decision is None or decision.grade != grade:
        return not_in_version(old)
    if not certified:
        level = grade_label(grade, ladder_of(decision.event))
        return msg("按第 %(n)s 版是%(level)s，批准以后发新证", n=version, level=level)
    return None if CertificateNumber.parse(old.number).grade == grade else not_in_version(old)


def why_not_again(old: Certificate) -> Message | None:
    """Say that the person has a valid grade certificate of this competition, on whatever ground."""
    person = old.person
    certificate = valid_grades([person]).get(whose(person)) if person is not None else None
    return (
        msg("本人已经有 %(number)s，不能再发", number=certificate.number) if certificate else None
    )


def _given(old: Certificate) -> tuple[int, int | None]:
    """The version in force and the grade that it gives its holder, None for no grade."""
    publication = latest_publication(old.competition)
    if publication is None or old.entrant is None:
        return 0, None
    whom = old.entrant.code, old.member.code if old.member else None
    grades = (
        row.grade
        for event in read_snapshot(publication)[1].events
        for row in event.grades or ()
        if (row.entrant, row.member) == whom and row.change == "promoted"
    )
    return publication.version, next(grades, None)
