"""A unit's workbook: looked at first, then its good rows become drafts of the unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from compete.domain.identity.names import same_name_key
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import ApplicationState, ImportState
from compete.models import Account, Application, Competition, ImportBatch, Unit, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.registration.applications import (
    EDITABLE,
    MOST_OF_A_UNIT,
    applications_of,
    cells_of,
    check_cells,
    entrants_of,
    fill,
    new_draft,
    offer_for,
)
from compete.services.registration.consents import words_of_unit
from compete.services.registration.known_layouts import (
    add_upload,
    columns_read_before,
    content_of,
    count_upload_rows,
    end_upload,
    require_waiting,
)
from compete.services.registration.preview import (
    id_key,
    known_person,
    plan_mark,
    rare_name_note,
    table_of_upload,
)
from compete.services.registration.sheet_photos import pictures_in, put_sheet_photos
from compete.services.registration.window import closed_event, require_units_open
from compete.sheets.registration.columns import PEOPLE_COLUMNS, STORED
from compete.sheets.registration.people import (
    KnownEntrant,
    KnownPeople,
    Registration,
    RegistrationOffer,
)
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.table import RawTable
from compete.sheets.texts import as_typed
from compete.sheets.workbook.cells import Cell

_MOST_WAITING = 3
"""Uploads of a unit that wait at once: contacts look at one each, and files may be large."""


def keep_unit_upload(
    unit: Unit, competition: Competition, filename: str, content: bytes, by: Account
) -> ImportBatch:
    """Keep an upload until the contact says write or not. Raises as `keep_upload` does."""
    require_units_open(competition)
    read = columns_read_before(content, competition, of_unit=True)
    with changing(competition) as competition:
        _make_room(unit, by)
        batch = add_upload(competition, filename, content, by, read, unit=unit)
        after = {"id": batch.id, "unit": unit.code}
        audit.record(competition, by, "application.upload", batch.filename, after=after)
    return batch


def _make_room(unit: Unit, by: Account) -> None:
    """Make room: a few uploads of a unit wait at a time, the newest; so many come in a day.

    Raises `Refused` (CONFLICT) where there were as many.
    """
    mine = ImportBatch.unit_id == unit.id
    today = select(func.count(ImportBatch.id)).where(
        mine, ImportBatch.made_at > utc_now() - timedelta(days=1)
    )
    most = config_here().uploads_per_day
    if (db.session.scalar(today) or 0) >= most:
        raise Refused(
            msg("一个单位一天最多传 %(most)s 个文件，明天再传，或者在网页上一个一个加", most=most)
        )
    earlier = select(ImportBatch).where(mine, ImportBatch.state == ImportState.PREVIEWED)
    newest = earlier.order_by(ImportBatch.id.desc()).offset(_MOST_WAITING - 1)
    for batch in db.session.scalars(newest.options(defer(ImportBatch.content))).all():
        end_upload(batch, ImportState.DISCARDED)
        audit.record(batch.competition, by, "application.discard", batch.filename)


def find_unit_batch(unit: Unit, batch_id: int) -> ImportBatch | None:
    """An upload of this unit, or None."""
    batch = db.session.get(ImportBatch, batch_id)
    return batch if batch is not None and batch.unit_id == unit.id else None


def plan_unit_upload(batch: ImportBatch, unit: Unit) -> RegistrationPlan:
    """Plan what the upload would do to the unit's own people, and to nobody else's."""
    require_waiting(batch)
    competition = batch.competition
    there = _people_entered(unit)
    plan = plan_registration(
        _own_rows(table_of_upload(batch), unit, competition),
        _offer_for_drafts(competition, unit),
        _known_people(unit, competition, there),
        today=local_today(),
        name_note=rare_name_note,
        # A draft may be of somebody who does not fit yet: the unit's page says what is lacking.
        lenient=True,
        drafts=True,
    )
    rows = (_if_open(_if_editable(row, there), competition) for row in plan.rows)
    return _whole_crews(replace(plan, rows=tuple(rows)))


def _offer_for_drafts(competition: Competition, unit: Unit) -> RegistrationOffer:
    """The unit's choice; a number may come until somebody is handed in."""
    offer = offer_for(competition, unit)
    return replace(offer, events=[replace(it, unnumbered=True) for it in offer.events])


def _whole_crews(plan: RegistrationPlan) -> RegistrationPlan:
    """Refuse all rows of a crew if one is refused: a part of a crew is nobody's draft."""
    wrong: dict[tuple[str, str], int] = {}
    name_of = plan.people.row_name
    for row in plan.rows:
        if row.status is RowStatus.REFUSED and (crew := _crew_in(row)):
            wrong.setdefault(crew, row.number)

    def settled(row: PlannedRow) -> PlannedRow:
        number = wrong.get(_crew_in(row) or ("", ""))
        if number is None or row.status not in (RowStatus.ADDED, RowStatus.CHANGED):
            return row
        why = msg("组合里第 %(row)s 行有错，改好一起写入", row=name_of(number))
        return row.refused_for("crew", why)

    return replace(plan, rows=tuple(settled(row) for row in plan.rows))


def _crew_in(row: PlannedRow) -> tuple[str, str] | None:
    """The event and the crew that a row names, as they are told apart."""
    event, crew = (
        same_name_key(as_typed(row.raw.cells.get(key) or "")) for key in ("event", "crew")
    )
    return (event, crew) if crew else None


@dataclass(frozen=True, slots=True)
class UnitUpload:
    """What became of a unit's upload: its plan, photos kept, and why others were not."""

    plan: RegistrationPlan
    photos: int
    no_photos: Sequence[Message]


def write_unit_upload(batch_id: int, unit: Unit, seen: str, by: Account) -> UnitUpload:
    """Write every good row as a draft, or as a correction of one, in one transaction.

    `seen` is the mark of the plan that was shown. Pictures beside people become the photos of
    those who have none.
    """
    batch = db.session.get_one(ImportBatch, batch_id)
    # Afterwards the file is gone.
    pictures = pictures_in(content_of(batch.id), table_of_upload(batch).pictures)
    with changing(batch.competition, batch) as competition:
        require_units_open(competition)
        plan = plan_unit_upload(batch, unit)
        if plan_mark(plan) != seen:
            raise Refused(msg("名单刚被别人改过，请再核对一遍，这次没有写入"))
        there = _people_entered(unit)
        entered = sum(not row.by_person for row in there.values())
        if entered + plan.count(RowStatus.ADDED) > MOST_OF_A_UNIT:
            raise Refused(msg("一个单位最多 %(most)s 人，再多找组委会", most=MOST_OF_A_UNIT))
        count_upload_rows(batch, plan)
        offer = offer_for(competition, unit)
        written = {
            row.number: _write(row, there, unit, offer, competition, by) for row in plan.to_write
        }
        after = {"unit": unit.code, **plan.counts_for_record}
        audit.record(competition, by, "application.import", batch.filename, after=after)
    same = {
        row.number: there[row.existing.code]
        for row in plan.rows
        if row.status is RowStatus.UNCHANGED and row.existing and row.existing.code in there
    }
    beside = {**written, **same}
    photos, why_not = put_sheet_photos(
        [(beside[row], pictures[row]) for row in sorted(pictures.keys() & beside.keys())], by
    )
    return UnitUpload(plan, photos, why_not)


def _people_entered(unit: Unit) -> dict[str, Application]:
    """The people entered, by public number; without self-entries that were taken back."""
    return {
        row.public_id: row
        for row in applications_of(unit)
        if not (row.by_person and row.state is ApplicationState.TAKEN_BACK)
    }


def _own_rows(table: RawTable, unit: Unit, competition: Competition) -> RawTable:
    """The rows without what a unit does not decide: numbers of contestants, and other units.

    A table without a column of units is of the unit's own people, but where a title or the name of
    a sheet says that they are of another of the competition's.
    """
    others = {same_name_key(it.name) for it in competition.units} - {same_name_key(unit.name)}
    has_column = "unit" in table.people.columns

    def own(cells: Mapping[str, Cell]) -> dict[str, Cell]:
        kept = {key: cell for key, cell in cells.items() if key != "code"}
        other = same_name_key(as_typed(kept.get("unit") or "")) in others
        return kept if has_column or other else kept | {"unit": unit.name}

    rows = tuple(replace(row, cells=own(row.cells)) for row in table.people.rows)
    return replace(table, people=replace(table.people, rows=rows), units=None)


def _known_people(
    unit: Unit, competition: Competition, there: Mapping[str, Application]
) -> KnownPeople:
    """The unit's own people: those on the list, and those who are entered."""
    events = {event.id: event.code for event in competition.events}
    consents, listed_people = words_of_unit(unit), entrants_of(unit)
    known = [
        known_person(
            row, events[row.event_id], unit.code, consents, team=row.team.code if row.team else None
        )
        for row in listed_people
    ]
    known += [
        known_person(member, events[row.event_id], unit.code, consents, crew=row)
        for row in listed_people
        for member in row.members
    ]
    listed = {(row.event, row.id_key) for row in known}
    offer = offer_for(competition, unit)
    for code, application in there.items():
        if application.event_id is None:
            continue
        number = application.id_hash
        if number is not None and (events[application.event_id], number) in listed:
            continue
        fields = check_cells(cells_of(application), offer, unit)[0].values
        listed.add((events[application.event_id], number))
        known.append(
            KnownEntrant(
                code=code,
                name=application.name,
                event=events[application.event_id],
                unit=unit.code,
                id_key=number,
                team=_team_of(application, offer),
                group=fields.group or "worker",
                crew=fields.crew,
                role=fields.role,
                consent=fields.consent,
                **{key: getattr(fields, key) for key in STORED},
            )
        )
    return KnownPeople(id_key, known)


def _team_of(application: Application, offer: RegistrationOffer) -> str | None:
    named = cells_of(application).get("team")
    return next((team.code for team in offer.teams if team.name == named), None)


def _if_editable(row: PlannedRow, there: Mapping[str, Application]) -> PlannedRow:
    """A row that would change somebody who cannot be changed is refused, and says so."""
    if row.status is not RowStatus.CHANGED or row.existing is None:
        return row
    application = there.get(row.existing.code)
    if application is None:
        why = msg("已经在名单里，要改找组委会")
    elif application.by_person:
        why = msg("本人已经自己报了，在网页上确认或者退回")
    elif application.state in EDITABLE:
        return row
    else:
        why = msg("已经提交了，先撤回再改")
    return row.refused_for("name", why)


def _if_open(row: PlannedRow, competition: Competition) -> PlannedRow:
    """A row that is for an event whose days are over, or to come, is refused, and says so."""
    if row.status not in (RowStatus.ADDED, RowStatus.CHANGED) or row.registration is None:
        return row
    closed = closed_event(competition, row.registration.event)
    return row if closed is None else row.refused_for("event", closed)


def _write(
    row: PlannedRow,
    there: Mapping[str, Application],
    unit: Unit,
    offer: RegistrationOffer,
    competition: Competition,
    by: Account,
) -> Application:
    data = row.registration
    assert data is not None
    application = there.get(data.code) or new_draft(unit, competition, by)
    before = cells_of(application) if application.cells else {}
    named = row.raw.cells.get("team")
    team = as_typed(named).strip() if named is not None else before.get("team", "")
    cells = _cells(data, team)
    if data.id_number is None and "id_number" in before:
        # A file without numbers takes nobody's away.
        cells |= {key: before[key] for key in ("paper", "id_number") if key in before}
    checked, _problems = check_cells(cells, offer, unit)
    fill(application, cells, checked, competition)
    db.session.add(application)
    return application


def _cells(data: Registration, team: str) -> dict[str, str]:
    """The cells that were read, as the form has them."""
    cells = {
        column.key: column.typed(getattr(data, column.key))
        for column in PEOPLE_COLUMNS
        if column.key not in ("code", "unit")
    }
    cells["team"] = team
    return {key: text for key, text in cells.items() if text}
