"""Proposed grades: worked out by the rules, decided by the organiser."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from compete.domain.bundle.results import GradeRow, Results
from compete.domain.identity.occupations import same_occupation
from compete.domain.values.claim_states import ClaimState
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import (
    GRADE_MOVES,
    CompetitionState,
    GradeState,
    move,
    state_words,
)
from compete.models import (
    Account,
    Competition,
    Entrant,
    Event,
    Examinee,
    GradeClaim,
    GradeDecision,
    Member,
    db,
    utc_now,
)
from compete.services.accounts.second_persons import SecondWord, is_linked
from compete.services.closing.barred_grades import barred_grades
from compete.services.closing.grade_approval_gate import (
    require_notice_over,
    two_approve,
    why_notice_first,
)
from compete.services.closing.rule_pack_confirmations import require_confirmed
from compete.services.directory.ladders.conditions import why_not_confirmed
from compete.services.directory.registered_grades import (
    HeldGrade,
    approved_grade,
    claim_grades,
    grades_of_people,
)
from compete.services.kernel import audit
from compete.services.kernel.audit import Said, record_many
from compete.services.kernel.chunks import rows_among, tuples_among
from compete.services.kernel.event_rules import own_name, rules_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.sealed_inserts import insert_new
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing

_SETTLED = {GradeState.ISSUED, GradeState.REVOKED}


@dataclass(frozen=True, slots=True, kw_only=True)
class GradesDue:
    """What brings an event's decisions in line with results, worked out and not written yet.

    `new`, and by whose decision `void` goes, by the code of who gets the grade; what is
    `renewed` and what is `gone` by the decision's row.
    """

    event: int
    new: Mapping[str, Mapping[str, Any]]
    void: Mapping[str, int]
    renewed: Mapping[int, Mapping[str, Any]]
    gone: Sequence[int]


def grades_due(competition: Competition, results: Results) -> list[GradesDue]:
    """What brings the decisions in line with the results, event by event.

    One whose certificate is out keeps what was decided then: what stands now is read beside it
    (`certificates.grades_now`).

    A decision whose grade and rule are as before keeps its state. One that
    changed is proposed anew, also where its certificate is void; one that no longer
    follows is taken back, unless its certificate is out, which must be revoked by
    name.
    """
    return [_due(event, results) for event in competition.events]


def _due(event: Event, results: Results) -> GradesDue:
    rows, left = _promoted(event, results), set[int]()
    ranks = {
        row.entrant: row.rank
        for result in results.events
        if result.code == event.code
        for row in result.standings
    }
    void, renewed = dict[str, int](), dict[int, dict[str, Any]]()
    standing = set[str]()
    for now in db.session.execute(_DECISIONS.where(GradeDecision.event_id == event.id)):
        row = rows.get(now.code)
        if row is None:
            if now.state not in _SETTLED:
                left.add(now.id)
            continue
        if now.state is GradeState.REVOKED and now.grade != row.grade:
            void[now.code] = now.id
            continue
        standing.add(now.code)
        if now.state in _SETTLED:
            continue
        values = _values(row, now.holds, ranks)
        same = (now.grade, now.rule) == (row.grade, row.rule)
        # What is as it was is not written: nearly all of them, under the lock.
        values = {key: it for key, it in values.items() if not same or getattr(now, key) != it}
        if values:
            renewed[now.id] = values
    lacking = {code: row for code, row in rows.items() if code not in standing}
    return GradesDue(
        event=event.id,
        new=_new_ones(event, lacking, ranks),
        void=void,
        renewed=renewed,
        gone=sorted(left),
    )


_DECISIONS = (
    select(
        *(GradeDecision.id, GradeDecision.state, GradeDecision.grade, GradeDecision.rule),
        *(GradeDecision.present_grade.label("present_grade"), GradeDecision.rank),
        GradeDecision.reasons,
        func.coalesce(Member.code, Entrant.code).label("code"),
        case((GradeDecision.member_id.is_(None), Entrant.grade), else_=Member.grade).label("holds"),
    )
    .join(Entrant, Entrant.id == GradeDecision.entrant_id)
    .outerjoin(Member, Member.id == GradeDecision.member_id)
)


def _values(row: GradeRow, holds: int | None, ranks: Mapping[str, int | None]) -> dict[str, Any]:
    return {
        "grade": row.grade,
        "rule": row.rule,
        "present_grade": holds,
        "rank": ranks[row.entrant] or 0,
        "reasons": msgspec.to_builtins(row.reasons, str_keys=True),
    }


def _new_ones(
    event: Event, rows: Mapping[str, GradeRow], ranks: Mapping[str, int | None]
) -> dict[str, dict[str, Any]]:
    """The decisions that these rows come to where there is none, by code."""
    own = select(Entrant.code, Entrant.id, Entrant.grade).where(Entrant.event_id == event.id)
    codes = {row.entrant for row in rows.values()}
    entrants = {row[0]: row for row in tuples_among(own, Entrant.code, sorted(codes))}
    crews = select(Member.code, Member.id, Member.grade).join(Entrant)
    crews = crews.where(Entrant.event_id == event.id)
    codes = {row.entrant for row in rows.values() if row.member}
    members = {row[0]: row for row in tuples_among(crews, Entrant.code, sorted(codes))}
    made = {}
    for code, row in rows.items():
        _code, member, holds = members[row.member] if row.member else (None, None, None)
        _code, entrant, own_grade = entrants[row.entrant]
        made[code] = {
            "entrant_id": entrant,
            "member_id": member,
            **_values(row, holds if row.member else own_grade, ranks),
        }
    return made


def write_grades(competition: Competition, due: Sequence[GradesDue], by: Account) -> None:
    """Write what was worked out of the version that stands; inside a unit of work."""
    for event in due:
        for decision in _decisions(event.void.values()):
            _lapse(decision, by)
        db.session.flush()
        _insert(competition, event, event.new.values())
        for decision in _decisions(event.renewed):
            values = event.renewed[decision.id]
            for column, value in values.items():
                setattr(decision, column, value)
            if "rule" in values:
                decision.state = GradeState.PROPOSED
                decision.decision_reason = None
                decision.asked_by, decision.asked_at = None, None
        for decision in _decisions(event.gone):
            _lapse(decision, by)
        db.session.flush()


def write_new_grades(competition: Competition, due: GradesDue, codes: Sequence[str]) -> None:
    """Propose some of the new ones of an event that nobody has proposed yet; in a unit of work.

    Beforehand, so that locking has little left to write: nobody decides them until marks are
    locked, and what they come to by then is worked out anew.
    """
    there = select(GradeDecision.entrant_id, GradeDecision.member_id)
    wanted = [due.new[code] for code in codes]
    numbers = {values["entrant_id"] for values in wanted}
    known = set(tuples_among(there, GradeDecision.entrant_id, sorted(numbers)))
    _insert(
        competition,
        due,
        [it for it in wanted if (it["entrant_id"], it["member_id"]) not in known],
    )


def _insert(competition: Competition, due: GradesDue, rows: Iterable[Mapping[str, Any]]) -> None:
    audit.claim_chain(competition.id)
    insert_new(competition, [GradeDecision(event_id=due.event, **values) for values in rows])


def _decisions(numbers: Collection[int]) -> list[GradeDecision]:
    # Who it is, is not needed: unsealing that of thousands takes longer than all the rest.
    columns = load_only(Entrant.code, Entrant.grade, Entrant.event_id)
    query = select(GradeDecision).options(joinedload(GradeDecision.entrant).options(columns))
    return rows_among(query.order_by(GradeDecision.id), GradeDecision.id, sorted(numbers))


def lacking_grades(
    competition: Competition,
    results: Results,
    *,
    of: Collection[str] | None = None,
    but: Collection[int] = (),
) -> list[GradesDue]:
    """What the results give and no decision stands on any more.

    A decision goes with the certificate that a version withdraws; one whose certificate two made
    void stands on its own grade alone. `of` these people's codes alone where they are given, and
    of nobody whose entrant is among `but`.
    """
    lacking = []
    for due in grades_due(competition, results):
        new = {
            code: values
            for code, values in due.new.items()
            if (of is None or code in of) and values["entrant_id"] not in but
        }
        void = {code: number for code, number in due.void.items() if code in new}
        if new:
            lacking.append(GradesDue(event=due.event, new=new, void=void, renewed={}, gone=()))
    return lacking


def _promoted(event: Event, results: Results) -> dict[str, GradeRow]:
    """The people whom the results raise in an event, by code."""
    return {
        row.member or row.entrant: row
        for result in results.events
        if result.code == event.code
        for row in result.grades or ()
        if row.change == "promoted"
    }


def _lapse(decision: GradeDecision, by: Account) -> None:
    before = {"grade": decision.grade, "state": decision.state.value}
    competition = decision.event.competition
    audit.record(competition, by, "grade.lapse", decision.person.code, before=before)
    db.session.delete(decision)


def decide_grades(
    competition: Competition,
    codes: Sequence[str],
    to: GradeState,
    by: Account,
    reason: str = "",
    seen: str = "",
) -> int:
    """Approve, hold or refuse the proposed grades of these people, all or none.

    Who is in a crew goes by the member's code.

    Holding and refusing want a reason, which stays with the decision. Approving is refused until
    the notice has ended (`why_notice_first`). Where two approve (`two_approve`), the first asks
    for it and the grade stays proposed; it is approved by the second, of another hand
    (`approval_word`). `seen` is the state that the page showed: what another has decided meanwhile
    is not overwritten unseen. Returns of how many something was decided or asked: what stands so
    already stays as it is.
    """
    reason = reason_text(reason)
    if to in (GradeState.DEFERRED, GradeState.REFUSED) and not reason:
        raise invalid(msg("缓办和不批准都要写理由"))
    if to not in (GradeState.DEFERRED, GradeState.REFUSED, GradeState.APPROVED):
        raise invalid(msg("只能批准、缓办或不批准"))
    if not codes:
        raise invalid(msg("还没选人"))
    with changing(competition) as competition:
        if competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
            raise Refused(msg("评分还没锁定，等锁定后再批准"))
        rows = db.session.scalars(
            select(GradeDecision)
            .join(Entrant)
            .outerjoin(Member, Member.id == GradeDecision.member_id)
            .where(
                Entrant.competition_id == competition.id,
                func.coalesce(Member.code, Entrant.code).in_(codes),
            )
            .options(contains_eager(GradeDecision.entrant), joinedload(GradeDecision.member))
            .order_by(GradeDecision.id)
        ).all()
        if len(rows) != len(set(codes)):
            raise Refused(msg("有人没有拟晋升的等级，请刷新后再选"))
        moved = next((row for row in rows if seen and row.state.value not in (seen, to)), None)
        if moved is not None:
            raise Refused(
                msg(
                    "%(code)s 刚才变成“%(now)s”了，没有改。看过再办",
                    code=moved.person.code,
                    now=state_words(moved.state),
                )
            )
        if to is GradeState.APPROVED:
            claim_grades()
            require_notice_over(competition, (row.event_id for row in rows))
            for why in barred_among(rows).values():
                raise Refused(why)
            for why in _not_confirmed(rows).values():
                raise Refused(why)
            require_confirmed(competition, ((row.entrant.event, row.rule) for row in rows))
        changed = [
            row
            for row in rows
            if row.state is not to
            or (row.decision_reason or "") != reason
            or (to is not GradeState.APPROVED and row.asked_by is not None)
        ]
        if to is GradeState.APPROVED and two_approve(competition):
            # Two have decided already: a third beside them is nobody's second.
            changed = [row for row in changed if row.state is not to]
        decided = changed
        firsts = {row.asked_by for row in changed if row.asked_by is not None}
        if to is GradeState.APPROVED and two_approve(competition):
            for first in sorted(firsts):
                approval_word(competition, first).require(by)
            decided = [row for row in changed if row.asked_by is not None]
            _ask(competition, [row for row in changed if row.asked_by is None], by, reason)
        records = []
        askers = {first: audit.signer(db.session.get_one(Account, first)) for first in firsts}
        for row in decided:
            before = row.state
            if before is not to:
                row.state = move(before, to, GRADE_MOVES)
            row.decided_by, row.decided_at = by.id, utc_now()
            if to is not GradeState.APPROVED:
                row.asked_by, row.asked_at = None, None
            if reason or row.asked_by is None:
                row.decision_reason = reason or None
            after = {
                "state": to.value,
                "grade": row.grade,
                "rule": row.rule,
                **own_name(row.grade, row.event),
                **({"asked": askers[row.asked_by]} if row.asked_by in askers else {}),
            }
            was = {"state": before.value}
            records.append(Said("grade.decide", row.person.code, after, was, reason or None))
        record_many(competition, by, records)
    return len(changed)


def _ask(competition: Competition, rows: Sequence[GradeDecision], by: Account, reason: str) -> None:
    """Let somebody be the first of two who approve these; they stay proposed, or are so again."""
    records = []
    for row in rows:
        move(row.state, GradeState.APPROVED, GRADE_MOVES)
        row.state, row.decision_reason = GradeState.PROPOSED, reason or None
        row.asked_by, row.asked_at = by.id, utc_now()
        after = {"grade": row.grade, "rule": row.rule, **own_name(row.grade, row.event)}
        records.append(Said("grade.ask", row.person.code, after, None, reason or None))
    record_many(competition, by, records)


def drop_asked_approval(competition: Competition, first: int, by: Account) -> int:
    """Take back what one person asked to be approved; return of how many.

    By whoever asked, and by whoever may be the second: all or none.
    """
    with changing(competition) as competition:
        if by.id != first:
            approval_word(competition, first).require(by)
        rows = [
            row
            for row in grade_decisions_of(competition, GradeState.PROPOSED)
            if row.asked_by == first
        ]
        _drop(competition, rows, by)
    return len(rows)


def drop_asked_of_two(competition: Competition, by: Account) -> None:
    """Take back all that waits for a second person, where one approves; inside a unit of work."""
    if two_approve(competition):
        return
    rows = grade_decisions_of(competition, GradeState.PROPOSED)
    _drop(competition, [row for row in rows if row.asked_by is not None], by)


def _drop(competition: Competition, rows: Sequence[GradeDecision], by: Account) -> None:
    records = []
    for row in rows:
        row.asked_by, row.asked_at, row.decision_reason = None, None, None
        records.append(Said("grade.drop_ask", row.person.code, {"grade": row.grade}))
    record_many(competition, by, records)


def approval_word(competition: Competition, first: int | None) -> SecondWord:
    """The conditions of approving grades beside who asked for it."""
    return SecondWord(
        competition,
        first,
        own=msg("这是你提出批准的，请另一位来同意"),
        linked=is_linked("grade"),
    )


def why_not_approved(competition: Competition) -> dict[str, Message]:
    """The people proposed who must not be approved, by code, with why.

    Nobody gets two grades, or one that their review forbids (`barred_grades`), and none is given
    before the notice has ended (`why_notice_first`), or while the conditions of application are
    not confirmed.
    """
    rows = grade_decisions_of(competition, GradeState.PROPOSED)
    waiting = _not_confirmed(rows) | why_notice_first(competition)
    return barred_among(rows) | {
        row.person.code: waiting[row.event_id] for row in rows if row.event_id in waiting
    }


def barred_among(rows: Sequence[GradeDecision]) -> dict[str, Message]:
    """Those who must not get the grade, by code: another grade, or their review, says no."""
    reasons = [*barred_grades(rows), *_second_grades(rows)]
    return {row.person.code: why for row, why in reasons}


def _not_confirmed(rows: Iterable[GradeDecision]) -> dict[int, Message]:
    """The reasons, by event, why nothing that rests on its conditions is approved."""
    events = {row.event_id: row.event for row in rows}
    return {
        number: why
        for number, event in events.items()
        if (why := why_not_confirmed(rules_of(event)))
    }


def _second_grades(rows: Sequence[GradeDecision]) -> Iterator[tuple[GradeDecision, Message]]:
    """Find grades that would be a second one: on another ground, or under another listed number."""
    claimed = {
        (entrant, member): state
        for entrant, member, state in db.session.execute(
            select(GradeClaim.entrant_id, GradeClaim.member_id, GradeClaim.state).where(
                GradeClaim.entrant_id.in_([row.entrant_id for row in rows]),
                GradeClaim.state.in_(ClaimState.unfinished()),
            )
        ).tuples()
    }
    keys = {key for row in rows if (key := row.person.id_hash) is not None}
    known = grades_of_people(keys, approved=True)
    under_way = _claimed_by_examinees(rows[0].event, keys) if rows else {}
    # Whoever stands in two events of these gets it in the first.
    also: defaultdict[str, list[HeldGrade]] = defaultdict(list)
    for row in rows:
        why = _why_second(row, claimed.get((row.entrant_id, row.member_id)), known, under_way)
        why = why or _why_again(row, also)
        if why is not None:
            yield row, why
        elif (key := row.person.id_hash) is not None and (
            what := approved_grade(row, row.event.competition)
        ):
            also[key].append(what)


def _why_second(
    row: GradeDecision,
    claim: ClaimState | None,
    known: Mapping[str, Sequence[HeldGrade]],
    under_way: Mapping[str, Sequence[tuple[str, str, str | None]]],
) -> Message | None:
    name = row.person.name
    asked = msg("%(names)s 已经按别的依据提出认定，先在“等级认定”里办完", names=name)
    if claim in (ClaimState.APPROVED, ClaimState.ISSUED):
        return msg("%(name)s 已经按别的依据认定了等级，这里写明理由不批准", name=name)
    if claim is not None:
        return asked
    occupation, key = rules_of(row.event).occupation, row.person.id_hash
    if occupation is None or key is None:
        return None
    for code, claimed, track in under_way.get(key, ()):
        if track == occupation.track and same_occupation(
            code, claimed, occupation.code, occupation.name
        ):
            return asked
    return _why_again(row, known)


def _why_again(row: GradeDecision, known: Mapping[str, Sequence[HeldGrade]]) -> Message | None:
    """Name the grade that somebody has otherwise and that is as high in the same occupation."""
    occupation, key = rules_of(row.event).occupation, row.person.id_hash
    if occupation is None or key is None:
        return None
    for grade in known.get(key, ()):
        if grade.entrant != row.entrant_id and grade.covers(occupation, row.grade):
            return grade.why_not(row.person.name)
    return None


def check_not_barred(rows: Sequence[GradeDecision]) -> None:
    """Raise `Refused` for the first to whom a valid certificate but the own gives it already, or
    who may not get it any more.

    Inside a unit of work, of what is being certified: an approval of long ago may be the second.
    """
    claim_grades()
    for _row, forbidden in barred_grades(rows):
        raise Refused(msg("%(why)s；先写明理由不批准，再发其余的", why=forbidden))
    known = grades_of_people({key for row in rows if (key := row.person.id_hash) is not None})
    for row in rows:
        why = _why_again(row, known)
        if why is not None:
            raise Refused(msg("%(why)s；先写明理由不批准，再发其余的", why=why))


def _claimed_by_examinees(
    event: Event, keys: Collection[str]
) -> dict[str, list[tuple[str, str, str | None]]]:
    """The occupations in which grades are under way for the competition's examinees, by number."""
    query = (
        select(Examinee.id_hash, GradeClaim.occupation)
        .join(GradeClaim, GradeClaim.examinee_id == Examinee.id)
        .where(
            Examinee.competition_id == event.competition_id,
            GradeClaim.state.in_(ClaimState.unfinished()),
        )
    )
    claimed: dict[str, list[tuple[str, str, str | None]]] = {}
    for key, occupation in db.session.execute(query).tuples():
        if key in keys and occupation is not None:
            claimed.setdefault(key, []).append(
                (occupation["code"], occupation["name"], occupation["track"])
            )
    return claimed


def grade_decision_on(entrant: Entrant, member: str | None = None) -> GradeDecision | None:
    """The decision on an entrant, or on the crew's member of that code, in its event, or None."""
    return db.session.scalar(
        select(GradeDecision)
        .outerjoin(Member, Member.id == GradeDecision.member_id)
        .where(
            GradeDecision.event_id == entrant.event_id,
            GradeDecision.entrant_id == entrant.id,
            Member.code.is_not_distinct_from(member),
        )
    )


def codes_in_state(competition: Competition, state: GradeState) -> Select[tuple[str]]:
    """Select the codes of people whose grades are in a state; of a crew each member's."""
    return (
        select(func.coalesce(Member.code, Entrant.code))
        .select_from(GradeDecision)
        .join(Entrant, Entrant.id == GradeDecision.entrant_id)
        .outerjoin(Member, Member.id == GradeDecision.member_id)
        .where(Entrant.competition_id == competition.id, GradeDecision.state == state)
    )


def proposed_codes(
    competition: Competition,
    most: int | None = None,
    *,
    checked: bool = True,
    first: int | None = None,
    until: datetime | None = None,
) -> list[str]:
    """List whose grades are proposed and not decided yet; at most so many, in proposals' order.

    Without `checked` none of those whose present grade wants a look first (`wants_a_look`). Those
    of whom nobody has asked yet that they be approved; with `first` those of whom that person has,
    `until` then where it is given.
    """
    query = codes_in_state(competition, GradeState.PROPOSED).order_by(GradeDecision.id).limit(most)
    query = query.where(GradeDecision.asked_by.is_not_distinct_from(first))
    if until is not None:
        query = query.where(GradeDecision.asked_at <= until)
    if not checked:
        query = query.where(~_WANTS_A_LOOK)
    return list(db.session.scalars(query))


def steps_up(present: int | None, grade: int) -> int:
    """The steps from the present grade up to a proposed one; no grade counts as the sixth."""
    return (present or 6) - grade


def wants_a_look(present: int | None, grade: int) -> bool:
    """True if the present grade is looked up before this one is approved.

    It is not written down, or the person would rise several grades at once.
    """
    return present is None or steps_up(present, grade) > 1


_WANTS_A_LOOK = or_(
    GradeDecision.present_grade.is_(None), GradeDecision.present_grade - GradeDecision.grade > 1
)


def grade_decisions_of(
    competition: Competition,
    state: GradeState | None = None,
    *,
    numbers: Collection[int] | None = None,
) -> list[GradeDecision]:
    """The decisions of the competition, of one state or of these rows alone where it is given.

    By event, then the rank on which each was decided, then number.
    """
    query = (
        select(GradeDecision)
        .join(GradeDecision.entrant)
        .where(Entrant.competition_id == competition.id)
        .options(
            contains_eager(GradeDecision.entrant).joinedload(Entrant.unit),
            joinedload(GradeDecision.member),
        )
        .order_by(GradeDecision.event_id, GradeDecision.rank, Entrant.code, GradeDecision.id)
    )
    if state is not None:
        query = query.where(GradeDecision.state == state)
    if numbers is not None:
        query = query.where(GradeDecision.id.in_(numbers))
    return list(db.session.scalars(query))


def count_to_approve(competition: Competition) -> int:
    """Count the grades that can be approved now and of which nobody has asked that yet."""
    if competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return 0
    query = (
        select(func.count())
        .select_from(GradeDecision)
        .join(Event, Event.id == GradeDecision.event_id)
        .where(
            Event.competition_id == competition.id,
            GradeDecision.state == GradeState.PROPOSED,
            GradeDecision.asked_by.is_(None),
            GradeDecision.event_id.not_in(why_notice_first(competition)),
        )
    )
    return db.session.scalar(query) or 0
