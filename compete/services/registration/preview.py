"""Registration by workbook: what is offered, what an upload would do, writing it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, delete, func, select
from sqlalchemy.orm import selectinload

from compete.domain.bundle.crews import crew_role
from compete.domain.bundle.evaluation_types import ApplyWhen
from compete.domain.bundle.grade_types import When
from compete.domain.eligibility import Conditions
from compete.domain.identity.names import made_up_note
from compete.domain.identity.papers import Paper
from compete.domain.kinds.kinds import competition_kind
from compete.domain.registration_columns import EntryField
from compete.domain.scoring.event_scorer import grade_rules_of
from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.states import CompetitionState, ImportState
from compete.models import (
    Account,
    Competition,
    Entrant,
    Event,
    ImportBatch,
    ImportRow,
    Member,
    Team,
    Unit,
    db,
)
from compete.models.types import keyed_hash
from compete.services.directory.issued_here import IssuedHere
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import asked_fields
from compete.services.kernel.event_rules import ladder_of, rules_of
from compete.services.kernel.participants import withdrawn_codes
from compete.services.kernel.pinyin import search_keys
from compete.services.kernel.prefix_search import begins
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.registration.consents import NOTHING_SAID, Said, newest_words
from compete.services.registration.earlier_sittings import failed_codes, tried_in
from compete.services.registration.eligibility import conditions_of, day_of, unnumbered_events
from compete.services.registration.known_layouts import (
    add_upload,
    columns_read_before,
    content_of,
    drop_old_uploads,
    end_upload,
    event_names,
    people_in,
    require_waiting,
    unit_names,
)
from compete.sheets.reading.answers import Answers
from compete.sheets.reading.kinds import Kind as ListKind
from compete.sheets.registration.columns import STORED
from compete.sheets.registration.draft import check_fields
from compete.sheets.registration.people import (
    KnownEntrant,
    KnownPeople,
    OfferedEvent,
    OfferedTeam,
    OfferedUnit,
    RegistrationOffer,
)
from compete.sheets.registration.plan import RegistrationPlan
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.reading import read_registration
from compete.sheets.registration.table import RawRow, RawSheet, RawTable
from compete.sheets.texts import as_typed
from compete.sheets.workbook.opened import check_upload

LARGE_UPLOAD = 200_000
"""So many bytes take longer to read and to check than somebody should wait for a page."""


def offer_of(competition: Competition) -> RegistrationOffer:
    """The choices that the registration workbook offers."""
    events = {event.id: event.code for event in competition.events}
    units = {unit.id: unit.code for unit in competition.units}
    conditions = conditions_of(competition)
    teams = db.session.scalars(
        select(Team).where(Team.competition_id == competition.id).order_by(Team.id)
    )
    return RegistrationOffer(
        competition=competition.name,
        events=[
            OfferedEvent(
                event.code,
                event.name,
                code_prefix=_prefix(event),
                conditions=conditions.get(event.code),
                ladder=ladder_of(event),
                tried=tried_in(event) if competition_kind(competition).has_sittings else None,
                needed=needed_columns(event, conditions.get(event.code)),
            )
            for event in competition.events
        ],
        units=[OfferedUnit(unit.code, unit.name) for unit in competition.units],
        teams=[
            OfferedTeam(team.code, team.name, events[team.event_id], units[team.unit_id])
            for team in teams
        ],
        day=day_of(competition),
        kind=competition.kind,
        issued=IssuedHere(competition, id_key)
        if competition_kind(competition).has_conditions
        else None,
        left_out=left_out_in(competition),
    )


def desk_offer(competition: Competition) -> RegistrationOffer:
    """The same for the desk, which may enter people without a number where none is needed."""
    offer, taken = offer_of(competition), unnumbered_events(competition)
    events = [replace(event, unnumbered=event.code in taken) for event in offer.events]
    return replace(offer, events=events)


def needed_columns(event: Event, asked: Conditions | None) -> frozenset[str]:
    """The columns in which an empty cell would meet a condition that a written one might not."""
    rules = rules_of(event)
    grade_rules = grade_rules_of(rules)
    whens: list[When | ApplyWhen] = [rule.when for rule in grade_rules]
    whens += [line.when for line in rules.apply]
    conditions = asked or Conditions()
    needs = {
        "grade": rules.grade is not None
        or any(when.holds is not None and when.holds.at_most is not None for when in whens),
        "group": bool(conditions.groups) or any(when.groups for when in whens),
        "promoted": conditions.not_promoted or any(rule.when.once_a_year for rule in grade_rules),
    }
    return frozenset(column for column, needed in needs.items() if needed)


def left_out_in(competition: Competition) -> frozenset[str]:
    """The columns that a competition does not ask for."""
    unasked = frozenset[str](EntryField) - frozenset(asked_fields(competition))
    return unasked | competition_kind(competition).unasked_columns


def keep_upload(
    competition: Competition, filename: str, content: bytes, by: Account
) -> ImportBatch:
    """Keep an upload until the organiser says write or not; nothing else is written.

    Raises `WorkbookError` for a file that cannot be read as a registration; of a `large` one
    the job says it that looks through it.
    """
    check_registration_open(competition)
    large = len(content) >= LARGE_UPLOAD
    read: tuple[str | None, str | None] = None, None
    if large:
        check_upload(content)
    else:
        read = columns_read_before(content, competition)
    with unit_of_work():
        drop_old_uploads(competition)
        batch = add_upload(competition, filename, content, by, read, large=large)
        audit.record(competition, by, "entrants.upload", batch.filename, after={"id": batch.id})
    return batch


def check_registration_open(competition: Competition) -> None:
    """Raise `Refused` when nobody can be registered any more."""
    if not competition.events:
        raise Refused(msg("还没有赛项，先在“赛项和规则”里加"))
    if competition.state not in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        raise Refused(msg("评分已经锁定，不能再报名"))


def plan_of(batch: ImportBatch, *, lenient: bool = False) -> RegistrationPlan:
    """Plan what the upload would do to the competition as it stands now.

    `lenient`: who does not meet a condition of entry is taken all the same.
    """
    require_waiting(batch)
    competition = batch.competition
    return plan_registration(
        table_of_upload(batch),
        desk_offer(competition),
        known_people(competition),
        today=local_today(),
        name_note=rare_name_note,
        lenient=lenient,
    )


_MOST_NAMED = 10


def absent_told(plan: RegistrationPlan) -> list[Message]:
    """Name those who are registered and not in the file."""
    if not plan.absent:
        return []
    names = [it.name for it in plan.absent]
    shown = some_of(names, _MOST_NAMED)
    return [msg("名单里有 %(n)s 人不在这份表里，不动他们：%(names)s", n=len(names), names=shown)]


def plan_mark(plan: RegistrationPlan) -> str:
    """The mark of a plan: who would be added and what would change, 16 hex digits."""
    rows = [
        (
            row.number,
            row.status.value,
            row.existing.code if row.existing else None,
            row.registration.code if row.registration else None,
            [(change.column, str(change.old), str(change.new)) for change in row.changes],
        )
        for row in plan.rows
    ]
    made = [(unit.code, unit.name) for unit in plan.new_units]
    teams = [(team.code, team.name) for team in plan.new_teams]
    return short_mark([rows, made, teams])


def discard_upload(batch_id: int, by: Account) -> None:
    """Drop an upload of the desk or a unit; nothing of it was or will be written."""
    batch = db.session.get_one(ImportBatch, batch_id)
    with changing(batch.competition, batch) as competition:
        end_upload(batch, ImportState.DISCARDED)
        db.session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
        kind = "entrants" if batch.unit_id is None else "application"
        audit.record(competition, by, f"{kind}.discard", batch.filename)


def find_batch(competition: Competition, batch_id: int) -> ImportBatch | None:
    """An upload of this competition that the desk made, or None."""
    batch = db.session.get(ImportBatch, batch_id)
    own = batch is not None and batch.competition_id == competition.id and batch.unit_id is None
    return batch if own else None


def rare_name_note(name: str) -> Message | None:
    """A remark on a name that the fonts of printed documents cannot write, or may doubt."""
    from compete.documents.fonts import missing_glyphs

    if made_up_note(name) is not None:
        return None  # the row says it already, and what to do
    missing = missing_glyphs(name)
    if missing:
        return msg("证书字体里没有“%(glyphs)s”，打印前要加字体", glyphs="".join(missing))
    if any(ord(character) > 0x9FFF or 0x3400 <= ord(character) < 0x4E00 for character in name):
        return msg("姓名有生僻字，证书字体已确认有此字")
    return None


def id_key(paper: Paper, number: str) -> str:
    """The look-up key of an identity paper: a keyed hash, never the number."""
    return keyed_hash(id_text(paper, number))


def id_text(paper: str, number: str) -> str:
    """The text that an identity paper's look-up key is the hash of."""
    return number if paper == Paper.CITIZEN_ID else f"{paper}:{number}"


def table_of_upload(batch: ImportBatch) -> RawTable:
    """The cells of an upload as the answers say."""
    competition = batch.competition
    unit = db.session.get(Unit, batch.unit_id) if batch.unit_id is not None else None
    own = unit.name if unit is not None else ""
    names = event_names(competition), unit_names(competition), own
    return _table_of(batch.id, batch.made_at, batch.answers, *names, people_in(competition))


@lru_cache(maxsize=4)
def _table_of(
    batch_id: int,
    _made_at: datetime,
    answers: str | None,
    events: tuple[str, ...],
    units: tuple[str, ...],
    own: str,
    of: ListKind,
) -> RawTable:
    """The same; the instant tells databases apart."""
    content, given = content_of(batch_id), Answers.unpacked(answers)
    return read_registration(content, answers=given, events=events, units=units, own=own, of=of)


def known_people(
    competition: Competition,
    only: tuple[Collection[str], Collection[str]] | None = None,
    names: Collection[str] = (),
) -> KnownPeople:
    """The people registered already, as the checks of registration want them.

    `only` those of these look-up keys of ID numbers, these codes or these `names`, five hundred at
    most of each: who has no number is known by the name.
    """
    events = {event.id: event.code for event in competition.events}
    units = {unit.id: unit.code for unit in competition.units}
    teams: dict[int | None, str] = {
        team.id: team.code
        for team in db.session.scalars(select(Team).where(Team.competition_id == competition.id))
    }
    in_crews = select(Member.entrant_id).where(Member.competition_id == competition.id)
    people = select(*_KNOWN).where(Entrant.competition_id == competition.id)
    if only is not None:
        keys, codes = only
        spoken = {search_keys(name)[0] for name in names} - {""}
        # Statements in one, since each of them has an index of its own.
        people = people.where(Entrant.id.in_(_of(Entrant, competition, keys, codes, spoken)))
        in_crews = in_crews.where(Member.id.in_(_of(Member, competition, keys, codes, spoken)))
    consents = newest_words(competition.id, None if only is None else people, in_crews)
    crews = db.session.scalars(
        select(Entrant).where(Entrant.id.in_(in_crews)).options(selectinload(Entrant.members))
    ).all()
    of_crews = {crew.id for crew in crews}
    away, failed = withdrawn_codes(competition), failed_codes(competition)
    # Columns and not rows of the session: there may be a hundred thousand.
    rows = [
        known_person(
            row,
            events[row.event_id],
            units[row.unit_id],
            consents,
            team=teams.get(row.team_id),
            is_crew=row.id in of_crews,
            withdrawn=row.code in away,
            erased=row.erased_at is not None,
            failed=row.code in failed,
        )
        for row in db.session.execute(people.order_by(Entrant.id))
    ]
    return KnownPeople(
        id_key,
        rows
        + [
            known_person(
                member,
                events[crew.event_id],
                units[crew.unit_id],
                consents,
                crew=crew,
                withdrawn=crew.code in away,
            )
            for crew in crews
            for member in crew.members
        ],
        crews_closed=competition.state is not CompetitionState.REGISTERING,
    )


def _of(
    table: type[Entrant] | type[Member],
    competition: Competition,
    keys: Collection[str],
    codes: Collection[str],
    spoken: Collection[str],
) -> CompoundSelect[tuple[int]]:
    here = select(table.id).where(table.competition_id == competition.id)
    return (
        select(table.id)
        .where(table.id_hash.in_(keys))
        .union(here.where(table.code.in_(codes)), here.where(table.spoken.in_(spoken)))
    )


_KNOWN = (
    *(Entrant.id, Entrant.code, Entrant.name, Entrant.event_id, Entrant.unit_id),
    *(Entrant.team_id, Entrant.id_hash, Entrant.group.label("group"), Entrant.erased_at),
    *(getattr(Entrant, key) for key in STORED),
)


def known_person(
    person: Any,
    event: str,
    unit: str,
    consents: Mapping[tuple[int, int | None], Said],
    *,
    crew: Entrant | None = None,
    **more: Any,
) -> KnownEntrant:
    """Make an entrant, a row of `_KNOWN` or one of a crew's people what the checks want."""
    whose = (person.id, None) if crew is None else (crew.id, person.id)
    if crew is not None:
        more |= {
            "team": crew.team.code if crew.team else None,
            "group": person.group or crew.group,
            "crew": crew.name,
            "crew_code": crew.code,
            "role": crew_role(person.role, person.position),
            "erased": person.erased_at is not None,
        }
    return KnownEntrant(
        code=person.code,
        name=person.name,
        event=event,
        unit=unit,
        id_key=person.id_hash,
        **{key: getattr(person, key) for key in STORED},
        **consents.get(whose, NOTHING_SAID),
        **{"group": person.group, **more},
    )


def _prefix(event: Event) -> str:
    """The letters that most numbers of the event begin with; its place in the alphabet if none."""
    code = db.session.scalar(
        select(Entrant.code).where(Entrant.event_id == event.id).order_by(Entrant.id).limit(1)
    )
    if code:
        return code.rstrip("0123456789")
    place = [other.id for other in event.competition.events].index(event.id)
    return chr(ord("A") + place % 26)


_FEW = 200


def known_to(
    competition: Competition, offer: RegistrationOffer, rows: Sequence[RawRow]
) -> KnownPeople:
    """The people with an ID number or a code of these rows, and the highest codes in use.

    Of many rows, or where one is found by a name alone, it is everybody.
    """
    by_name = any("crew" in row.cells or "id_number" not in row.cells for row in rows)
    if len(rows) > _FEW or by_name:
        return known_people(competition)
    keys, codes, today = set(), set(), local_today()
    for row in rows:
        typed = {key: as_typed(cell) for key, cell in row.cells.items()}
        checked = check_fields(typed, offer, today=today)
        if checked.values.paper and checked.values.id_number:
            keys.add(id_key(checked.values.paper, checked.values.id_number))
        if checked.values.code:
            codes.add(checked.values.code)
    prefixes = {event.code_prefix for event in offer.events}
    known = known_people(competition, (keys, codes))
    return replace(known, codes=highest_codes(competition, prefixes))


def plan_rows(competition: Competition, rows: Sequence[RawRow], **more: Any) -> RegistrationPlan:
    """Plan rows that stand in no file, as `plan_registration` does, which `more` is for."""
    offer, table = desk_offer(competition), RawTable(RawSheet("", (), rows))
    known = known_to(competition, offer, rows)
    return plan_registration(table, offer, known, today=local_today(), **more)


def highest_codes(competition: Competition, prefixes: set[str]) -> list[str]:
    """List the highest of the codes that begin so, after which the next comes: one of each length.

    Where the last of a length is no number after its prefix, all of that length.
    """
    highest: list[str] = []
    for prefix in sorted(prefixes):
        for table in (Entrant, Member):
            here = [table.competition_id == competition.id, begins(table.code, prefix)]
            if "-" not in prefix:
                # Such as a crew's members have: the crew's code, a dash and a number.
                here.append(~table.code.contains("-"))
            size = func.length(table.code)
            query = select(size, func.max(table.code)).where(*here).group_by(size).order_by(size)
            for length, last in db.session.execute(query).tuples():
                rest = last[len(prefix) :]
                if rest.isascii() and rest.isdigit():
                    highest.append(last)
                else:
                    highest += db.session.scalars(select(table.code).where(*here, size == length))
    return highest
