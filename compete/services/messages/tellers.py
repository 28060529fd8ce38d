"""Whom what happened is told: for each kind of messages the next slice, from a round's records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import msg
from compete.domain.values.roles import ARBITERS, Role
from compete.domain.values.states import ApplicationState, CertificateState, ConsequenceState
from compete.models import (
    Account,
    Appeal,
    Application,
    AuditEntry,
    Certificate,
    Competition,
    Consequence,
    Entrant,
    Judge,
    LabourDepartment,
    LabourReminder,
    Membership,
    Slot,
    db,
)
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.participants import takes_part
from compete.services.labour.deadlines import deadline_of
from compete.services.messages.people import (
    Somebody,
    accounts_in,
    contacts_in,
    day_and_time,
    desk_values,
    holders_of,
    judges_of,
    moment_text,
    people_after,
    people_of,
    public_values,
    to_accounts,
    to_groups,
    to_person,
)
from compete.services.outbox.channels import Channel, channels_here, is_phone
from compete.services.outbox.messages import AT_ONCE, Draft
from compete.services.outbox.rounds import Slice, tells_of
from compete.services.registration.applications import cells_of
from compete.services.schedule.slots import station_words

_RESULTS = {
    "published": msg("公布"),
    "corrected": msg("更正"),
    "final": msg("定"),
}
_DECIDED = {
    ApplicationState.ACCEPTED: msg("收下了"),
    ApplicationState.WAITING: msg("排在候补"),
    ApplicationState.RETURNED: msg("退回了，请改好再交"),
}


@tells_of("results")
def tell_results(competition: Competition, records: Sequence[AuditEntry], after: int) -> Slice:
    """Tell contestants, units and groups that results are out, were corrected or are final."""
    last = records[-1]
    number = (last.after or {}).get("version")
    if last.action != "results.publish":
        word, mark = "final", f"final {last.seq}"
    else:
        word = "published" if number == 1 else "corrected"
        mark = f"version {number}"
    values = public_values(competition) | {"what": str(_RESULTS[word])}
    people, next_after = people_after(competition, after, AT_ONCE)
    drafts = [it for person in people for it in to_person(person, values, mark)]
    if not after:
        drafts += to_accounts(contacts_in(competition), values, mark)
        drafts += to_groups(competition, values, mark)
    return drafts, next_after


@tells_of("schedule")
def tell_schedule(competition: Competition, records: Sequence[AuditEntry], after: int) -> Slice:
    """Tell whose session, station or time these records changed, while it is to come; and units."""
    values = public_values(competition)
    moved = _Moved(records)
    people, next_after = people_after(competition, after, AT_ONCE)
    drafts: list[Draft] = []
    for person in people:
        slot = first_slot(person)
        if slot is None or not moved.has(person.entrant):
            continue
        own = values | slot_values(person, slot)
        drafts += to_person(person, own, _slots_mark(person), "", slot.starts_at)
    if not after and (until := _last_start(competition)) is not None:
        last = max((row.seq for row in records), default=0)
        own = values | {"event": str(msg("各赛项"))}
        drafts += to_accounts(contacts_in(competition), own, f"records {last}", "", until)
    return drafts, next_after


def _last_start(competition: Competition) -> datetime | None:
    """When the last of a competition's slots begins; None where none has a time."""
    query = select(func.max(Slot.starts_at)).join(Entrant, Entrant.id == Slot.entrant_id)
    return db.session.scalar(query.where(Entrant.competition_id == competition.id, takes_part()))


class _Moved:
    """Whose places records of the schedule are about."""

    def __init__(self, records: Sequence[AuditEntry]) -> None:
        self.codes: set[tuple[str, str]] = set()
        self.events: set[str] = set()
        self.sessions: set[str] = set()
        self.everybody = False
        for row in records:
            content = row.after if isinstance(row.after, dict) else {}
            if "stations" in content:
                self.codes |= {(row.subject or "", code) for code in content["stations"]}
            elif "moved" in content:
                self.codes |= {(event, code) for event, code, *_times in content["moved"]}
            elif row.action == "draw.result":
                self.events.add((row.subject or "").partition("/")[0])
            elif row.action == "schedule.move_session":
                self.sessions.add(content["name"])
            else:
                self.everybody = True

    def has(self, entrant: Entrant) -> bool:
        """True if a record is about a contestant's place."""
        return (
            self.everybody
            or entrant.event.code in self.events
            or (entrant.event.code, entrant.code) in self.codes
            or any(it.session in self.sessions for it in entrant.slots)
        )


def first_slot(person: Somebody) -> Slot | None:
    """The first of a contestant's slots of which anything is settled."""
    settled = [it for it in person.entrant.slots if it.starts_at or it.session or it.station]
    timed = [it for it in settled if it.starts_at is not None]
    return next(iter(timed or settled), None)


def slot_values(person: Somebody, slot: Slot) -> dict[str, str]:
    """What a slot says in a message."""
    competition, at = person.entrant.competition, slot.check_in_at or slot.starts_at
    values = {"event": person.entrant.event.name, "place": competition.venue or ""}
    if at is not None:
        values |= day_and_time(at)
    elif slot.session:
        values["time"] = slot.session
    if slot.station:
        plain = slot.station.isdigit()
        values["station"] = (
            str(msg("%(n)s 号工位", n=slot.station)) if plain else station_words(slot)
        )
    return values


def _slots_mark(person: Somebody) -> str:
    """A mark of all that is settled of a contestant's slots."""
    return short_mark(
        [
            [
                *(it.stage, it.module, it.session, it.station),
                *(str(it.check_in_at), str(it.starts_at)),
                # Who was told of a place before there were seats is not told again.
                *([it.seat] if it.seat is not None else []),
            ]
            for it in person.entrant.slots
        ]
    )


@tells_of("registration")
def tell_registration(
    competition: Competition, records: Sequence[AuditEntry], _after: int
) -> Slice:
    """Tell who applied, and the units' contacts, what was decided."""
    numbers: list[str] = []
    for row in records:
        content = row.after if isinstance(row.after, dict) else {}
        numbers += [*content.get("accepted", {}), *content.get("people", ())]
    people = [it for it in dict.fromkeys(numbers) if isinstance(it, str)]
    start = min(_after, len(people))
    part = people[start : start + AT_ONCE]
    query = select(Application).where(
        Application.competition_id == competition.id, Application.public_id.in_(part)
    )
    rows = [
        row
        for row in db.session.scalars(query.options(selectinload(Application.event)))
        if row.state in _DECIDED
    ]
    drafts = [it for row in rows for it in _to_applicant(competition, row)]
    units = {row.unit_id for row in rows if row.unit_id is not None}
    values = public_values(competition) | {"what": str(msg("有了答复"))}
    marks = short_mark(sorted(f"{row.public_id} {row.version}" for row in rows))
    drafts += to_accounts(contacts_in(competition, units), values, marks)
    following = start + AT_ONCE
    return drafts, following if following < len(people) else None


def _to_applicant(competition: Competition, row: Application) -> Iterator[Draft]:
    phone = cells_of(row).get("phone", "").strip()
    if Channel.SMS not in channels_here() or not is_phone(phone):
        return
    values = public_values(competition) | {
        "name": row.name,
        "what": str(_DECIDED[row.state]),
        "event": row.event.name if row.event else "",
    }
    person = f"entrant {row.entrant_id}" if row.entrant_id else f"application {row.id}"
    yield Draft(person, Channel.SMS, phone, values, f"{row.state.value} {row.version}")


@tells_of("sheets")
def tell_sheets(competition: Competition, records: Sequence[AuditEntry], _after: int) -> Slice:
    """Tell a judge of a sheet that came back, the chief and the arbiters of an appeal; no mark."""
    drafts: list[Draft] = []
    values = desk_values(competition)
    for row in records:
        about = f"record {row.seq}"
        if row.action == "appeal.file":
            people = holders_of(competition, {Role.CHIEF, *ARBITERS})
            what = str(msg("被申诉，等答复"))
        else:
            code = (row.after or {}).get("judge")
            numbers = select(Judge.id).where(
                Judge.competition_id == competition.id, Judge.code == code
            )
            people = judges_of(competition, db.session.scalars(numbers).all())
            what = str(msg("退回了") if row.action == "sheet.return" else msg("要重评"))
        drafts += to_accounts(people, values | {"what": what}, about, about)
    return drafts, None


@tells_of("appeal")
def tell_appeal(competition: Competition, records: Sequence[AuditEntry], _after: int) -> Slice:
    """Tell who appealed that there is an answer."""
    numbers = [row.after["number"] for row in records if isinstance(row.after, dict)]
    query = select(Appeal).where(
        Appeal.competition_id == competition.id, Appeal.number.in_(numbers)
    )
    values = public_values(competition)
    drafts: list[Draft] = []
    for appeal in db.session.scalars(query.options(selectinload(Appeal.entrant))):
        about = f"appeal {appeal.number}"
        for person in people_of(appeal.entrant):
            drafts += to_person(person, values, appeal.state.value, about)
        if appeal.filer is not None:
            drafts += to_accounts([appeal.filer], values, appeal.state.value, about)
    return drafts, None


_A_MINUTE = timedelta(minutes=1)


@tells_of("certificate")
def tell_certificates(competition: Competition, records: Sequence[AuditEntry], after: int) -> Slice:
    """Tell whose certificate was issued, is under review or is void since these records."""
    since = records[0].at - _A_MINUTE
    under_review = select(Consequence.certificate_id).where(
        Consequence.competition_id == competition.id,
        Consequence.state.in_((ConsequenceState.OPEN, ConsequenceState.KEEPING)),
    )
    query = (
        select(Certificate)
        .where(
            Certificate.competition_id == competition.id,
            Certificate.id > after,
            or_(
                Certificate.issued_at >= since,
                Certificate.revoked_at >= since,
                Certificate.id.in_(under_review),
            ),
            Certificate.state != CertificateState.REPLACED,
        )
        .options(selectinload(Certificate.entrant), selectinload(Certificate.member))
        .order_by(Certificate.id)
        .limit(AT_ONCE)
    )
    rows = db.session.scalars(query).all()
    reviewed = set(db.session.scalars(under_review))
    drafts: list[Draft] = []
    for row in rows:
        entrant = row.member.entrant if row.member is not None else row.entrant
        if entrant is None:
            continue
        if row.state is CertificateState.REVOKED:
            what = msg("作废了")
        elif row.id in reviewed:
            what = msg("在核对，先别用")
        else:
            what = msg("好了")
        values = public_values(competition) | {"what": str(what)}
        whose = f"member {row.member_id}" if row.member_id is not None else None
        for person in people_of(entrant):
            if whose in (None, person.key):
                drafts += to_person(person, values, what.text, f"certificate {row.id}")
    return drafts, rows[-1].id if len(rows) == AT_ONCE else None


@tells_of("labour_missing")
def tell_reminded(competition: Competition, records: Sequence[AuditEntry], _after: int) -> Slice:
    """Tell departments and units what they lack, as somebody reminds them or sends it back."""
    drafts: list[Draft] = []
    for record in records:
        if record.action == "labour.sign.withdraw":
            drafts += _sent_back(competition, record)
            continue
        period = (record.after or {})["period"]
        query = select(LabourReminder).where(
            LabourReminder.competition_id == competition.id,
            LabourReminder.period == period,
            LabourReminder.made_at <= record.at,
            LabourReminder.made_at > record.at - _A_MINUTE,
        )
        rows = db.session.scalars(query).all()
        for row in rows:
            values = labour_values(competition, period, row.lacking)
            accounts = (
                department_accounts(competition, row.department_id)
                if row.department_id is not None
                else contacts_in(competition, [row.unit_id] if row.unit_id is not None else [])
            )
            drafts += to_accounts(accounts, values, f"record {record.seq}", period)
        if rows:
            values = labour_values(competition, period, sum(row.lacking for row in rows))
            drafts += to_groups(competition, values, f"record {record.seq}", period)
    return drafts, None


def _sent_back(competition: Competition, record: AuditEntry) -> Iterator[Draft]:
    period = (record.before or {})["period"]
    department = db.session.scalar(
        select(LabourDepartment).where(
            LabourDepartment.competition_id == competition.id,
            LabourDepartment.name == record.subject,
        )
    )
    if department is not None:
        values = labour_values(competition, period, len(department.indicators))
        values["what"] = str(msg("签核被退回"))
        accounts = department_accounts(competition, department.id)
        yield from to_accounts(accounts, values, f"record {record.seq}", period)


def department_accounts(competition: Competition, department: int) -> Sequence[Account]:
    """List who enters for a department."""
    return accounts_in(
        competition,
        Membership.department_id == department,
        Membership.role == Role.RECORDER,
    )


def labour_values(competition: Competition, period: str, count: int) -> dict[str, str]:
    """What a message on missing entries may say: which period, how many, until when."""
    deadline = deadline_of(competition, period)
    until = deadline.sign or deadline.own
    return desk_values(competition) | {
        "period": labour_of(competition).period_names.get(period, period),
        "count": str(count),
        "what": str(msg("还缺")),
        "until": moment_text(until) if until is not None else "",
    }


@tells_of("labour_out")
def tell_period(competition: Competition, records: Sequence[AuditEntry], _after: int) -> Slice:
    """Tell departments, units and groups that a period was closed or announced."""
    drafts: list[Draft] = []
    names = labour_of(competition).period_names
    people = [*contacts_in(competition), *holders_of(competition, {Role.RECORDER})]
    for record in records:
        content = record.after or {}
        if record.action == "labour.close":
            codes, what, mark = [content["period"]], msg("结账"), "closed"
        else:
            codes, what = content.get("periods") or list(names)[-1:], msg("公布")
            mark = f"version {content.get('version')}"
        for code in codes:
            values = public_values(competition)
            values |= {"period": names.get(code, code), "what": str(what)}
            drafts += to_accounts(people, values, mark, f"{mark} {code}"[:80])
            drafts += to_groups(competition, values, mark, f"{mark} {code}"[:80])
    return drafts, None
