"""Grades on other grounds than a place: proposed with evidence, put up, decided by a second person.

直接认定, 自主评定 and 复核换证 of people of the competition, and of examinees who take no part
in it, in the same register and the same series of numbers as grades by place; and 考核认定 from
before it was an evaluation of its own. Nobody has two of a competition, whatever the ground.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from compete.domain.values.claim_states import CLAIM_MOVES, ClaimState, GradeGround
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.domain.values.states import MoveError, move
from compete.models import (
    Account,
    Certificate,
    Competition,
    Entrant,
    Examinee,
    GradeClaim,
    Member,
    Unit,
    db,
    utc_now,
)
from compete.services.accounts.second_persons import (
    SecondWord,
    is_linked,
    require_may_agree,
    require_second,
)
from compete.services.certificates.double_grades import check_once
from compete.services.directory.registered_grades import claim_grades
from compete.services.kernel import audit
from compete.services.kernel.audit import Said, record_many
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_time, local_zone
from compete.services.kernel.competition_settings import GroundTerms, change_settings, settings_of
from compete.services.kernel.event_rules import own_name
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.results.notice_term import put_up_for

MOST_DAYS = 60
_C = ClaimState
_OVER = (_C.ISSUED, _C.REVOKED, _C.DROPPED)
DECISIONS = (_C.APPROVED, _C.DEFERRED, _C.REFUSED)
WITH_PEOPLE = (
    joinedload(GradeClaim.entrant).joinedload(Entrant.unit),
    joinedload(GradeClaim.member),
    joinedload(GradeClaim.examinee),
    joinedload(GradeClaim.event),
    joinedload(GradeClaim.document),
    joinedload(GradeClaim.proposer),
    joinedload(GradeClaim.decider),
)
"""The relations that a claim is read with where many are."""


def terms_of(competition: Competition, ground: GradeGround) -> GroundTerms:
    """The terms of the ground here: evidence or none, and the days of its notice."""
    return settings_of(competition).grounds.get(ground, GroundTerms())


def change_grounds(
    competition: Competition, terms: Mapping[GradeGround, GroundTerms], by: Account
) -> None:
    """Set what each ground needs from now on; notices that run keep their end.

    Raises `Refused` (INVALID) for days that cannot be.
    """
    for wanted in terms.values():
        if not 0 <= wanted.days <= MOST_DAYS:
            raise invalid(msg("公示天数要在 0 到 %(most)s 之间", most=MOST_DAYS))
    with changing(competition) as competition:
        before = {ground: terms_of(competition, ground) for ground in GradeGround}
        after = {**before, **terms}
        change_settings(competition, grounds=after)
        audit.record(
            competition,
            by,
            "claim.grounds",
            competition.code,
            before={g.value: [t.document, t.days] for g, t in before.items()},
            after={g.value: [t.document, t.days] for g, t in after.items()},
        )


def _of(competition: Competition, *which: ColumnElement[bool]) -> Select[tuple[GradeClaim]]:
    """Select claims of the competition with their people."""
    own = GradeClaim.competition_id == competition.id
    return select(GradeClaim).where(own, *which).options(*WITH_PEOPLE)


def claims_of(competition: Competition) -> Sequence[GradeClaim]:
    """List every claim ever proposed, by event, then in that order."""
    in_order = _of(competition).order_by(GradeClaim.event_id, GradeClaim.id)
    return db.session.scalars(in_order).all()


def count_claims(competition: Competition, text: str = "") -> Mapping[ClaimState, int]:
    """Count the claims of the person, number or unit that the text finds, by state."""
    conditions = GradeClaim.competition_id == competition.id, *_search_condition(competition, text)
    query = select(GradeClaim.state, func.count()).where(*conditions).group_by(GradeClaim.state)
    return dict(db.session.execute(query).tuples().all())


def search_claims(
    competition: Competition,
    first: int,
    most: int,
    *,
    state: ClaimState | None = None,
    text: str = "",
) -> Sequence[GradeClaim]:
    """A page of those of one state that the text finds, by event in order.

    What is still to be done comes first.
    """
    which = _search_condition(competition, text)
    if state is not None:
        which.append(GradeClaim.state == state)
    over = case((GradeClaim.state.in_(_OVER), 1), else_=0)
    in_order = _of(competition, *which).order_by(over, GradeClaim.event_id, GradeClaim.id)
    return db.session.scalars(in_order.offset(first).limit(most)).all()


def _search_condition(competition: Competition, text: str) -> list[ColumnElement[bool]]:
    """The condition of a person, number or unit that is looked for; none for no text."""
    if not text:
        return []
    kinds: tuple[tuple[Any, Any], ...] = (
        (Entrant, GradeClaim.entrant_id),
        (Member, GradeClaim.member_id),
        (Examinee, GradeClaim.examinee_id),
    )
    conditions: list[ColumnElement[bool]] = [
        column.in_(
            select(table.id).where(
                table.competition_id == competition.id,
                table.name.icontains(text, autoescape=True)
                | table.code.icontains(text, autoescape=True),
            )
        )
        for table, column in kinds
    ]
    units = select(Unit.id).where(
        Unit.competition_id == competition.id, Unit.name.icontains(text, autoescape=True)
    )
    conditions += [
        GradeClaim.entrant_id.in_(select(Entrant.id).where(Entrant.unit_id.in_(units))),
        GradeClaim.examinee_id.in_(
            select(Examinee.id).where(
                Examinee.competition_id == competition.id,
                Examinee.unit_name.icontains(text, autoescape=True),
            )
        ),
    ]
    return [or_(*conditions)]


def claims_to_put_up(competition: Competition) -> Sequence[int]:
    """List all claims that may begin their notice, by id."""
    query = select(GradeClaim.id).where(
        GradeClaim.competition_id == competition.id, GradeClaim.state == _C.PROPOSED
    )
    return db.session.scalars(query.order_by(GradeClaim.id)).all()


def claims_to_approve(competition: Competition, by: Account) -> Sequence[int]:
    """List all claims that have had their notice and that this person may decide, by id."""
    query = select(GradeClaim.id, GradeClaim.proposed_by).where(*_had_notice(competition))
    rows = db.session.execute(query.order_by(GradeClaim.id)).tuples().all()
    barred = {
        proposer
        for proposer in {proposer for _id, proposer in rows}
        if claim_word(competition, proposer).why_not(by) is not None
    }
    return [number for number, proposer in rows if proposer not in barred]


def _had_notice(competition: Competition) -> tuple[ColumnElement[bool], ...]:
    return (
        GradeClaim.competition_id == competition.id,
        GradeClaim.state == _C.NOTICE,
        GradeClaim.notice_until <= utc_now(),
    )


def claims_in_notice(competition: Competition) -> list[GradeClaim]:
    """List the claims to which anybody may object now."""
    running = GradeClaim.state == _C.NOTICE, GradeClaim.notice_until > utc_now()
    in_order = _of(competition, *running).order_by(GradeClaim.event_id, GradeClaim.id)
    return [row for row in db.session.scalars(in_order) if row.person.erased_at is None]


def certificates_of_claims(claims: Sequence[GradeClaim]) -> dict[int, Certificate]:
    """The newest certificate of each, by its id."""
    certificates: dict[int, Certificate] = {}
    for chunk in in_chunks([claim.id for claim in claims]):
        query = select(Certificate).where(Certificate.claim_id.in_(chunk)).order_by(Certificate.id)
        certificates |= {row.claim_id: row for row in db.session.scalars(query) if row.claim_id}
    return certificates


def claims_to_decide(competition: Competition) -> int:
    """Count the claims that have had their notice and wait for a decision."""
    query = select(func.count(GradeClaim.id)).where(*_had_notice(competition))
    return db.session.scalar(query) or 0


def claim_word(competition: Competition, proposer: int | None) -> SecondWord:
    """The conditions of deciding a claim beside who proposed it."""
    return SecondWord(competition, proposer, linked=is_linked("claim"))


def words_to_decide(competition: Competition) -> list[SecondWord]:
    """List the conditions of deciding claims, once for each who proposed: another decides."""
    query = select(GradeClaim.proposed_by).where(*_had_notice(competition)).distinct()
    return [claim_word(competition, first) for first in sorted(db.session.scalars(query))]


def put_up_claims(competition: Competition, ids: Collection[int], by: Account) -> int:
    """Begin the notice of these, all or none; until it ends nobody approves them."""
    with changing(competition) as competition:
        rows = _rows(competition, ids)
        terms: dict[GradeGround, tuple[date, datetime]] = {}
        for row in rows:
            row.state = _next_state(row, _C.NOTICE)
            if row.ground not in terms:
                days = terms_of(competition, row.ground).days
                term = put_up_for(competition, days, utc_now(), local_zone())
                terms[row.ground] = term.first_day, term.until
            row.notice_from, row.notice_until = terms[row.ground]
        record_claims(rows, by, "claim.notice")
    return len(rows)


def decide_claims(
    competition: Competition,
    ids: Collection[int],
    to: ClaimState,
    by: Account,
    reason: str = "",
) -> int:
    """Approve, hold or refuse these, all or none; whoever proposed one of them does not.

    Raises `Refused`: INVALID without a reason to hold or refuse; CONFLICT while the notice runs,
    for an own proposal, and for whom a grade by place was approved meanwhile.
    """
    reason = reason_text(reason)
    if to not in DECISIONS:
        raise invalid(msg("只能批准、缓办或不批准"))
    if to is not _C.APPROVED and not reason:
        raise invalid(msg("缓办和不批准都要写理由"))
    with changing(competition) as competition:
        rows = _rows(competition, ids)
        require_may_agree(by, competition)
        for row in rows:
            if by.id == row.proposed_by:
                raise Refused(msg("%(name)s 是你提出的，请另一位来定", name=row.person.name))
        for proposer in {row.proposed_by for row in rows}:
            require_second(competition, proposer, by, linked=is_linked("claim"))
        for row in rows:
            row.state = _next_state(row, to)
            if to is _C.APPROVED:
                _check_notice_over(row)
            row.decided_by, row.decided_at = by.id, utc_now()
            row.decision_reason = reason or None
        if to is _C.APPROVED:
            claim_grades()
            check_once(rows)
        record_claims(rows, by, "claim.decide", reason or None)
    return len(rows)


def drop_claims(competition: Competition, ids: Collection[int], reason: str, by: Account) -> int:
    """Drop claims that are not proposed any more, with a reason; not what was decided."""
    reason = reason_text(reason, msg("不提了要写理由"))
    with changing(competition) as competition:
        rows = _rows(competition, ids)
        for row in rows:
            row.state = _next_state(row, _C.DROPPED)
            row.decided_by, row.decided_at, row.decision_reason = by.id, utc_now(), reason
        record_claims(rows, by, "claim.drop", reason)
    return len(rows)


def _rows(competition: Competition, ids: Collection[int]) -> Sequence[GradeClaim]:
    if not ids:
        raise invalid(msg("还没选人"))
    chosen = _of(competition, GradeClaim.id.in_(ids)).order_by(GradeClaim.id)
    rows = db.session.scalars(chosen.execution_options(populate_existing=True)).all()
    if len(rows) != len(set(ids)):
        raise Refused(msg("名单刚变过，请刷新后再选"))
    return rows


def _next_state(row: GradeClaim, to: ClaimState) -> ClaimState:
    """The state to which a chosen row goes; `MoveError` names the row that cannot go."""
    try:
        return move(row.state, to, CLAIM_MOVES)
    except MoveError as error:
        raise MoveError(msg("%(name)s：%(why)s", name=row.person.name, why=error.message)) from None


def _check_notice_over(row: GradeClaim) -> None:
    until = row.notice_until
    if until is None or until > utc_now():
        raise Refused(
            msg(
                "%(name)s 的公示到 %(day)s，期满以后才能批准",
                name=row.person.name,
                day=date_words(local_time(until)) if until else "",
            )
        )


def record_claims(
    rows: Sequence[GradeClaim], by: Account, action: str, reason: str | None = None
) -> None:
    """Record claims by each person's number; of the evidence its hash."""
    if rows:
        records = [Said(action, row.person.code, _claim_face(row), None, reason) for row in rows]
        record_many(rows[0].competition, by, records)


def _claim_face(row: GradeClaim) -> dict[str, Any]:
    until, marks = row.notice_until, marks_of(row)
    return {
        "grade": row.grade,
        **(own_name(row.grade, row.event) if row.event is not None else {}),
        **({"occupation": row.occupation} if row.occupation is not None else {}),
        "ground": row.ground.value,
        "clause": row.clause,
        **({"marks": {part: str(mark) for part, mark in marks.items()}} if marks else {}),
        "state": row.state.value,
        "sha256": row.document.sha256 if row.document is not None else None,
        "until": until.isoformat() if until is not None else None,
    }


def marks_of(claim: GradeClaim) -> Mapping[str, Decimal]:
    """The marks of each part by its name; empty where no marks were asked."""
    parts = zip(_NAMES, (claim.theory, claim.practice, claim.review), strict=True)
    return {str(name): mark for name, mark in parts if mark is not None}


def facts_of(claim: GradeClaim) -> Message:
    """The findings in one text: day and marks, and what was written besides."""
    if claim.theory is None or claim.assessed_on is None:
        return msg("%(facts)s", facts=claim.facts)
    marks = listed(
        msg("%(part)s %(mark)s", part=name, mark=plain(mark))
        for name, mark in zip(_NAMES, (claim.theory, claim.practice, claim.review), strict=True)
        if mark is not None
    )
    day = claim.assessed_on.isoformat()
    if not claim.facts:
        return msg("%(day)s 考核，%(marks)s", day=day, marks=marks)
    return msg("%(day)s 考核，%(marks)s；%(facts)s", day=day, marks=marks, facts=claim.facts)


_NAMES = (msg("理论"), msg("实操"), msg("综合评审"))
