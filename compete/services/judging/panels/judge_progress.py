"""The people who judge, and how far their sheets are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from compete.domain.stations import station_order
from compete.domain.values.states import SheetState
from compete.models import (
    Act,
    Assignment,
    Competition,
    Entrant,
    Event,
    Judge,
    Membership,
    Sheet,
    SignInCard,
    Slot,
    db,
)
from compete.services.accounts.revoked_roles import LostRole, lost_officials
from compete.services.kernel.event_rules import module_title, modules_in
from compete.services.kernel.module_keys import of_event, same_place
from compete.services.sheets.blind_codes import is_coded
from compete.services.sheets.counts import counts, is_awaited, sheet_counts


@dataclass
class JudgeLine:
    """The line of an official: what they mark, their sheets by state, their card."""

    judge: Judge
    modules: list[str] = field(default_factory=list)
    sheets: Counter[SheetState] = field(default_factory=Counter)
    card: SignInCard | None = None
    void: SignInCard | None = None
    """The newest card that is cancelled, where there is none in use."""
    lost: LostRole | None = None
    """The role, where it was taken back."""
    seen: datetime | None = None


def judge_lines(competition: Competition) -> list[JudgeLine]:
    """List every official in the order of their codes."""
    lines = {judge.id: JudgeLine(judge) for judge in competition.judges}
    titles = {
        (event.id, stage, module): module_title(event, stage, module)
        for event, stage, module in modules_in(competition)
    }
    for event, seat in assignments_of(competition):
        name = titles.get((event.id, seat.stage, seat.module), seat.module)
        place = "" if seat.station == name else seat.station
        lines[seat.judge_id].modules.append(f"{name} {place}".strip())
    for where, number in sheet_counts(competition).numbers.items():
        lines[where.judge].sheets[where.state] += number
    _add_cards(competition, lines)
    for judge_id, seen in last_uploads(competition).items():
        lines[judge_id].seen = seen
    return [lines[judge.id] for judge in competition.judges]


def _add_cards(competition: Competition, lines: dict[int, JudgeLine]) -> None:
    rows = db.session.execute(
        select(Membership.judge_id, SignInCard)
        .join(SignInCard, SignInCard.account_id == Membership.account_id)
        .where(
            Membership.competition_id == competition.id,
            Membership.judge_id.is_not(None),
            SignInCard.one_time.is_(False),
        )
        .order_by(SignInCard.id)
    ).tuples()
    for judge_id, card in rows:
        if judge_id not in lines:
            continue
        line = lines[judge_id]
        if card.cancelled_at is None:
            line.card = card
        else:
            line.void = card
    lost = lost_officials(competition)
    for line in lines.values():
        line.lost = lost.get(line.judge.code)


def last_uploads(competition: Competition) -> dict[int, datetime | None]:
    """The time when each judge's last act was stored, by the judge's row."""
    # By the index each judge's last act, not a maximum over all of them.
    last = (
        select(Act.held_at)
        .where(Act.judge_id == Judge.id)
        .order_by(Act.id.desc())
        .limit(1)
        .correlate(Judge)
        .scalar_subquery()
    )
    query = select(Judge.id, last).where(Judge.competition_id == competition.id)
    return dict(db.session.execute(query).tuples().all())


class TickLine(NamedTuple):
    """The line of a sheet that counts, for a tick; `station` is the entrant's, or None."""

    public_id: str
    label: str
    state: SheetState
    judge_id: int
    judge: str
    station: str | None


def tick_lines(event: Event, stage: str, module: str) -> list[TickLine]:
    """The sheets of one module that count."""
    query = (
        select(Sheet.public_id, Sheet.label, Sheet.state, Judge.id, Judge.name, Slot.station)
        .select_from(Sheet)
        .join(Judge, Judge.id == Sheet.judge_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .outerjoin(Slot, and_(*same_place(Slot, Sheet)))
        .where(of_event(Sheet, event, stage, module), counts())
    )
    return [TickLine(*row) for row in db.session.execute(query).tuples()]


def assignments_of(competition: Competition) -> list[tuple[Event, Assignment]]:
    """List every assignment with its event, in the order of events and modules."""
    assignments = []
    for event in competition.events:
        rows = db.session.scalars(
            select(Assignment).where(Assignment.event_id == event.id).order_by(Assignment.id)
        )
        assignments += [(event, row) for row in rows]
    return assignments


def stations_of(competition: Competition) -> list[str]:
    """List names of the stations that somebody is drawn to."""
    rows = db.session.scalars(
        select(Slot.station)
        .where(Slot.entrant.has(competition_id=competition.id), Slot.station.is_not(None))
        .distinct()
    )
    return sorted((station for station in rows if station), key=station_order)


def module_sheets(event: Event, stage: str, module: str) -> list[Sheet]:
    """The sheets of one module, by judge and label, without those closed by 回避."""
    return list(
        db.session.scalars(
            select(Sheet)
            .where(
                Sheet.stage == stage,
                Sheet.module == module,
                Sheet.entrant.has(event_id=event.id),
                Sheet.state != SheetState.WITHDRAWN,
            )
            .order_by(Sheet.judge_id, Sheet.label)
        )
    )


def sheets_by_row(rows: Collection[int]) -> dict[int, Sheet]:
    """The sheets with their judges, by row."""
    sheets = db.session.scalars(
        select(Sheet).where(Sheet.id.in_(rows)).options(joinedload(Sheet.judge))
    )
    return {sheet.id: sheet for sheet in sheets}


def stations_by_entrant(event: Event, stage: str, module: str) -> dict[int, str]:
    """The station of each entrant in one module; of nobody while the event is blind.

    The people of a station are published: beside its code one's station would tell who it is.
    """
    if is_coded(event):
        return {}
    rows = db.session.execute(
        select(Slot.entrant_id, Slot.station).where(
            Slot.stage == stage, Slot.module == module, Slot.entrant.has(event_id=event.id)
        )
    ).tuples()
    return {entrant: station or "" for entrant, station in rows}


@dataclass(frozen=True)
class Lacking:
    """The lacking sheets of an entrant: `label`, and the row and the judges' names."""

    label: str
    entrant: int
    judges: list[str]


def lacking_sheets(event: Event, stage: str, module: str, most: int) -> tuple[list[Lacking], int]:
    """The first of those with sheets left in the module, by label, and how many they are."""
    here = (of_event(Sheet, event, stage, module), is_awaited())
    people = (
        # All of them are counted before the first are taken.
        select(Sheet.entrant_id, func.min(Sheet.label), func.count().over())
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(*here)
        .group_by(Sheet.entrant_id)
    )
    rows = db.session.execute(people.order_by(func.min(Sheet.label)).limit(most)).tuples().all()
    first = {entrant: label for entrant, label, _total in rows}
    total = rows[0][2] if rows else 0
    judges: dict[int, list[str]] = defaultdict(list)
    for entrant, name in db.session.execute(
        select(Sheet.entrant_id, Judge.name)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .join(Judge, Judge.id == Sheet.judge_id)
        .where(*here, Sheet.entrant_id.in_(first))
        .order_by(Sheet.judge_id)
    ).tuples():
        judges[entrant].append(name)
    return [Lacking(label, entrant, judges[entrant]) for entrant, label in first.items()], total
