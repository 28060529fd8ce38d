"""Calendars that other programs fetch: a competition's sessions, a contestant's own, a judge's,
a unit's. Each date keeps its identity, counts its changes, and is cancelled once it is gone."""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from compete.models import CalendarDate, Competition, Entrant, Membership, Slot, db, utc_now
from compete.models.types import keyed_hash
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.participants import takes_part
from compete.services.kernel.transactions import changing
from compete.services.schedule.session_plan import Entry, plan_time, sessions_of
from compete.services.schedule.slots import planned_sessions, station_words

_MAC = 32
_NAMES = ("event", "stage", "module", "session")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDate:
    """A date of a calendar: from its first turn to the end of its last; whole days for days."""

    key: str
    """Its own among the dates of the calendar, the same at whatever time it is."""
    title: str
    starts: datetime | date
    ends: datetime | date | None
    """The last day itself where it is of whole days."""
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDate:
    """A date as it is given out, with what its reader knew of it before."""

    uid: str
    sequence: int
    changed_at: datetime
    cancelled: bool
    date: SessionDate


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """The calendar of one name in a competition."""

    competition: Competition
    dates: list[GivenDate]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTurn:
    """A turn of the plan, with the codes and names of who is expected, none in a blind event."""

    event: str
    stage: str
    module: str
    session: str
    station: str
    starts: datetime | None
    ends: datetime | None
    people: Sequence[tuple[str, str]]


def turns_of(competition: Competition) -> list[PlannedTurn]:
    """List the turns of the plan; who withdrew is in none."""
    query = select(Entrant.code, Entrant.name).where(
        Entrant.competition_id == competition.id, takes_part()
    )
    names: dict[str, str] = dict(db.session.execute(query).tuples().all())
    blind = {event.code for event in competition.events if event.blind}
    return [
        PlannedTurn(
            **{key: str(entry.get(key) or "") for key in (*_NAMES, "station")},
            starts=plan_time(entry.get("starts")),
            ends=plan_time(entry.get("ends")),
            people=[
                (code, names[code])
                for code in entry.get("entrants", ())
                if code in names and entry.get("event") not in blind
            ],
        )
        for entry in planned_sessions(competition)
    ]


def competition_calendar(competition: Competition) -> OwnCalendar:
    """All sessions of a competition; its days while no session has a time."""
    return _given(competition, "competition", _sessions(competition, planned_sessions(competition)))


def entrant_calendar(entrant: Entrant) -> OwnCalendar:
    """A contestant's own sessions, each with the station; none once they withdrew."""
    competition = entrant.competition
    here = db.session.scalar(select(Entrant.id).where(Entrant.id == entrant.id, takes_part()))
    slots = sorted((it for it in entrant.slots if it.starts_at), key=lambda it: str(it.starts_at))
    dates = [
        SessionDate(
            key=f"{slot.stage}/{slot.module}",
            title=_title(competition, _entry_of(slot), station_words(slot)),
            starts=slot.starts_at,
            ends=slot.ends_at,
            place=_place(competition),
        )
        for slot in slots
        if slot.starts_at is not None
    ]
    return _given(
        competition, f"entrant {entrant.id}", dates or _days(competition), here=bool(here)
    )


def member_calendar(membership: Membership) -> OwnCalendar:
    """The sessions at which a judge is expected, or at which a unit's people are."""
    competition = membership.competition
    if membership.judge is not None:
        code = membership.judge.code
        owner = f"judge {membership.judge_id}"
        entries = [it for it in planned_sessions(competition) if code in it.get("judges", ())]
    else:
        slots = (
            select(Slot)
            .join(Entrant, Entrant.id == Slot.entrant_id)
            .where(
                Entrant.competition_id == competition.id,
                Entrant.unit_id == membership.unit_id,
                takes_part(),
            )
            .options(contains_eager(Slot.entrant).joinedload(Entrant.event))
        )
        owner = f"unit {membership.unit_id}"
        entries = [_entry_of(slot) for slot in db.session.scalars(slots)]
    return _given(competition, owner, _sessions(competition, entries))


def calendar_key(membership: Membership) -> str:
    """The text of the link by which a judge's or a unit's own calendar is fetched.

    It signs nobody in, and ends with the role.
    """
    return f"{membership.id}.{_mac(membership.id)}"


def member_by_calendar_key(key: str) -> Membership | None:
    """The judge or the contact of a unit whose link that is; None for none, or one that ended."""
    number, _dot, mac = key[:80].partition(".")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return None
    if not hmac.compare_digest(mac.encode(), _mac(int(number)).encode()):
        return None
    membership = db.session.get(Membership, int(number))
    if membership is None or not membership.account.active:
        return None
    return membership if membership.judge_id or membership.unit_id else None


def _mac(number: int) -> str:
    return keyed_hash(f"calendar\n{number}")[:_MAC]


def _entry_of(slot: Slot) -> dict[str, Any]:
    """A place as the plan writes its entries."""
    return {
        "event": slot.entrant.event.code,
        "stage": slot.stage,
        "module": slot.module,
        "session": slot.session,
        "starts": local_time(slot.starts_at).isoformat() if slot.starts_at else None,
        "ends": local_time(slot.ends_at).isoformat() if slot.ends_at else None,
    }


def _sessions(competition: Competition, entries: Iterable[Entry]) -> list[SessionDate]:
    """The sessions of the entries that have a time; the competition's days where none has."""
    timed = [it for it in entries if plan_time(it.get("starts")) is not None]
    dates: list[SessionDate] = []
    seen: Counter[tuple[str, ...]] = Counter()
    for group in sorted(sessions_of(timed).values(), key=lambda own: min(_times(own, "starts"))):
        names = tuple(str(group[0].get(key) or "") for key in _NAMES)
        # By its number among those of its name: it stays the same date when it is moved.
        seen[names] += 1
        dates.append(
            SessionDate(
                key="/".join((*names, str(seen[names]))),
                title=_title(competition, group[0]),
                starts=min(_times(group, "starts")),
                ends=max((*_times(group, "starts"), *_times(group, "ends"))),
                place=_place(competition),
            )
        )
    return dates or _days(competition)


def _times(entries: Iterable[Entry], key: str) -> list[datetime]:
    return [at for entry in entries if (at := plan_time(entry.get(key))) is not None]


def _days(competition: Competition) -> list[SessionDate]:
    """The days of the competition itself."""
    if competition.starts is None:
        return []
    return [
        SessionDate(
            key="days",
            title=competition.name,
            starts=competition.starts,
            ends=competition.ends or competition.starts,
            place=_place(competition),
        )
    ]


def _place(competition: Competition) -> str:
    return settings_of(competition).place or competition.venue or ""


def _title(competition: Competition, entry: Entry, station: str = "") -> str:
    code, stage, module, session = (str(entry.get(key) or "") for key in _NAMES)
    event = next((it for it in competition.events if it.code == code), None)
    title = module_title(event, stage, module) if event else module
    parts = dict.fromkeys(part for part in (title, session, station) if part)
    return " ".join((competition.name, *parts))


def _given(
    competition: Competition, owner: str, dates: Iterable[SessionDate], *, here: bool = True
) -> OwnCalendar:
    """The dates as they are given out now, and those given out before that are gone, cancelled."""
    now = {_short(it.key): it for it in dates} if here else {}
    known = _known(competition, owner)
    if _is_changed(known, now):
        with changing(competition) as competition:
            _remember(competition, owner, now)
        known = _known(competition, owner)
    return OwnCalendar(competition, [_given_date(competition, row) for row in known.values()])


def _known(competition: Competition, owner: str) -> dict[str, CalendarDate]:
    query = select(CalendarDate).where(
        CalendarDate.competition_id == competition.id, CalendarDate.owner == owner
    )
    return {row.key: row for row in db.session.scalars(query.order_by(CalendarDate.id))}


def _is_changed(known: Mapping[str, CalendarDate], now: Mapping[str, SessionDate]) -> bool:
    standing = {key: row.content for key, row in known.items() if not row.cancelled}
    return standing != {key: _content(date) for key, date in now.items()}


def _remember(competition: Competition, owner: str, now: Mapping[str, SessionDate]) -> None:
    known = _known(competition, owner)
    for key, row in known.items():
        content = _content(now[key]) if key in now else row.content
        if (row.content, row.cancelled) != (content, key not in now):
            row.content, row.cancelled = content, key not in now
            row.sequence, row.changed_at = row.sequence + 1, utc_now()
    for key in now.keys() - known.keys():
        db.session.add(
            CalendarDate(
                competition_id=competition.id,
                owner=owner,
                key=key,
                sequence=0,
                content=_content(now[key]),
                cancelled=False,
            )
        )


def _content(date: SessionDate) -> dict[str, Any]:
    starts = date.starts.isoformat()
    ends = date.ends.isoformat() if date.ends is not None else None
    return {"title": date.title, "starts": starts, "ends": ends, "place": date.place}


def _given_date(competition: Competition, row: CalendarDate) -> GivenDate:
    content = row.content
    ends = content["ends"]
    return GivenDate(
        uid=f"{_short(f'{competition.code} {row.owner} {row.key}')}@compete",
        sequence=row.sequence,
        changed_at=row.changed_at,
        cancelled=row.cancelled,
        date=SessionDate(
            key=row.key,
            title=content["title"],
            starts=_read(content["starts"]),
            ends=_read(ends) if ends is not None else None,
            place=content["place"],
        ),
    )


def _read(text: str) -> datetime | date:
    """A moment by the competition's clocks, or a day."""
    if "T" not in text:
        return date.fromisoformat(text)
    return local_time(datetime.fromisoformat(text))


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:40]
