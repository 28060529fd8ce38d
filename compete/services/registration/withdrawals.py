"""Withdrawals (退赛) before judging, of one or many; who withdrew stays registered and may return.

Once judging has begun, only somebody can withdraw who was added since and about whom nothing is
marked, timed or decided, and only alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    AuditEntry,
    Competition,
    Decision,
    Entrant,
    Member,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    Slot,
    TimeEntry,
    Withdrawal,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.audit import Said, record_many
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import standing_withdrawal, takes_part
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.sealed_inserts import insert_new
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.entrant_lookup import entrant_by_code, entrants_by_code
from compete.services.registration.person_record import states_of_sheets
from compete.services.registration.waiting_list import Party, Room
from compete.services.registration.writing import make_late_sheets
from compete.services.schedule.next_stage import NextStage, next_stages
from compete.services.sheets.locks_in_force import require_open

_JUDGED = (Sheet, OutcomeEntry, PenaltyEntry, TimeEntry, Decision)
_TOO_LATE = msg("评分已经开始，退赛要按缺考或中途退出办，由两个人定")
_JUDGED_ALREADY = msg("已经有评分表或扣罚、用时，退赛要按缺考或中途退出办")
_MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Stayed:
    """A person with whom nothing was done, and why."""

    entrant: Entrant
    why: Message


def why_not_withdrawn(entrant: Entrant) -> Message | None:
    """Tells why somebody cannot withdraw, but gets an outcome; None for who can."""
    state = entrant.competition.state
    if state is CompetitionState.JUDGING and _came_late(entrant):
        return _JUDGED_ALREADY if _judged([entrant]) else None
    if state is not CompetitionState.REGISTERING:
        return _TOO_LATE
    if _judged([entrant]):
        return _JUDGED_ALREADY
    return None


def stage_judged(entrant: Entrant) -> str:
    """Finds the stage in which an entrant who leaves now gets an outcome.

    It is the next stage where the entrant goes on to one that has not begun, so that the stage
    before keeps its result; else the last stage in which the entrant has a sheet.
    """
    if (to_come := stage_awaited(entrant)) is not None:
        return to_come.code
    stages = [stage.code for stage in rules_of(entrant.event).stages]
    there = {stage for stage, _module in states_of_sheets(entrant)}
    return next((code for code in reversed(stages) if code in there), stages[0])


def stage_awaited(entrant: Entrant) -> NextStage | None:
    """The stage that has not begun and to which an entrant goes on by locked marks, or None."""
    return next(
        (
            it
            for it in next_stages(entrant.competition)
            if it.event == entrant.event.code and it.is_settled and entrant.code in it.people
        ),
        None,
    )


def why_no_outcome(entrant: Entrant) -> Message | None:
    """Tells which lock keeps an entrant who leaves now from an outcome; None for none."""
    try:
        require_open(entrant.competition, entrant, stage_judged(entrant), None)
    except Refused as refused:
        return refused.message
    return None


def withdraw_person(entrant: Entrant, reason: str, by: Account) -> Withdrawal:
    """Withdraws one entrant, who stays registered and takes part in nothing.

    Empty sheets, which an entrant gets who is added while others are judged, are deleted.
    Raises `Refused`: INVALID without a reason, CONFLICT as `why_not_withdrawn` tells and for
    somebody who has withdrawn already.
    """
    reason = reason_text(reason, msg("退赛要写原因"))
    with changing(entrant.competition, entrant) as competition:
        why = why_not_withdrawn(entrant)
        if why is not None:
            raise Refused(why)
        if standing_withdrawal(entrant) is not None:
            raise Refused(msg("%(code)s 已经退赛了", code=entrant.code))
        row = Withdrawal(entrant_id=entrant.id, reason=reason, made_by=by.id)
        db.session.add(row)
        for sheet in db.session.scalars(select(Sheet).where(Sheet.entrant_id == entrant.id)):
            db.session.delete(sheet)
        audit.record(competition, by, "entrant.withdraw", entrant.code, reason=reason)
    return row


def withdraw_people(
    competition: Competition, reasons: Mapping[str, str], by: Account, *, onward: bool = False
) -> tuple[Sequence[Entrant], Sequence[Stayed]]:
    """Withdraws many, each for the reason at the code; returns who withdrew, and who stayed why.

    `onward`: they go on in the next batch.
    Somebody who has withdrawn already or was judged stays. Raises `Refused`: INVALID for nobody,
    for too many and without a reason, CONFLICT once judging has begun, and where somebody is no
    longer on the list.
    """
    if not reasons:
        raise invalid(msg("先勾选"))
    reasons = {code: reason_text(reason, msg("退赛要写原因")) for code, reason in reasons.items()}
    action = "entrant.onward" if onward else "entrant.withdraw"
    with changing(competition) as competition:
        if competition.state is not CompetitionState.REGISTERING:
            raise Refused(_TOO_LATE)
        people = _still_there(competition, reasons)
        away = {row.entrant_id for row in _open_withdrawals(people)}
        judged = _judged(people)
        kept = dict.fromkeys(judged, _JUDGED_ALREADY) | dict.fromkeys(away, msg("已经退赛了"))
        done, stayed = _parted(people, lambda entrant: kept.get(entrant.id))
        insert_new(
            competition,
            [
                Withdrawal(
                    entrant_id=leaver.id,
                    reason=reasons[leaver.code],
                    onward=onward or None,
                    made_by=by.id,
                )
                for leaver in done
            ],
        )
        record_many(
            competition,
            by,
            [Said(action, it.code, None, reason=reasons[it.code]) for it in done],
        )
    return done, stayed


def standing_withdrawals(competition: Competition) -> Sequence[Withdrawal]:
    """Lists the withdrawals that stand, by the entrants' numbers."""
    query = (
        select(Withdrawal)
        .join(Withdrawal.entrant)
        .where(Entrant.competition_id == competition.id, Withdrawal.ended_at.is_(None))
        .options(
            # The rest of a person is sealed: many thousands are unsealed where they are shown.
            contains_eager(Withdrawal.entrant).load_only(Entrant.code, Entrant.event_id),
            joinedload(Withdrawal.maker),
        )
        .order_by(Entrant.code)
    )
    return db.session.scalars(query).all()


def return_people_to_list(
    competition: Competition, codes: Collection[str], by: Account
) -> tuple[Sequence[Entrant], Sequence[Stayed], Sequence[Entrant]]:
    """Takes the withdrawals of many back.

    Returns who takes part again, who stays away with why, and who stands at their places by now.
    Once marks are locked everybody stays away, and so does whoever a quota has no room for.
    Raises `Refused`: INVALID for nobody and for too many, CONFLICT where somebody is no longer
    on the list.
    """
    if not codes:
        raise invalid(msg("先勾选"))
    with changing(competition) as competition:
        people = _still_there(competition, codes)
        rows = {row.entrant_id: row for row in _open_withdrawals(people)}
        room, sizes = Room(competition), _crew_sizes(people)

        def why_away(entrant: Entrant) -> Message | None:
            if entrant.id not in rows:
                return msg("没有退赛")
            why = why_not_returned(entrant)
            if why is not None:
                return why
            size = sizes.get(entrant.id, 1)
            full = room.why_not(_party_of(entrant), size)
            if full is not None:
                return msg("名额满了：%(full)s。要撤回，在那一页写明为什么", full=full)
            room.take(_party_of(entrant), size)
            return None

        done, stayed = _parted(people, why_away)
        beside = _take_back(competition, {returned: rows[returned.id] for returned in done}, by)
        record_many(
            competition, by, [Said("entrant.return", returned.code, None) for returned in done]
        )
    return done, stayed, beside


def why_not_returned(entrant: Entrant) -> Message | None:
    """Tells why a withdrawal cannot be taken back: erased data, locked marks; None where it can."""
    if entrant.erased_at is not None:
        return msg("个人资料已经删除，不能再改")
    if entrant.competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return None
    return msg("评分已经锁定，退赛不能再撤回")


def why_full_for(entrant: Entrant) -> Message | None:
    """Tells which quota is full for somebody who would come back; None where there is room."""
    return Room(entrant.competition).why_not(_party_of(entrant), len(entrant.members) or 1)


def _crew_sizes(people: Sequence[Entrant]) -> dict[int, int]:
    """Counts the members of those of them who are crews, by the crew's row."""
    query = (
        select(Member.entrant_id, func.count(Member.id))
        .where(Member.entrant_id.in_([entrant.id for entrant in people]))
        .group_by(Member.entrant_id)
    )
    return dict(db.session.execute(query).tuples().all())


def _party_of(entrant: Entrant) -> Party:
    return entrant.unit_id or 0, entrant.event_id, entrant.code


def places_passed_on(entrant: Entrant) -> Entrant | None:
    """Finds who came in the entrant's place and has the places by now; None for nobody."""
    if entrant.slots:
        return None
    after = db.session.scalar(
        select(AuditEntry.after)
        .where(
            AuditEntry.competition_id == entrant.competition_id,
            AuditEntry.action == "entrant.replaced",
            AuditEntry.subject == entrant.code,
        )
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    )
    new = entrant_by_code(entrant.competition, after["new"]) if after else None
    return new if new is not None and standing_withdrawal(new) is None else None


def return_person(entrant: Entrant, by: Account, reason: str = "") -> Sequence[Entrant]:
    """Takes a withdrawal back. Returns who stands at the entrant's places by now.

    While others are judged the entrant gets sheets, as everybody who comes late does.
    Raises `Refused`: CONFLICT for somebody who takes part, and as `why_not_returned` tells;
    INVALID without a reason where a quota is full.
    """
    reason = reason_text(reason)
    with changing(entrant.competition) as competition:
        row = standing_withdrawal(entrant)
        if row is None:
            raise Refused(msg("%(code)s 没有退赛", code=entrant.code))
        why = why_not_returned(entrant)
        if why is not None:
            raise Refused(why)
        full = why_full_for(entrant)
        if full is not None and not reason:
            raise invalid(msg("名额满了：%(full)s。要撤回，写明为什么", full=full))
        beside = _take_back(competition, {entrant: row}, by)
        audit.record(competition, by, "entrant.return", entrant.code, reason=reason or None)
    return beside


def _take_back(
    competition: Competition, withdrawals: Mapping[Entrant, Withdrawal], by: Account
) -> list[Entrant]:
    """Ends these withdrawals, and makes sheets while others are judged.

    Returns who stands at the entrants' places by now.
    """
    people = list(withdrawals)
    beside = at_the_same_places(people)
    for row in withdrawals.values():
        row.ended_at, row.ended_by = utc_now(), by.id
    db.session.flush()
    if people and competition.state is CompetitionState.JUDGING:
        make_late_sheets(competition, people, by)
    return beside


def _still_there(competition: Competition, codes: Collection[str]) -> list[Entrant]:
    if len(codes) > _MOST_AT_ONCE:
        raise invalid(msg("一次选的人太多了，分几次来"))
    people = entrants_by_code(competition, codes)
    if len(people) != len(set(codes)):
        raise Refused(msg("名单刚被别人改过，请再看一遍"))
    return [people[code] for code in sorted(people)]


def _parted(
    people: Sequence[Entrant], why_not: Callable[[Entrant], Message | None]
) -> tuple[list[Entrant], list[Stayed]]:
    """Part those of whom it can be done from the others, with why."""
    reasons = {entrant: why_not(entrant) for entrant in people}
    stayed = [Stayed(entrant, why) for entrant, why in reasons.items() if why is not None]
    return [entrant for entrant, why in reasons.items() if why is None], stayed


def _open_withdrawals(people: Sequence[Entrant]) -> Sequence[Withdrawal]:
    query = select(Withdrawal).where(
        Withdrawal.entrant_id.in_([entrant.id for entrant in people]),
        Withdrawal.ended_at.is_(None),
    )
    return db.session.scalars(query).all()


def _came_late(entrant: Entrant) -> bool:
    """True if somebody was added after judging had begun."""
    # A file that is judged already brings its people with it.
    begun = db.session.scalar(
        select(func.max(AuditEntry.at)).where(
            AuditEntry.competition_id == entrant.competition_id,
            AuditEntry.action.in_(("judging.open", "competition.load")),
        )
    )
    return begun is not None and entrant.registered_at > begun


def _judged(people: Sequence[Entrant]) -> set[int]:
    """The ids of entrants about whom something is marked, timed or decided.

    While others are judged an empty sheet is none of that: everybody gets one. Before judging any
    sheet counts, for it came with a file.
    """
    numbers = [entrant.id for entrant in people]
    judging = bool(people) and people[0].competition.state is CompetitionState.JUDGING
    touched: set[int] = set()
    for table in _JUDGED:
        query = select(table.entrant_id).where(table.entrant_id.in_(numbers)).distinct()
        if judging and table is Sheet:
            query = query.where(Sheet.version > 0)
        touched |= set(db.session.scalars(query))
    return touched


def at_the_same_places(entrants: Sequence[Entrant]) -> list[Entrant]:
    """List who else stands at the same station in the same session, by number.

    A place where several others stand is a room that everybody shares, and nobody is in the way.
    """
    numbers = [entrant.id for entrant in entrants]
    own, other = aliased(Slot), aliased(Slot)
    mine, theirs = aliased(Entrant), aliased(Entrant)
    query = (
        select(own.id, theirs.id)
        .join(mine, mine.id == own.entrant_id)
        .join(
            other,
            and_(
                own.stage == other.stage,
                own.module == other.module,
                own.station == other.station,
                own.seat.is_not_distinct_from(other.seat),
                own.session.is_not_distinct_from(other.session),
                own.starts_at.is_not_distinct_from(other.starts_at),
            ),
        )
        .join(theirs, and_(theirs.id == other.entrant_id, theirs.event_id == mine.event_id))
        .join(Entrant, Entrant.id == theirs.id)
        .where(own.entrant_id.in_(numbers), theirs.id.not_in(numbers), takes_part())
    )
    places: dict[int, list[int]] = {}
    for place, who in db.session.execute(query).tuples():
        places.setdefault(place, []).append(who)
    beside = {who[0] for who in places.values() if len(who) == 1}
    neighbours = select(Entrant).where(Entrant.id.in_(beside)).order_by(Entrant.code)
    return list(db.session.scalars(neighbours))
