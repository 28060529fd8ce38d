"""Grades due: approved ones without a certificate, and what keeps them from one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, case, func, select, true
from sqlalchemy.orm import selectinload

from compete.domain.grades.ladder import NATIONAL, grade_face
from compete.domain.identity.occupations import occupation_code
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import CertificateState, ConsequenceState, GradeState
from compete.models import (
    Certificate,
    Competition,
    Consequence,
    Entrant,
    Event,
    Examinee,
    GradeDecision,
    IssuingBody,
    Member,
    db,
)
from compete.services.awards.issuing_gate import issuable_events
from compete.services.certificates.issuing_bodies import is_filed, required_body
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.kernel.refusal import Refused


def grades_ready(competition: Competition, *, everywhere: bool = False) -> int:
    """Count the grade certificates to be issued now; `everywhere` with events that wait."""
    return sum(
        db.session.scalar(part.with_only_columns(func.count(GradeDecision.id))) or 0
        for part in _parts(competition, everywhere)
    )


def why_body_cannot(competition: Competition, body: IssuingBody) -> Message | None:
    """Say what of the ready grades the body is not filed for, and what to do; None if for all."""
    wanted: set[tuple[int, int]] = set()
    for part in _parts(competition):
        columns = part.with_only_columns(GradeDecision.event_id, GradeDecision.grade).distinct()
        wanted.update(db.session.execute(columns).tuples())
    events = {event.id: event for event in competition.events}
    return unfiled(body, [(events[event], grade) for event, grade in sorted(wanted)])


def why_grades_cannot(competition: Competition, body: IssuingBody | None) -> Message | None:
    """Say what keeps any of those that are ready from being issued; None where nothing does."""
    hindrance = why_body_cannot(competition, required_body(competition, body))
    if hindrance is not None:
        return hindrance
    number = case((GradeDecision.member_id.is_(None), Entrant.id_number), else_=Member.id_number)
    for part in _parts(competition):
        nameless = db.session.scalar(part.where(number.is_(None)).limit(1))
        if nameless is not None:
            return _no_id_number(nameless.person)
    return None


def _of_events(competition: Competition, everywhere: bool) -> ColumnElement[bool]:
    """The condition for decisions of events whose certificates may go out; `everywhere` of all."""
    issuable = None if everywhere else issuable_events(competition)
    if issuable is None:
        return true()
    return GradeDecision.event_id.in_(
        event.id for event in competition.events if event.code in issuable
    )


def next_grades(competition: Competition, most: int | None) -> list[GradeDecision]:
    """The next that are to be issued, claimed, in the order in which they are numbered."""
    decisions: list[GradeDecision] = []
    orders = Entrant.code, GradeDecision.id
    for part, last in zip(_parts(competition), orders, strict=True):
        left = None if most is None else most - len(decisions)
        decisions += db.session.scalars(
            part.options(selectinload(GradeDecision.entrant), selectinload(GradeDecision.member))
            .order_by(GradeDecision.grade, GradeDecision.rank, last, GradeDecision.id)
            .limit(left)
            .with_for_update(of=GradeDecision)
        )
    return decisions


def _parts(
    competition: Competition, everywhere: bool = False
) -> tuple[Select[tuple[GradeDecision]], Select[tuple[GradeDecision]]]:
    """Those approved, and those whose certificate is replaced for a corrected name or number."""
    decided = (
        select(GradeDecision)
        .join(Entrant, Entrant.id == GradeDecision.entrant_id)
        .outerjoin(Member, Member.id == GradeDecision.member_id)
        .where(_of_events(competition, everywhere))
    )
    approved = decided.where(
        Entrant.competition_id == competition.id,
        # Nobody is certified under a pseudonym.
        func.coalesce(Member.erased_at, Entrant.erased_at).is_(None),
        GradeDecision.state == GradeState.APPROVED,
    )
    to_renew = (
        decided.join(
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
        )
    )
    return approved, to_renew


def _no_id_number(person: Entrant | Member | Examinee) -> Message:
    return msg("%(name)s 没有证件号码，不能发等级证书", name=person.name)


def require_id_number(person: Entrant | Member | Examinee) -> None:
    """Raise `Refused` for a person without an ID number, who gets no grade certificate."""
    if not person.id_number:
        raise Refused(_no_id_number(person))


def unfiled(body: IssuingBody, grades: Sequence[tuple[Event, int]]) -> Message | None:
    """Name the occupations and grades that the body is not filed for, and how to put that right."""
    wanted = {
        (occupation.code, occupation.name, grade): occupation
        for event, grade in grades
        if (occupation := rules_of(event).occupation) is not None
    }
    missing = {
        key: occupation
        for key, occupation in wanted.items()
        if not is_filed(body, occupation, key[-1])
    }
    if not missing:
        return None
    ladders = {event.code: ladder_of(event) for event, _grade in grades}
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
    return not_filed(body, what)


def not_filed(body: IssuingBody, what: Message | str) -> Message:
    """Say that the body is not filed for these occupations and grades, and what to do."""
    return msg(
        "“%(body)s”没有备案 %(what)s，不能发证。请管理员补上它的备案范围，或者换一家评价机构",
        body=body.name,
        what=what,
    )
