"""The hall now: who is at which station, how many are done, who is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.bundle.event_types import Stage
from compete.domain.stations import station_order
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import (
    Act,
    Event,
    HallBoard,
    OutcomeEntry,
    Sheet,
    Slot,
    db,
    utc_now,
)
from compete.services.hall.board_table import stage_at_work
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.slot_order import slot_order
from compete.services.schedule.allocation import without_sheet
from compete.services.sheets.absences import excused

# A watch that was started longer ago was forgotten, not run.
_LONGEST_TURN = timedelta(hours=4)
# The most that a tablet's clock may be off for its own time to be believed.
_CLOCK_OFF = timedelta(minutes=2)
_MOST_STATIONS = 6


class _Sheet(NamedTuple):
    id: int
    entrant_id: int
    module: str
    label: str
    state: SheetState


class _Slot(NamedTuple):
    id: int
    entrant_id: int
    module: str
    station: str | None
    starts_at: datetime | None


@dataclass(frozen=True)
class AtStation:
    """A person at a station: running since `started`, or stopped; `full_at` seconds bring full."""

    station: str
    number: str
    started: datetime
    stopped: bool
    full_at: Decimal | None


@dataclass(frozen=True)
class HallNow:
    """The hall now: `done` of `all` people have all sheets, and all are in.

    `coming` are called at `next_at`.
    """

    stations: list[AtStation]
    done: int
    all: int
    next_at: datetime | None
    coming: list[str]


def hall_now(board: HallBoard) -> HallNow:
    """The hall of this moment; it says of codes and stations only what the board may show."""
    event = board.event
    stage = stage_at_work(event)
    sheets = _sheets(event, stage)
    labels = {sheet.entrant_id: sheet.label for sheet in sheets}
    # Who came after the sheets were allotted is not done, though no sheet says so.
    left = {gap.entrant_id for gap in without_sheet(event) if gap.stage == stage.code}
    left |= {sheet.entrant_id for sheet in sheets if sheet.state not in HANDED_IN}
    people = {sheet.entrant_id for sheet in sheets} | left
    done = people - left
    if not board.stations:
        return HallNow([], len(done), len(people), None, [])
    slots = _slots(event, stage)
    next_at, coming = _coming(slots, labels, done)
    return HallNow(_at_stations(stage, sheets, slots), len(done), len(people), next_at, coming)


def _sheets(event: Event, stage: Stage) -> list[_Sheet]:
    rows = db.session.execute(
        select(Sheet.id, Sheet.entrant_id, Sheet.module, Sheet.label, Sheet.state)
        .where(
            of_event(Sheet, event, stage.code),
            Sheet.state != SheetState.WITHDRAWN,
            ~excused(OutcomeEntry.status == "dns"),
        )
        .order_by(Sheet.id)
    )
    return [_Sheet(*row) for row in rows]


def _slots(event: Event, stage: Stage) -> list[_Slot]:
    rows = db.session.execute(
        select(Slot.id, Slot.entrant_id, Slot.module, Slot.station, Slot.starts_at).where(
            of_event(Slot, event, stage.code), takes_part()
        )
    )
    slots = [_Slot(*row) for row in rows]
    return sorted(slots, key=lambda slot: (*slot_order(slot), slot.id))


def _coming(
    slots: list[_Slot], labels: dict[int, str], done: set[int]
) -> tuple[datetime | None, list[str]]:
    """The next start after now, and who is called then."""
    now = utc_now()
    later = [
        (slot.starts_at, labels[slot.entrant_id])
        for slot in slots
        if slot.starts_at and slot.starts_at > now and slot.entrant_id not in done
        if slot.entrant_id in labels
    ]
    if not later:
        return None, []
    first = min(at for at, _label in later)
    return first, [label for at, label in later if at == first]


def _at_stations(stage: Stage, sheets: list[_Sheet], slots: list[_Slot]) -> list[AtStation]:
    """List the turn of each station that was started last, if its sheets are still out."""
    places = {(slot.entrant_id, slot.module): slot.station for slot in slots if slot.station}
    watches = watches_of([sheet.id for sheet in sheets if sheet.state not in HANDED_IN])
    newest: dict[str, AtStation] = {}
    for sheet in sheets:
        station = places.get((sheet.entrant_id, sheet.module))
        watch = watches.get(sheet.id)
        if station is None or watch is None or sheet.state in HANDED_IN:
            continue
        started, stopped = watch
        shown = newest.get(station)
        # Of one panel's watches the first start and any running one count.
        if shown is not None and shown.number == sheet.label:
            started, stopped = min(started, shown.started), stopped and shown.stopped
        elif shown is not None and shown.started >= started:
            continue
        full = full_at(stage, sheet.module)
        newest[station] = AtStation(station, sheet.label, started, stopped, full)
    return [newest[station] for station in sorted(newest, key=station_order)][:_MOST_STATIONS]


def watches_of(sheets: Sequence[int]) -> dict[int, tuple[datetime, bool]]:
    """The watches started of late, by the sheet's number: since when, and True if stopped."""
    rows = db.session.scalars(
        select(Act)
        .where(
            Act.sheet_id.in_(sheets),
            Act.kind.in_(("watch_start", "watch_stop")),
            Act.held_at > utc_now() - _LONGEST_TURN,
        )
        .order_by(Act.id)
    )
    watches: dict[int, tuple[datetime, bool]] = {}
    for act in rows:
        if act.kind == "watch_start":
            watches[act.sheet_id] = (_when(act), False)
        elif act.sheet_id in watches:
            watches[act.sheet_id] = (watches[act.sheet_id][0], True)
    return watches


def _when(act: Act) -> datetime:
    """The tablet's own time, where its clock is right; else when the server stored the act."""
    try:
        moment = datetime.fromisoformat(act.said_at or "")
    except ValueError:
        return act.held_at
    if moment.tzinfo is None or abs(moment - act.held_at) > _CLOCK_OFF:
        return act.held_at
    return moment


def full_at(stage: Stage, module: str) -> Decimal | None:
    """The seconds that bring full marks in a timed module, or None."""
    for known_module in stage.modules:
        if known_module.code == module:
            for aspect in known_module.aspects:
                if kind_of(aspect).reckoning is Reckoning.TIME:
                    return aspect.full_at
    return None
