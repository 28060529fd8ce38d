"""Agreements of mentors: made, corrected, visited, ended, withdrawn; many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from compete.domain.values.mentor_states import MentorOutcome, MentorshipState
from compete.domain.values.messages import msg
from compete.models import Account, MentorNote, Mentorship, Organisation, Person, db, utc_now
from compete.services.directory.merged import standing, with_merged
from compete.services.directory.person_records import name_key_of
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.fields import texts_of, with_values
from compete.services.kernel.refusal import FieldRefused, Refused, WrongFieldsError, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import unit_of_work
from compete.services.mentors.mentor_people import FoundPerson, Meant, Somebody, new_person
from compete.services.mentors.mentor_rights import is_seen_by
from compete.services.mentors.mentor_rules import rules_in_force
from compete.services.mentors.mentorship_fields import (
    PAIR_ROWS,
    EndFields,
    PairFields,
    TermFields,
    VisitFields,
    grade_number,
    term_of,
)
from compete.services.mentors.mentorship_rows import (
    CheckedPair,
    PairsAtOnce,
    mentor_of,
    plan_pairs,
    pupil_of,
    term_faults,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which agreements are looked for: words, a state, an organisation."""

    q: str = ""
    state: MentorshipState | None = None
    organisation: int | None = None


def find_mentorships(
    by: Account, wanted: Wanted, *, limit: int | None = None, offset: int = 0
) -> tuple[Sequence[Mentorship], int]:
    """A page of the agreements that the account sees and that fit, the newest first; how many."""
    query = _listed(by, wanted)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.options(
        joinedload(Mentorship.mentor),
        joinedload(Mentorship.pupil),
        joinedload(Mentorship.organisation),
    )
    page = page.order_by(Mentorship.starts.desc(), Mentorship.id.desc())
    return db.session.scalars(page.limit(limit).offset(offset)).all(), total


def _listed(by: Account, wanted: Wanted) -> Select[tuple[Mentorship]]:
    query = select(Mentorship).where(is_seen_by(by))
    if wanted.state is not None:
        query = query.where(Mentorship.state == wanted.state)
    if wanted.organisation is not None:
        own = with_merged(Organisation, [wanted.organisation])
        query = query.where(Mentorship.organisation_id.in_(own))
    if key := name_key_of(wanted.q):
        mentor, pupil = aliased(Person), aliased(Person)
        query = query.join(mentor, mentor.id == Mentorship.mentor_id)
        query = query.join(pupil, pupil.id == Mentorship.pupil_id)
        plain = wanted.q.strip()
        query = query.where(
            or_(
                mentor.name_key.contains(key, autoescape=True),
                pupil.name_key.contains(key, autoescape=True),
                Mentorship.occupation.contains(plain, autoescape=True),
                Mentorship.document.contains(plain, autoescape=True),
            )
        )
    return query


def organisations_with_pairs(by: Account) -> Sequence[Organisation]:
    """The organisations of the agreements that the account sees, by name."""
    query = select(Organisation).where(
        Organisation.id.in_(select(Mentorship.organisation_id).where(is_seen_by(by)))
    )
    rows = {row.id: row for row in map(standing, db.session.scalars(query))}
    return sorted(rows.values(), key=lambda row: (row.name_key, row.id))


def find_mentorship(number: int, by: Account) -> Mentorship | None:
    """The agreement of that number, for who may see it."""
    return db.session.scalar(select(Mentorship).where(Mentorship.id == number, is_seen_by(by)))


def notes_of(row: Mentorship) -> Sequence[MentorNote]:
    """The visits of an agreement, the newest first."""
    query = select(MentorNote).where(MentorNote.mentorship_id == row.id)
    return db.session.scalars(query.order_by(MentorNote.day.desc(), MentorNote.id.desc())).all()


def make_pair(fields: PairFields, by: Account) -> Mentorship:
    """Make an agreement. Raises `WrongFieldsError` for all that stands against it."""
    with unit_of_work() as session:
        audit.claim_chain(None)
        planned = PairsAtOnce([fields], by).plan(1, texts_of(fields), fields)
        if planned.known is not None:
            raise FieldRefused("starts", msg("这一对在这段时间里已经有协议"))
        if planned.faults or planned.checked is None:
            raise WrongFieldsError(planned.faults)
        (row,) = _written([planned.checked], by)
        session.flush()
        _record(row, by, "make", after=_facts(row))
    return row


def _written(pairs: Sequence[CheckedPair], by: Account) -> list[Mentorship]:
    """Add agreements with their people; inside a unit of work."""
    people: dict[Somebody, Person] = {}

    def person_of(meant: Meant, sought: FoundPerson) -> Person:
        if sought.person is not None:
            return sought.person
        if sought.who not in people:
            people[sought.who] = new_person(meant, sought)
        return people[sought.who]

    made = []
    for pair in pairs:
        fields = pair.fields
        row = Mentorship(
            organisation_id=pair.organisation.id,
            organisation=pair.organisation,
            mentor=person_of(mentor_of(fields), pair.mentor),
            pupil=person_of(pupil_of(fields), pair.pupil),
            mentor_unit=fields.mentor_unit,
            pupil_unit=fields.pupil_unit,
            made_by=by.id,
        )
        _put(row, fields)
        db.session.add(row)
        made.append(row)
    return made


def _put(row: Mentorship, fields: TermFields) -> None:
    for name in ("occupation", "starts", "until", "aims", "document", "why"):
        setattr(row, name, getattr(fields, name))
    row.mentor_grade = grade_number(fields.mentor_grade)
    row.target_grade = grade_number(fields.target_grade)


def correct_pair(row: Mentorship, fields: TermFields, by: Account) -> bool:
    """Correct an open agreement; whether anything is another now. Who the two are stays."""
    with unit_of_work():
        audit.claim_chain(None)
        row = _own(row, by)
        _require_open(row)
        before, after = texts_of(term_of(row)), texts_of(fields)
        names = [name for name, text in after.items() if before[name] != text]
        if not names:
            return False
        faults = term_faults(row, fields, rules_in_force(standing(row.organisation)).rules)
        if faults:
            raise WrongFieldsError(faults)
        _put(row, fields)
        db.session.flush()
        facts = {**_names(row), **{name: after[name] for name in names}}
        _record(row, by, "correct", before={name: before[name] for name in names}, after=facts)
    return True


def note_visit(row: Mentorship, fields: VisitFields, by: Account) -> MentorNote:
    """Write down a visit. Raises `FieldRefused` for a day on which the agreement did not run."""
    with unit_of_work() as session:
        audit.claim_chain(None)
        row = _own(row, by)
        if row.state is MentorshipState.WITHDRAWN:
            raise Refused(msg("这份协议已经撤回"))
        day = fields.day or min(local_today(), row.last_day)
        if not row.starts <= day <= min(local_today(), row.last_day):
            raise FieldRefused("day", msg("要在协议期里，不能晚于今天"))
        note = MentorNote(
            mentorship_id=row.id,
            by=fields.by,
            day=day,
            text=fields.text,
            hours=fields.hours,
            made_by=by.id,
        )
        session.add(note)
        session.flush()
        _record(row, by, "visit", after={**_names(row), **texts_of(with_values(fields, day=day))})
    return note


def withdraw_visit(row: Mentorship, number: int, reason: str, by: Account) -> None:
    """Withdraw a visit that was written down by mistake: it counts for nothing any more."""
    reason = reason_text(reason, msg("写为什么"))
    with unit_of_work():
        audit.claim_chain(None)
        row = _own(row, by)
        query = select(MentorNote).where(
            MentorNote.id == number, MentorNote.mentorship_id == row.id
        )
        note = db.session.scalar(query.execution_options(populate_existing=True))
        if note is None:
            raise invalid(msg("没有这次走访"))
        if note.ended_at is not None:
            raise Refused(msg("这次走访已经撤回"))
        note.ended_why, note.ended_by, note.ended_at = reason, by.id, utc_now()
        db.session.flush()
        facts = {**_names(row), "by": note.by, "day": note.day.isoformat(), "text": note.text}
        _record(row, by, "withdraw_visit", after=facts, reason=reason)


def end_pair(row: Mentorship, fields: EndFields, by: Account) -> None:
    """End an agreement with its outcome; a poor one, or an early end, wants a reason."""
    with unit_of_work():
        audit.claim_chain(None)
        row = _own(row, by)
        _require_open(row)
        today = local_today()
        day = fields.day or min(today, row.until)
        if day < row.starts or day > today:
            raise FieldRefused("day", msg("要在开始以后，不能晚于今天"))
        if day > row.until:
            raise FieldRefused("day", msg("不能晚于到期日期 %(day)s", day=str(row.until)))
        bad = fields.outcome in (MentorOutcome.FAIL, MentorOutcome.ENDED)
        why = reason_text(fields.reason, msg("写为什么") if bad else None)
        row.state, row.outcome = MentorshipState.ENDED, fields.outcome
        row.ended_on, row.ended_why = day, why
        row.ended_by, row.ended_at = by.id, utc_now()
        db.session.flush()
        facts = {**_names(row), "outcome": fields.outcome.value, "day": day.isoformat()}
        _record(row, by, "end", after=facts, reason=why or None)


def open_again(row: Mentorship, reason: str, by: Account) -> None:
    """Take an end back that was a mistake. Raises `Refused` where another agreement came since."""
    reason = reason_text(reason, msg("写为什么"))
    with unit_of_work():
        audit.claim_chain(None)
        row = _own(row, by)
        if row.state is not MentorshipState.ENDED:
            raise Refused(msg("这份协议没有结束"))
        fields = term_of(row)
        faults = term_faults(row, fields, rules_in_force(standing(row.organisation)).rules)
        if faults:
            raise Refused(next(iter(faults.values())))
        before = {"outcome": row.outcome.value if row.outcome else "", "day": str(row.ended_on)}
        row.state, row.outcome, row.ended_on, row.ended_why = MentorshipState.OPEN, None, None, ""
        row.ended_by, row.ended_at = None, None
        db.session.flush()
        _record(row, by, "reopen", before=before, after=_names(row), reason=reason)


def withdraw_pair(row: Mentorship, reason: str, by: Account) -> None:
    """Withdraw an agreement that was entered by mistake: it counts for nothing any more."""
    reason = reason_text(reason, msg("写为什么"))
    with unit_of_work():
        audit.claim_chain(None)
        row = _own(row, by)
        if row.state is MentorshipState.WITHDRAWN:
            raise Refused(msg("这份协议已经撤回"))
        row.state = MentorshipState.WITHDRAWN
        row.ended_why, row.ended_by, row.ended_at = reason, by.id, utc_now()
        db.session.flush()
        _record(row, by, "withdraw", after=_names(row), reason=reason)


def write_pairs(rows: Sequence[Mapping[str, str]], by: Account) -> tuple[int, int]:
    """Add what is new and correct what differs; how many of each. One wrong row, and nothing is
    written. What stands in none of the rows stays.
    """
    if len(rows) > PAIR_ROWS.most:
        raise invalid(msg("一次最多 %(most)s 行", most=PAIR_ROWS.most))
    with unit_of_work() as session:
        audit.claim_chain(None)
        planned = plan_pairs(list(enumerate(rows, 1)), by)
        if any(plan.faults for plan in planned):
            raise invalid(msg("有的行要改，一行都没有写"))
        fresh = [plan.checked for plan in planned if plan.state == "added" and plan.checked]
        changed = [plan for plan in planned if plan.state == "changed"]
        before = []
        for plan in changed:
            assert plan.known is not None
            assert plan.checked is not None
            before.append((plan.known, texts_of(term_of(plan.known))))
            _put(plan.known, plan.checked.fields)
        made = _written(fresh, by)
        session.flush()
        for row, was in before:
            now = texts_of(term_of(row))
            names = [name for name, text in now.items() if was[name] != text]
            facts = {**_names(row), **{name: now[name] for name in names}}
            _record(row, by, "correct", before={name: was[name] for name in names}, after=facts)
        for row in made:
            _record(row, by, "make", after=_facts(row))
    return len(made), len(before)


def _own(row: Mentorship, by: Account) -> Mentorship:
    """The row as it stands now, for who may keep it; inside a unit of work."""
    number = row.id
    query = select(Mentorship).where(Mentorship.id == number, is_seen_by(by))
    kept = db.session.scalar(query.execution_options(populate_existing=True))
    if kept is None:
        raise invalid(msg("没有这份协议"))
    return kept


def _require_open(row: Mentorship) -> None:
    if row.state is MentorshipState.ENDED:
        raise Refused(msg("这份协议已经结束，不能再改"))
    if row.state is MentorshipState.WITHDRAWN:
        raise Refused(msg("这份协议已经撤回"))


def _names(row: Mentorship) -> dict[str, str]:
    return {"mentor": row.mentor.name, "pupil": row.pupil.name}


def _facts(row: Mentorship) -> dict[str, str]:
    texts = texts_of(term_of(row))
    facts = {"organisation": row.organisation.name, **{key: it for key, it in texts.items() if it}}
    return {**_names(row), **facts}


def _record(
    row: Mentorship,
    by: Account,
    act: str,
    *,
    before: Any = None,
    after: Any = None,
    reason: str | None = None,
) -> None:
    audit.record(
        None, by, f"mentorship.{act}", str(row.id), before=before, after=after, reason=reason
    )
