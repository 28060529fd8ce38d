"""Applications: a unit's contact enters people, corrects, hands in and takes back.

Who entered themselves (`own_entry`) is not the unit's to correct or take back.

Nobody is an entrant by it. An application stands beside the list until an organiser
accepts it (`accepting`), so that no list, draw or count knows of it before.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import make_dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import selectinload

from compete.domain.identity.papers import Paper
from compete.domain.registration_columns import EntryField
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import ApplicationState
from compete.models import (
    Account,
    Application,
    AuditEntry,
    Competition,
    Entrant,
    Member,
    Unit,
    db,
    utc_now,
)
from compete.models.types import keyed_hash
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_today
from compete.services.kernel.edit_conflicts import merged
from compete.services.kernel.last_records import newest_records
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.preview import id_key, offer_of
from compete.services.registration.window import closed_event, require_units_open
from compete.sheets.registration.draft import CheckedFields, check_fields
from compete.sheets.registration.people import RegistrationOffer

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FIELDS = (
    *("name", "paper", "id_number", "gender", "birth", "event"),
    *("team", "group", "grade", "certificate", "post", "months", "phone", "promoted"),
    *("crew", "role", *(it.value for it in EntryField)),
)
"""Columns of the registration workbook that a unit fills in; unit and number are not its to say."""
HIDDEN = ("id_number", "phone")
"""Never written out again; left empty in a form they stay as they are."""
_Values = make_dataclass("_Values", [(key, str, "") for key in FIELDS], frozen=True)
_SAVED = "application.save"
EDITABLE = frozenset(
    {ApplicationState.DRAFT, ApplicationState.RETURNED, ApplicationState.TAKEN_BACK}
)
SEATED = (ApplicationState.SUBMITTED, ApplicationState.RETURNED)
MOST_OF_A_UNIT = 2000
"""Applications that one unit may have; who sends more writes to the organiser."""


def offer_for(competition: Competition, unit: Unit | None) -> RegistrationOffer:
    """The unit's choice: every event, itself and its own teams; None: of no unit yet."""
    offer, code = offer_of(competition), unit.code if unit is not None else None
    return replace(
        offer,
        units=[known for known in offer.units if known.code == code],
        teams=[team for team in offer.teams if team.unit == code],
        new_units=False,
    )


def applications_of(unit: Unit) -> Sequence[Application]:
    """List all applications of a unit that are not accepted, oldest first."""
    return db.session.scalars(
        select(Application)
        .where(Application.unit_id == unit.id, Application.state != ApplicationState.ACCEPTED)
        .order_by(Application.id)
    ).all()


def entrants_of(unit: Unit) -> Sequence[Entrant]:
    """The unit's people on the list, by number; also whom organisers entered themselves."""
    return db.session.scalars(
        select(Entrant)
        .where(Entrant.competition_id == unit.competition_id, Entrant.unit_id == unit.id)
        .options(selectinload(Entrant.members))
        .order_by(Entrant.code)
    ).all()


def find_application(unit: Unit, public_id: str) -> Application | None:
    """Find one of the unit's own applications, or None."""
    return db.session.scalar(
        select(Application).where(
            Application.public_id == public_id, Application.unit_id == unit.id
        )
    )


def cells_of(application: Application) -> dict[str, str]:
    """The fields as typed."""
    cells: dict[str, str] = json.loads(application.cells)
    return cells


def unit_name_of(application: Application) -> str:
    """The unit's name, as on the list or as somebody wrote it whose unit is not on it."""
    if application.unit is not None:
        return application.unit.name
    return cells_of(application).get("unit", "")


def number_in(application: Application) -> tuple[Paper, str] | None:
    """The number that the fields tell, as it is looked up, and of which paper; none if none."""
    cells = cells_of(application)
    if not cells.get("id_number"):
        return None
    offer = offer_for(application.competition, application.unit)
    fields = check_cells(cells, offer, application.unit)[0].values
    return (fields.paper or Paper.CITIZEN_ID, fields.id_number) if fields.id_number else None


def problems_of(
    application: Application, offer: RegistrationOffer | None = None
) -> dict[str, Message]:
    """The faults by field, missing or wrong; empty where it can be handed in.

    `offer` is the unit's, where many are asked about.
    """
    offer = offer or offer_for(application.competition, application.unit)
    return check_cells(cells_of(application), offer, application.unit)[1]


def check_cells(
    cells: Mapping[str, str], offer: RegistrationOffer, unit: Unit | None
) -> tuple[CheckedFields, dict[str, Message]]:
    """Read fields by the checks of registration; by field what is missing or wrong."""
    whose = {"unit": unit.code} if unit is not None else {}
    checked = check_fields({**cells, **whose}, offer, today=local_today())
    return checked, dict(checked.problems)


def is_seated() -> ColumnElement[bool]:
    """The condition that a place is kept: of those given back, only for whom the unit entered."""
    return ~Application.by_person | (Application.state != ApplicationState.RETURNED)


def values_of(cells: Mapping[str, str]) -> DataclassInstance:
    """The fields as a form carries them; of those that it never shows a keyed mark."""
    values = {key: cells.get(key, "").strip() for key in FIELDS}
    marks = {key: values[key] and keyed_hash(values[key])[:16] for key in HIDDEN}
    shown: DataclassInstance = _Values(**values | marks)
    return shown


def wanted_values(typed: Mapping[str, str], was: DataclassInstance) -> DataclassInstance:
    """What is typed into a form that showed `was`; empty hidden fields stay as they are."""
    kept = {key for key in FIELDS if key not in typed or (key in HIDDEN and not typed[key].strip())}
    wanted: DataclassInstance = values_of(typed)
    return replace(wanted, **{key: getattr(was, key) for key in kept})


def last_save_of(application: Application) -> AuditEntry | None:
    """The record of the save in which it got its fields as they stand; None for none."""
    last = {"application": application.public_id, "version": application.version}
    for entry in newest_records(application.competition, [_SAVED], application.name):
        if last.items() <= (entry.after or {}).items():
            return entry
    return None


def save_person(
    unit: Unit,
    competition: Competition,
    typed: Mapping[str, str],
    by: Account,
    *,
    application: Application | None = None,
    was: DataclassInstance | None = None,
) -> Application:
    """Write a person down, new or again; what is only missing may stay missing in a draft.

    `was` are the values that the form showed: what somebody else alone changed since stays.
    Raises `WrongFieldsError` for what cannot be right, `BothChangedError` where both changed the
    same, `Refused` (CONFLICT) outside the window, and for what was handed in.
    """
    with changing(competition) as competition:
        require_units_open(competition)
        if application is None:
            application = begin(unit, competition, by)
        else:
            refresh(application)
            _require_editable(application)
        before = cells_of(application) if application.cells else {}
        if was is not None:
            typed = _mine(typed, was, before)
        cells = _merged_fields(typed, before)
        if not cells.get("name"):
            raise WrongFieldsError({"name": msg("请写姓名")})
        checked, problems = check_cells(cells, offer_for(competition, unit), unit)
        wrong = {key: what for key, what in problems.items() if key in cells}
        entered = checked.values.event
        if entered and (closed := closed_event(competition, entered.code)):
            wrong["event"] = closed
        if wrong:
            raise WrongFieldsError(wrong)
        fill(application, cells, checked, competition)
        db.session.add(application)
        after = {
            "unit": unit.code,
            "application": application.public_id,
            "version": application.version,
            "fields": sorted(key for key in cells if cells[key] != before.get(key)),
        }
        audit.record(competition, by, _SAVED, application.name, after=after)
    return application


def _mine(
    typed: Mapping[str, str], was: DataclassInstance, before: Mapping[str, str]
) -> dict[str, str]:
    """What of the typed is to be set: not what stood on the page and another changed since."""
    now = values_of(before)
    together = merged(was, wanted_values(typed, was), now)
    return {key: text for key, text in typed.items() if getattr(together, key) != getattr(now, key)}


def fill(
    application: Application,
    cells: Mapping[str, str],
    checked: CheckedFields,
    competition: Competition,
) -> None:
    """Set what is told by fields that were read; inside a unit of work."""
    fields = checked.values
    events = {event.code: event.id for event in competition.events}
    application.name = fields.name or cells["name"]
    application.event_id = events[fields.event.code] if fields.event else None
    application.id_hash = (
        id_key(fields.paper or Paper.CITIZEN_ID, fields.id_number) if fields.id_number else None
    )
    known = {"grade": str(fields.grade)} if fields.grade is not None else {}
    application.cells = json.dumps({**cells, **known}, ensure_ascii=False)
    application.version = (application.version or 0) + 1
    application.changed_at = utc_now()


def begin(unit: Unit, competition: Competition, by: Account) -> Application:
    """A draft that nothing stands in yet. Raises `Refused` where the unit has too many."""
    there = db.session.scalar(
        select(func.count(Application.id)).where(
            Application.unit_id == unit.id, Application.by_person.is_(False)
        )
    )
    if (there or 0) >= MOST_OF_A_UNIT:
        raise Refused(msg("一个单位最多 %(most)s 人，再多找组委会", most=MOST_OF_A_UNIT))
    return new_draft(unit, competition, by)


def new_draft(unit: Unit | None, competition: Competition, by: Account | None) -> Application:
    """A draft that nothing stands in yet, where there is room for it."""
    return Application(
        public_id=secrets.token_hex(16),
        competition_id=competition.id,
        unit_id=unit.id if unit is not None else None,
        cells="",
        state=ApplicationState.DRAFT,
        version=0,
        made_by=by.id if by is not None else None,
    )


def record_people(
    competition: Competition,
    by: Account,
    action: str,
    subject: str,
    people: Sequence[Application],
    reason: str | None = None,
) -> None:
    """Record an act on people who were entered, by their public numbers."""
    after = {"people": [application.public_id for application in people]}
    audit.record(competition, by, action, subject, after=after, reason=reason)


def refresh(application: Application) -> None:
    """Refresh the application, in a unit of work. Raises `Refused` if somebody has dropped it."""
    try:
        db.session.refresh(application)
    except InvalidRequestError:
        raise changed_meanwhile() from None


def changed_meanwhile() -> Refused:
    """The refusal where a list is another than the page showed."""
    return Refused(msg("名单刚被别人改过，请再看一遍"))


def chosen_of(
    unit: Unit, public_ids: Collection[str], *, by_person: bool, most: int
) -> Sequence[Application]:
    """The unit's applications of these numbers, read anew.

    Raises `Refused` where one is gone, and for more than `most`, which no statement may name.
    """
    wanted = set(public_ids)
    if len(wanted) > most:
        raise changed_meanwhile()
    rows = db.session.scalars(
        select(Application)
        .where(
            Application.unit_id == unit.id,
            Application.public_id.in_(wanted),
            Application.by_person.is_(by_person),
        )
        .order_by(Application.id)
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(wanted):
        raise changed_meanwhile()
    return rows


def _merged_fields(typed: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    """The fields as they are to be: empty ones are left out, hidden ones kept where empty."""
    cells = {key: typed.get(key, before.get(key, "")).strip() for key in FIELDS}
    for key in HIDDEN:
        cells[key] = cells[key] or before.get(key, "")
    return {key: text for key, text in cells.items() if text}


def require_of_unit(application: Application) -> None:
    """Raise `Refused` for who entered themselves."""
    if application.by_person:
        raise Refused(msg("这是本人自己报的，要改就退回给本人"))


def _require_editable(application: Application) -> None:
    require_of_unit(application)
    if application.state not in EDITABLE:
        raise Refused(msg("已经提交了，先撤回再改"))


def stands_already(application: Application, *, own: bool = False) -> bool:
    """True if the person is on the list of the event, alone or in a crew; `own`: of the unit."""
    return stands_as(application, own=own) is not None


def stands_as(application: Application, *, own: bool = False) -> Entrant | None:
    """The entrant of the event as whom, or in whose crew, the person is on the list; or None."""
    there = [Entrant.event_id == application.event_id]
    if own:
        there.append(Entrant.unit_id == application.unit_id)
    alone = select(Entrant).where(*there, Entrant.id_hash == application.id_hash)
    in_crew = (
        select(Entrant)
        .join(Member, Member.entrant_id == Entrant.id)
        .where(*there, Member.id_hash == application.id_hash)
    )
    standing = (db.session.scalar(query.limit(1)) for query in (alone, in_crew))
    return next((entrant for entrant in standing if entrant is not None), None)


def others_of_number(application: Application) -> Sequence[Application]:
    """The unit's other people under the same number in the same event, who are not accepted."""
    if application.id_hash is None or application.unit_id is None:
        return []
    return db.session.scalars(
        select(Application)
        .where(
            Application.unit_id == application.unit_id,
            Application.event_id == application.event_id,
            Application.id_hash == application.id_hash,
            Application.id != application.id,
            Application.state != ApplicationState.ACCEPTED,
        )
        .order_by(Application.id)
    ).all()


def names_of_applications(public_ids: Collection[str]) -> dict[str, str]:
    """The names by public number of those who are still kept."""
    wanted, names = sorted(public_ids), dict[str, str]()
    for chunk in in_chunks(wanted):
        query = select(Application.public_id, Application.name).where(
            Application.public_id.in_(chunk)
        )
        names |= dict(db.session.execute(query).tuples().all())
    return names
