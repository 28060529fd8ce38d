"""Lines of the forms that follow the plan of the days: the schedule and the field record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from compete.documents.dates import printed_date
from compete.documents.forms import FormLine
from compete.domain.bundle.event_types import Module
from compete.domain.bundle.naming import module_name
from compete.domain.stations import station_order
from compete.domain.values.messages import Message, Translate, listed, msg, some_of
from compete.models import Entrant, Event, Slot
from compete.services.kernel.clock import clock_text, local_time
from compete.services.kernel.event_rules import module_title, own_module_name, rules_of, stage_apart
from compete.services.registration.eligibility import people_of
from compete.services.schedule.arrivals import Occasion, occasions_of
from compete.services.schedule.away import Away, away_among, marked
from compete.services.schedule.stage_moves import in_later_stages
from compete.services.sheets.blind_codes import drawn_codes

_MOST_NUMBERS = 120
"""In one row of the schedule, which must stand on a page."""
_MOST_STATIONS = 40


@dataclass(slots=True)
class Turn:
    """A turn in a module at a time; no day where the plan has none for them."""

    event: Event
    stage: str
    module: Module
    place: int
    session: str = ""
    check_in: datetime | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    people: list[tuple[str, Entrant]] = field(default_factory=list)
    """Each with the station, empty where there is none yet."""

    @property
    def title(self) -> str:
        """The module's name, with its stage's where another stage has one of that name."""
        return own_module_name(rules_of(self.event), self.stage, self.module.code)

    @property
    def day(self) -> date | None:
        """The day here; None where nobody has said."""
        at = self.starts or self.check_in
        return local_time(at).date() if at else None

    @property
    def order(self) -> tuple[object, ...]:
        """The order of turns: by time, those without last; then as the rules have the modules."""
        at = self.starts or self.check_in
        return (at is None, at.timestamp() if at else 0, self.event.code, self.place, self.session)


def turns_of(people: Sequence[Entrant]) -> list[Turn]:
    """The turns of these people, by time; who has no slot in the first stage is there too."""
    turns: dict[tuple[object, ...], Turn] = {}
    for entrant in people:
        for stage, place, module, slot in _modules(entrant):
            when: tuple[Any, ...] = ()
            if slot is not None:
                when = (slot.session or "", slot.check_in_at, slot.starts_at, slot.ends_at)
            key = (entrant.event_id, place, *when)
            turn = turns.setdefault(key, Turn(entrant.event, stage, module, place, *when))
            turn.people.append((slot.station or "" if slot else "", entrant))
    return sorted(turns.values(), key=lambda turn: turn.order)


def sessions_of(people: Sequence[Entrant]) -> list[list[Turn]]:
    """The turns of each session of a module on a day, by time: several where some go later."""
    sessions: dict[tuple[object, ...], list[Turn]] = {}
    for turn in turns_of(people):
        key = (turn.event.id, turn.place, turn.session, turn.day)
        sessions.setdefault(key, []).append(turn)
    return list(sessions.values())


def in_order(turns: Sequence[Turn]) -> Iterator[tuple[str, str, Entrant]]:
    """Order people by time and station; no time where all begin together."""
    for turn in turns:
        lasts = _lasts(turn.starts, turn.ends) if len(turns) > 1 else ""
        for station, entrant in sorted(
            turn.people, key=lambda there: (station_order(there[0]), there[1].code)
        ):
            yield lasts, station, entrant


def _modules(entrant: Entrant) -> Iterator[tuple[str, int, Module, Slot | None]]:
    """The modules somebody has by their stages, each with the slot.

    Those of a later stage once there is a slot, or once they are in it and have none yet.
    """
    slots = {(slot.stage, slot.module): slot for slot in entrant.slots}
    later = in_later_stages(entrant.event)
    place = 0
    for number, stage in enumerate(rules_of(entrant.event).stages):
        for module in stage.modules:
            place += 1
            slot = slots.get((stage.code, module.code))
            if slot is not None or number == 0 or (entrant.id, stage.code) in later:
                yield stage.code, place, module, slot


def schedule_lines(
    people: Sequence[Entrant], translate: Translate | None, *, several: bool
) -> list[FormLine]:
    """A line for each turn, under its day; numbers at stations, but none of a blind event.

    How many people, those of a crew each by themselves.
    """
    away = away_among(people)
    return [
        FormLine(
            heading=_day(turn, translate),
            check_in=clock_text(turn.check_in) or "",
            lasts=_lasts(turn.starts, turn.ends),
            session=turn.session,
            event=turn.event.name if several else "",
            module=turn.title,
            station=paper_text(some_of(_stations(turn, away), _MOST_STATIONS), translate),
            people=str(
                sum(
                    len(people_of(entrant))
                    for _station, entrant in turn.people
                    if away.word_in(entrant, turn.stage, turn.module.code) is None
                )
            ),
        )
        for turn in turns_of(people)
    ]


def _stations(turn: Turn, away: Away) -> list[Message | str]:
    """List stations in order, each with who is there; in blind events or crowds stations alone."""
    there: defaultdict[str, list[Message | str]] = defaultdict(list)
    for station, entrant in sorted(turn.people, key=lambda place: place[1].code):
        if station:
            code = away.marked(entrant, entrant.code, turn.stage, turn.module.code)
            there[station].append(code)
    if turn.event.blind or len(turn.people) > _MOST_NUMBERS:
        return [*sorted(there, key=station_order)]
    return [
        msg("%(station)s（%(numbers)s）", station=station, numbers=listed(there[station]))
        for station in sorted(there, key=station_order)
    ]


def field_lines(
    people: Sequence[Entrant], translate: Translate | None, *, several: bool
) -> list[FormLine]:
    """A line for each in each module, under the session; of a blind event by code, with no place.

    Who works when and where is drawn in public: beside a code it would say whose the code is.
    """
    away = away_among(people)
    lines = [
        FormLine(
            heading=session_title(turns, translate, several=several),
            number=paper_text(
                away.marked(entrant, entrant.code, turns[0].stage, turns[0].module.code), translate
            ),
            crew=entrant.name if entrant.members else "",
            name=paper_text(listed([member.name for member in entrant.members]), translate)
            or entrant.name,
            station=station,
            lasts=lasts,
        )
        for turns in sessions_of(people)
        if not turns[0].event.blind
        for lasts, station, entrant in in_order(turns)
    ]
    return lines + _blind_lines(people, translate, several=several)


def _blind_lines(
    people: Sequence[Entrant], translate: Translate | None, *, several: bool
) -> list[FormLine]:
    away, lines = away_among(people), []
    for event in {entrant.event_id: entrant.event for entrant in people}.values():
        if not event.blind:
            continue
        here = {entrant.id: entrant for entrant in people if entrant.event_id == event.id}
        known, later, rules = drawn_codes(event), in_later_stages(event), rules_of(event)
        for number, stage in enumerate(rules.stages):
            inside = [person for person in here if not number or (person, stage.code) in later]
            coded = sorted((known[person], person) for person in inside if person in known)
            for module in stage.modules:
                name = module_name(rules, stage, module)
                heading = "　".join([event.name, name] if several else [name])
                codes = [
                    away.marked(here[person], code, stage.code, module.code)
                    for code, person in coded
                ]
                codes += [""] * (len(inside) - len(coded))
                lines += [
                    FormLine(heading=heading, code=paper_text(code, translate)) for code in codes
                ]
    return lines


def draw_lines(people: Sequence[Entrant], translate: Translate | None) -> list[FormLine]:
    """A line for each in each module in which somebody has a place, under the module.

    Who has none there yet has room for it.
    """
    away = away_among(people)
    modules: dict[tuple[int, int], list[tuple[str, str, Slot | None]]] = defaultdict(list)
    for entrant in people:
        for stage, place, module, slot in _modules(entrant):
            title = module_title(entrant.event, stage, module.code)
            number = away.marked(entrant, entrant.code, stage, module.code)
            there = modules[entrant.event_id, place]
            there.append((title, paper_text(number, translate), slot))
    return [
        FormLine(
            heading=title,
            number=number,
            session=slot.session or "" if slot else "",
            code=slot.station or "" if slot else "",
        )
        for _key, there in sorted(modules.items())
        if any(slot is not None for _title, _number, slot in there)
        for title, number, slot in there
    ]


def goes_by_occasion(people: Sequence[Entrant]) -> bool:
    """True if the plan names a session that one of them comes to, or a later stage has begun."""
    events = {entrant.event_id: entrant.event for entrant in people}
    return any(slot.session for entrant in people for slot in entrant.slots) or any(
        in_later_stages(event) for event in events.values()
    )


def occasion_lines(
    people: Sequence[Entrant], translate: Translate | None, *, several: bool, phones: bool
) -> list[FormLine]:
    """A line for each person under each session they come to, by time.

    A session is what one checks in for once, with all its modules. Who stands in none comes last,
    under the stage.
    """
    occasions: dict[tuple[object, ...], list[tuple[Occasion, Entrant]]] = {}
    away = away_among(people)
    coming = [(occasion, person) for person in people for occasion in occasions_of(person)]
    for occasion, entrant in sorted(coming, key=_by_check_in):
        # Without a place in the plan it is no session at all.
        stage = stage_apart(entrant.event, occasion.stage)
        key = (entrant.event_id, occasion.key) if occasion.modules else (None, stage)
        occasions.setdefault(key, []).append((occasion, entrant))
    return [
        replace(
            line,
            heading=_occasion_title(there, translate),
            check_in=clock_text(occasion.opens_at or occasion.starts_at) or "",
            name=paper_text(marked(line.name, away.word(entrant, occasion)), translate),
        )
        for there in occasions.values()
        for occasion, entrant in there
        for line in person_lines(entrant, event=several and not occasion.modules, phones=phones)
    ]


def person_lines(entrant: Entrant, *, event: bool, phones: bool) -> list[FormLine]:
    """List one entrant's lines; each of a crew comes and signs for himself."""
    return [
        FormLine(
            name=person.name,
            number=person.code,
            unit=entrant.unit.name,
            event=entrant.event.name if event else "",
            crew=entrant.name if entrant.members else "",
            phone=(person.phone or "") if phones else "",
        )
        for person in people_of(entrant)
    ]


def _by_check_in(there: tuple[Occasion, Entrant]) -> tuple[object, ...]:
    occasion, entrant = there
    at = occasion.opens_at or occasion.starts_at
    planned = (not occasion.modules, at is None, at.timestamp() if at else 0.0)
    stages = [stage.code for stage in rules_of(entrant.event).stages]
    stage = stages.index(occasion.stage) if occasion.stage in stages else len(stages)
    order = (stage, entrant.event.code) if not occasion.modules else (entrant.event.code, stage)
    return *planned, *order, occasion.session or "", entrant.code


def _occasion_title(there: Sequence[tuple[Occasion, Entrant]], translate: Translate | None) -> str:
    occasion, entrant = there[0]
    if not occasion.modules:
        untimed = msg("时间还没定").render(translate)
        return "　".join(filter(None, (stage_apart(entrant.event, occasion.stage), untimed)))
    modules = dict.fromkeys(code for coming, _entrant in there for code in coming.modules)
    names = [module_title(entrant.event, occasion.stage, code) for code in modules]
    day = printed_date(occasion.day, translate) if occasion.day else ""
    return "　".join(filter(None, (paper_text(listed(names), translate), day, occasion.session)))


def session_title(turns: Sequence[Turn], translate: Translate | None, *, several: bool) -> str:
    """The title of a session: the event if there are several, module, day and time."""
    first = turns[0]
    ends = [turn.ends or turn.starts for turn in turns]
    last = max((at for at in ends if at is not None), default=None)
    lasts = _lasts(first.starts, last if len(turns) > 1 else first.ends)
    event = first.event.name if several else ""
    day = printed_date(first.day, translate) if first.day else ""
    return "　".join(filter(None, (event, first.title, day, first.session, lasts)))


def _lasts(starts: datetime | None, ends: datetime | None) -> str:
    return "–".join(filter(None, (clock_text(starts), clock_text(ends))))


def _day(turn: Turn, translate: Translate | None) -> str:
    if turn.day is None:
        return msg("时间还没定").render(translate)
    return printed_date(turn.day, translate)


def paper_text(words: Message | str, translate: Translate | None) -> str:
    """Say words on paper; a text that is said already stays."""
    return words.render(translate) if isinstance(words, Message) else words
