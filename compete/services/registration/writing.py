"""Writing a registration: all good rows of an upload, or one person, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from compete.domain.bundle.crews import crew_role
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Entrant, ImportBatch, Member, Team, Unit, db
from compete.services.directory.person_records import connect_people
from compete.services.kernel import audit
from compete.services.kernel.audit import record_many
from compete.services.kernel.numbering import add_numbered
from compete.services.kernel.pinyin import name_key
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.sealed_inserts import insert_new
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.applications import FIELDS
from compete.services.registration.badges import new_badge
from compete.services.registration.consents import OWN, consent_of
from compete.services.registration.corrections import WrongFieldsError, import_wants_reason
from compete.services.registration.earlier_sittings import set_resits
from compete.services.registration.entrant_lookup import entrants_by_code, numbers_of
from compete.services.registration.exemptions import still_unfit, write_exemptions
from compete.services.registration.known_layouts import count_upload_rows, require_waiting
from compete.services.registration.people_seals import newest_seal, seal_people
from compete.services.registration.preview import (
    check_registration_open,
    id_key,
    plan_mark,
    plan_rows,
)
from compete.services.registration.waiting_list import Places, plan_with_places
from compete.services.schedule.allocation import make_sheets
from compete.services.schedule.slots import place_entrants
from compete.services.sheets.blind_codes import draw_blind_codes
from compete.sheets.registration.columns import STORED
from compete.sheets.registration.people import Registration
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.table import RawRow

NO_REASON = msg("表里改了已经报名的人的姓名，或者评分开始以后的单位、组别、等级：要写原因")
_MANY = 50
"""So many rows are written by statements, and the mapper knows nothing of who is new."""
_PART = 100
"""So many rows are written at once: under the quarter of a second that a mark may wait."""


def write_plan(
    batch_id: int,
    seen: str,
    by: Account,
    *,
    exempted_for: str | None = None,
    changed_for: str = "",
) -> RegistrationPlan:
    """Write all good rows of an upload; the others wait to be put right.

    Few are written in one transaction; of more each part in its own, so that nobody's mark waits
    long. Where a part cannot be written, or the process ends, what was written stays, the upload
    waits, and looked at again it holds the rest. Crews are written at once.

    `exempted_for` is a reason for which those are taken, too, who do not meet a condition of
    entry, and by which the conditions are waived for them; `changed_for` one for what changes
    of people and wants a reason by `wants_reason`, or it is refused (INVALID).

    `seen` is the mark of the plan that the organiser was shown; when somebody
    changed the list meanwhile and the plan is another now, nothing is written
    and the preview is to be looked at again.
    """
    batch = db.session.get_one(ImportBatch, batch_id)
    reason = reason_text(exempted_for or "")
    if exempted_for is not None and not reason:
        raise invalid(msg("特准要写原因"))
    # Planned outside the lock: that takes the longer the more there are.
    mark = newest_seal(batch.competition)
    plan = _plan_as_seen(batch, seen, lenient=bool(reason))
    why = reason_text(changed_for) or reason
    if not why and import_wants_reason(batch.competition, plan.rows):
        raise invalid(NO_REASON)
    parts = _parts_of(plan)
    done = 0
    for place, part in enumerate(parts, start=1):
        with changing(batch.competition, batch) as competition:
            check_registration_open(competition)
            require_waiting(batch)
            if len(parts) == 1:
                # Few: planned anew where nobody else can write.
                part = plan = _plan_as_seen(batch, seen, lenient=bool(reason))
                if not why and import_wants_reason(competition, plan.rows):
                    raise invalid(NO_REASON)
            elif newest_seal(competition) != mark:
                raise _changed_meanwhile(done)
            count_upload_rows(batch, part, ends=place == len(parts) and not plan.refused)
            write_rows(competition, part, by)
            if reason:
                grant_exemptions(competition, part, reason, by)
            record_import(competition, part, batch.filename, by, why)
            mark = newest_seal(competition)
        done += len(part.to_write)
    return plan


def _plan_as_seen(batch: ImportBatch, seen: str, *, lenient: bool) -> RegistrationPlan:
    """The plan, if it is what was shown; `lenient`: with those who do not meet a condition."""
    plan = plan_with_places(batch)
    if plan_mark(plan) != seen:
        raise _changed_meanwhile(0)
    return plan_with_places(batch, lenient=True) if lenient else plan


def _changed_meanwhile(done: int) -> Refused:
    if not done:
        return Refused(msg("名单刚被别人改过，请再核对一遍，这次没有写入"))
    return Refused(msg("名单刚被别人改过：写了 %(n)s 行，其余的没有写，再核对一遍，接着写", n=done))


def _parts_of(plan: RegistrationPlan) -> list[RegistrationPlan]:
    """The plan in parts, the units and teams that it makes with the first."""
    rows = plan.to_write
    crews = any(row.registration and row.registration.crew_code for row in rows)
    if crews or len(rows) <= _PART:
        return [plan]
    first, *others = (
        replace(plan, rows=rows[begin : begin + _PART]) for begin in range(0, len(rows), _PART)
    )
    return [first, *(replace(part, new_units=(), new_teams=()) for part in others)]


def record_import(
    competition: Competition, plan: RegistrationPlan, filename: str, by: Account, why: str
) -> None:
    """Record which rows of an upload were written, and why people change; in a unit of work."""
    codes = sorted({row.registration.entrant_code for row in plan.to_write if row.registration})
    people = seal_people(competition, numbers_of(competition, codes))
    after = {**plan.counts_for_record, "codes": codes, "people": people}
    audit.record(competition, by, "entrants.import", filename, after=after, reason=why or None)


def grant_exemptions(
    competition: Competition, plan: RegistrationPlan, reason: str, by: Account
) -> None:
    """Waive for those who were taken all the same what they do not meet."""
    codes = {
        row.registration.entrant_code for row in plan.to_write if row.unfit and row.registration
    }
    people = entrants_by_code(competition, codes)
    for unfit in still_unfit(competition, list(people.values())):
        write_exemptions(competition, unfit.holder, unfit.findings, reason, by)


def write_rows(
    competition: Competition,
    plan: RegistrationPlan,
    by: Account,
    *,
    source: str = "import",
    own: Collection[str] = (),
) -> list[Entrant]:
    """Write a plan's good rows, with the units and teams that they make; those who are new.

    Inside a unit of work. Everybody new gets a place and, once judging has begun, sheets; whoever
    tries an evaluation again is noted as doing so.
    `source` is where consents come from, a key of `SOURCE_WORDS`; `own` has the numbers of those
    who said it themselves.
    """
    _make_units(competition, plan)
    _make_teams(competition, plan)
    judging = competition.state is CompetitionState.JUDGING
    crews = any(row.registration and row.registration.crew_code for row in plan.to_write)
    many = len(plan.to_write) >= _MANY and not crews and not judging
    added, changed, consented = _write_rows(competition, plan, past_session=many)
    resits = set_resits(competition, added)
    connect_people(competition, by, changed, () if crews else added, past_session=many)
    record_many(competition, by, resits)
    if consented:
        db.session.flush()
    consents = [
        consent_of(
            competition, holder, given, *((OWN, None) if holder.code in own else (source, by))
        )
        for holder, given in consented
    ]
    if many:
        insert_new(competition, consents)
    else:
        db.session.add_all(consents)
    if placed := place_entrants(competition, added):
        audit.record(competition, by, "entrants.plan", competition.code, after={"places": placed})
    if judging:
        make_late_sheets(competition, added, by)
    return added


def make_late_sheets(competition: Competition, added: Sequence[Entrant], by: Account) -> None:
    """Make blind codes where needed, and sheets, for who comes while others are being judged."""
    for event in competition.events:
        late = [entrant for entrant in added if entrant.event_id == event.id]
        if late and event.blind:
            draw_blind_codes(event, by)
        make_sheets(event, by, late)


def _make_units(competition: Competition, plan: RegistrationPlan) -> None:
    units = {unit.code: unit for unit in competition.units}
    for new in plan.new_units:
        unit = Unit(
            competition_id=competition.id,
            code=new.code,
            name=new.name,
            extra={"credit_code": new.credit_code} if new.credit_code else None,
        )
        units[new.code] = unit
        db.session.add(unit)
    db.session.flush()
    for new in plan.new_units:
        if new.parent:
            units[new.code].parent_id = units[new.parent].id
    db.session.flush()
    db.session.refresh(competition, ["units"])


def _make_teams(competition: Competition, plan: RegistrationPlan) -> None:
    events = {event.code: event.id for event in competition.events}
    units = {unit.code: unit.id for unit in competition.units}
    for new in plan.new_teams:
        db.session.add(
            Team(
                competition_id=competition.id,
                event_id=events[new.event],
                unit_id=units[new.unit],
                code=new.code,
                name=new.name,
            )
        )
    db.session.flush()


def _write_rows(
    competition: Competition, plan: RegistrationPlan, *, past_session: bool
) -> tuple[list[Entrant], list[Entrant | Member], list[tuple[Entrant | Member, bool]]]:
    """Write the rows: those added, those changed, and who says what of the whole name.

    Who joins a crew is neither added nor changed.
    """
    events = {event.code: event.id for event in competition.events}
    units = {unit.code: unit.id for unit in competition.units}
    teams = {
        team.code: team.id
        for team in db.session.scalars(select(Team).where(Team.competition_id == competition.id))
    }
    wanted = {row.existing.code for row in plan.to_write if row.existing}
    crews = {row.registration.crew_code for row in plan.to_write if row.registration}
    wanted |= {code for code in crews if code}
    known = entrants_by_code(competition, wanted, with_members=True)
    members = {member.code: member for row in known.values() for member in row.members}
    added: list[Entrant] = []
    changed: list[Entrant | Member] = []
    consents: list[tuple[Entrant | Member, bool]] = []
    for row in plan.to_write:
        data = row.registration
        assert data is not None
        if data.crew_code is not None:
            crew = known.get(data.crew_code)
            if crew is None:
                crew = known[data.crew_code] = _new_crew(competition, data)
                crew.event_id, crew.unit_id = events[data.event], units[data.unit]
                crew.team_id = teams[data.team] if data.team else None
                db.session.add(crew)
                added.append(crew)
            member = members.get(row.existing.code) if row.existing else None
            if member is not None:
                changed.append(member)
            member = member or _new_member(crew)
            _fill_member(member, crew, data)
            if _says_other(row, data):
                consents.append((member, bool(data.consent)))
            continue
        entrant, is_new = _entrant_for(competition, row, known)
        _fill(entrant, data)
        entrant.event_id, entrant.unit_id = events[data.event], units[data.unit]
        entrant.team_id = teams[data.team] if data.team else None
        if is_new and not past_session:
            db.session.add(entrant)
        (added if is_new else changed).append(entrant)
        if _says_other(row, data):
            consents.append((entrant, bool(data.consent)))
    if not past_session:
        add_numbered(added)
    return added, changed, consents


def _says_other(row: PlannedRow, data: Registration) -> bool:
    before = row.existing.consent if row.existing else None
    return data.consent is not None and data.consent != before


def _entrant_for(
    competition: Competition, row: PlannedRow, known: dict[str, Entrant]
) -> tuple[Entrant, bool]:
    if row.existing is not None:
        return known[row.existing.code], False
    token, hashed = new_badge()
    return Entrant(competition_id=competition.id, badge_token=token, badge_hash=hashed), True


def _fill(entrant: Entrant, data: Registration) -> None:
    entrant.name_key = name_key(data.name)
    entrant.group = data.group
    _fill_person(entrant, data)


def _new_crew(competition: Competition, data: Registration) -> Entrant:
    """A crew of nobody yet; of the personal columns it bears the group alone."""
    assert data.crew
    token, hashed = new_badge()
    return Entrant(
        competition_id=competition.id,
        code=data.crew_code,
        name=data.crew,
        name_key=name_key(data.crew),
        group=data.group,
        badge_token=token,
        badge_hash=hashed,
    )


def _new_member(crew: Entrant) -> Member:
    member = Member(competition_id=crew.competition_id, position=len(crew.members))
    crew.members.append(member)
    return member


def _fill_member(member: Member, crew: Entrant, data: Registration) -> None:
    if data.role is not None and data.role is not crew_role(member.role, member.position):
        member.role = data.role.value
    member.group = data.group if data.group != crew.group else None
    _fill_person(member, data)


def _fill_person(holder: Entrant | Member, data: Registration) -> None:
    holder.code, holder.name = data.code, data.name
    if data.id_number is not None:
        holder.id_type, holder.id_number = data.paper.value, data.id_number
        holder.id_hash = id_key(data.paper, data.id_number)
    for key in STORED:
        setattr(holder, key, getattr(data, key))


ADD_FIELDS = ("unit", *FIELDS, "code")
"""Columns of the workbook that the organiser fills in; what is left empty is as it is there."""


class UnfitPersonError(WrongFieldsError):
    """A refusal of somebody who is only taken for a reason, as the event asks something else."""


def add_person(
    competition: Competition, typed: Mapping[str, str], by: Account, *, exempted_for: str = ""
) -> Entrant:
    """Put one person on the list; the entrant, or the crew that the person came into.

    `typed` has the workbook's fields by the keys in `ADD_FIELDS`; unit and event by code or
    name. Raises `UnfitPersonError` where a condition of entry is not met and there is no
    reason `exempted_for` which to waive it, `WrongFieldsError` for what is missing or wrong
    and for who is on the list already, `Refused` (CONFLICT) once marks are locked.
    """
    cells = {key: typed[key].strip() for key in ADD_FIELDS if typed.get(key, "").strip()}
    reason = reason_text(exempted_for)
    with changing(competition) as competition:
        check_registration_open(competition)
        plan = plan_rows(competition, (RawRow(1, cells),), lenient=bool(reason))
        plan = replace(Places(competition).hold(plan), new_units=())
        _require_new(plan.rows[0])
        data = plan.rows[0].registration
        assert data is not None
        write_rows(competition, plan, by)
        code = data.entrant_code
        entrant = entrants_by_code(competition, {code})[code]
        if reason:
            grant_exemptions(competition, plan, reason, by)
        # Whoever comes into a crew may change what the crew's own row says.
        after = {"code": data.code, "people": seal_people(competition, [entrant.id])}
        audit.record(competition, by, "entrants.add", data.code, after=after)
    return entrant


def _require_new(row: PlannedRow) -> None:
    if row.status is RowStatus.REFUSED:
        problems: dict[str, Message] = {}
        for problem in row.problems:
            problems.setdefault(problem.column, problem.what)
        raise (UnfitPersonError if row.unfit else WrongFieldsError)(problems)
    if row.existing is not None:
        there = msg(
            "%(name)s已经在名单里，编号 %(code)s。要改，到本人的页上更正",
            name=row.existing.name,
            code=row.existing.code,
        )
        raise WrongFieldsError({"id_number": there})
