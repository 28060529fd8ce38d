"""Grades on other grounds than a place: proposed with evidence, put up, decided by a second person.

考核认定, 直接认定, 自主评定 and 复核换证 of people of the competition, and of examinees who take no
part in it, in the same register and the same series of numbers as grades by place. Nobody has two
of a competition, whatever the ground.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from compete.domain.values import (
    CLAIM_MOVES,
    ClaimState,
    GradeGround,
    MoveError,
    date_words,
    move,
    msg,
)
from compete.models import (
    Account,
    Certificate,
    ClaimDocument,
    Competition,
    Entrant,
    GradeClaim,
    db,
    utc_now,
)
from compete.services.accounts import require_may_agree, require_second
from compete.services.certificates.claims_once import check_once
from compete.services.kernel import (
    GroundTerms,
    Refusal,
    Refused,
    audit,
    change_settings,
    find_own,
    for_update,
    local_time,
    local_zone,
    own_name,
    reason_text,
    settings_of,
    unit_of_work,
)
from compete.services.publication import put_up_for

MOST_DAYS = 60
_C = ClaimState
DECISIONS = (_C.APPROVED, _C.DEFERRED, _C.REFUSED)


def terms_of(competition: Competition, ground: GradeGround) -> GroundTerms:
    """What the ground needs here: evidence or none, and the days of its notice."""
    return settings_of(competition).grounds.get(ground, GroundTerms())


def change_grounds(
    competition: Competition, terms: Mapping[GradeGround, GroundTerms], by: Account
) -> None:
    """What each ground needs from now on; notices that run keep their end.

    Raises `Refused` (INVALID) for days that cannot be.
    """
    for wanted in terms.values():
        if not 0 <= wanted.days <= MOST_DAYS:
            raise Refused(
                msg("公示天数要在 0 到 %(most)s 之间", most=MOST_DAYS), kind=Refusal.INVALID
            )
    with unit_of_work():
        competition = for_update(competition)
        before = {ground: terms_of(competition, ground) for ground in GradeGround}
        change_settings(competition, grounds=dict(terms))
        audit.record(
            competition,
            by,
            "claim.grounds",
            competition.code,
            before={g.value: [t.document, t.days] for g, t in before.items()},
            after={g.value: [t.document, t.days] for g, t in terms.items()},
        )


def claims_of(competition: Competition) -> Sequence[GradeClaim]:
    """Every one ever proposed, by event, then in that order."""
    return db.session.scalars(
        select(GradeClaim)
        .where(GradeClaim.competition_id == competition.id)
        .options(
            joinedload(GradeClaim.entrant).joinedload(Entrant.unit),
            joinedload(GradeClaim.member),
            joinedload(GradeClaim.examinee),
            joinedload(GradeClaim.event),
            joinedload(GradeClaim.proposer),
            joinedload(GradeClaim.decider),
        )
        .order_by(GradeClaim.event_id, GradeClaim.id)
    ).all()


def claims_in_notice(competition: Competition) -> list[GradeClaim]:
    """Those to which anybody may object now."""
    now = utc_now()
    return [
        row
        for row in claims_of(competition)
        if row.state is _C.NOTICE
        and row.notice_until is not None
        and row.notice_until > now
        and row.person.erased_at is None
    ]


def certificates_of_claims(competition: Competition) -> dict[int, Certificate]:
    """The newest certificate of each, by its id."""
    rows = db.session.scalars(
        select(Certificate)
        .where(Certificate.competition_id == competition.id, Certificate.claim_id.is_not(None))
        .order_by(Certificate.id)
    )
    return {row.claim_id: row for row in rows if row.claim_id is not None}


def claims_to_decide(competition: Competition) -> int:
    """How many have had their notice and wait for a decision."""
    query = select(func.count(GradeClaim.id)).where(
        GradeClaim.competition_id == competition.id,
        GradeClaim.state == _C.NOTICE,
        GradeClaim.notice_until <= utc_now(),
    )
    return db.session.scalar(query) or 0


def proposers_to_decide(competition: Competition) -> list[int]:
    """Who proposed those, each once: another person decides."""
    query = (
        select(GradeClaim.proposed_by)
        .where(
            GradeClaim.competition_id == competition.id,
            GradeClaim.state == _C.NOTICE,
            GradeClaim.notice_until <= utc_now(),
        )
        .distinct()
    )
    return sorted(db.session.scalars(query))


def find_claim_document(competition: Competition, number: int) -> ClaimDocument | None:
    """The evidence of that number in the competition, or None."""
    return find_own(ClaimDocument, competition, number)


def put_up_claims(competition: Competition, ids: Collection[int], by: Account) -> int:
    """Begin the notice of these, all or none; until it ends nobody approves them."""
    with unit_of_work():
        competition = for_update(competition)
        rows = _rows(competition, ids)
        for row in rows:
            row.state = _moved(row, _C.NOTICE)
            days = terms_of(competition, row.ground).days
            term = put_up_for(competition, days, utc_now(), local_zone())
            row.notice_from, row.notice_until = term.first_day, term.until
            record_claim(row, by, "claim.notice", None)
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
        raise Refused(msg("只能批准、缓办或不批准"), kind=Refusal.INVALID)
    if to is not _C.APPROVED and not reason:
        raise Refused(msg("缓办和不批准都要写理由"), kind=Refusal.INVALID)
    with unit_of_work():
        competition = for_update(competition)
        rows = _rows(competition, ids)
        require_may_agree(by, competition)
        for row in rows:
            if by.id == row.proposed_by:
                raise Refused(msg("%(name)s 是你提出的，请另一位来定", name=row.person.name))
            require_second(row.proposed_by, by)
            row.state = _moved(row, to)
            if to is _C.APPROVED:
                _check_notice_over(row)
                check_once(row)
            row.decided_by, row.decided_at = by.id, utc_now()
            row.decision_reason = reason or None
            record_claim(row, by, "claim.decide", reason or None)
    return len(rows)


def drop_claims(competition: Competition, ids: Collection[int], reason: str, by: Account) -> int:
    """They are not proposed any more, with a reason; what was decided is decided otherwise."""
    reason = reason_text(reason)
    if not reason:
        raise Refused(msg("不提了要写理由"), kind=Refusal.INVALID)
    with unit_of_work():
        competition = for_update(competition)
        rows = _rows(competition, ids)
        for row in rows:
            row.state = _moved(row, _C.DROPPED)
            row.decided_by, row.decided_at, row.decision_reason = by.id, utc_now(), reason
            record_claim(row, by, "claim.drop", reason)
    return len(rows)


def _rows(competition: Competition, ids: Collection[int]) -> Sequence[GradeClaim]:
    if not ids:
        raise Refused(msg("还没选人"), kind=Refusal.INVALID)
    rows = db.session.scalars(
        select(GradeClaim)
        .where(GradeClaim.competition_id == competition.id, GradeClaim.id.in_(ids))
        .order_by(GradeClaim.id)
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(set(ids)):
        raise Refused(msg("名单刚变过，请刷新后再选"))
    return rows


def _moved(row: GradeClaim, to: ClaimState) -> ClaimState:
    """Where a row of those chosen goes; `MoveError` says whose can't."""
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


def record_claim(row: GradeClaim, by: Account, action: str, reason: str | None) -> None:
    """On record by the person's number; of the evidence its hash."""
    until = row.notice_until
    audit.record(
        row.competition,
        by,
        action,
        row.person.code,
        after={
            "grade": row.grade,
            **(own_name(row.grade, row.event) if row.event is not None else {}),
            **({"occupation": row.occupation} if row.occupation is not None else {}),
            "ground": row.ground.value,
            "clause": row.clause,
            "state": row.state.value,
            "sha256": row.document.sha256 if row.document is not None else None,
            "until": until.isoformat() if until is not None else None,
        },
        reason=reason,
    )
