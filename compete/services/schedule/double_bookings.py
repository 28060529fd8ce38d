"""Double bookings: nobody is in two places at one time; a draw's places are parted for that.

Who is elsewhere while some of the places are used is drawn among the others. Where people are
elsewhere at different times, those of each time are drawn apart, over places of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, union_all

from compete.domain.bundle.crews import heads
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.domain.values.states import CeremonyState
from compete.models import DrawCeremony, Entrant, Event, Member, Slot, db
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import clock_text
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_key, module_title, rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import crewed_in, takes_part
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.schedule.draw_lists import PlaceList, PlacesError, places_of

_MOST_NAMED = 5
Span = tuple[datetime, datetime | None]
_Place = dict[str, Any]


class ReasonWantedError(Refused):
    """A draw that wants a reason, and has none."""

    def __init__(self, message: Message) -> None:
        super().__init__(message, kind=Refusal.INVALID)


@dataclass(frozen=True, slots=True)
class OtherTime:
    """The time when somebody is elsewhere, and in what."""

    starts_at: datetime
    ends_at: datetime | None
    title: str

    @property
    def words(self) -> str:
        """The words of the time: `理论 09:00–10:30`."""
        return f"{self.title} {_span_words((self.starts_at, self.ends_at))}"


@dataclass(frozen=True, slots=True)
class Parted:
    """The places for a list, so that as few as can be are in two places at one time."""

    places: list[_Place]
    """The places, the used ones first."""
    groups: list[dict[str, list[str]]]
    """The codes of `people` and `places` of those who are drawn apart; none where all are one."""
    meetings: Sequence[Message]
    """The words on sessions that go on while the same people are elsewhere."""
    doubled: int
    """The number of people in two places whatever is drawn."""


def overlap(slot: Slot | OtherTime, starts: datetime | None, ends: datetime | None) -> bool:
    """True if two times overlap; one without an end is over as it begins."""
    if slot.starts_at is None or starts is None:
        return False
    return meet((slot.starts_at, slot.ends_at), (starts, ends))


def meet(span: Span, other: Span) -> bool:
    """True if two spans overlap; one without an end is over as it begins."""
    if span[0] == other[0]:
        return True
    return span[0] < (other[1] or other[0]) and other[0] < (span[1] or span[0])


def other_times(
    event: Event, stage: str, module: str, only: Entrant | None = None
) -> dict[str, list[OtherTime]]:
    """The times of those of the event, or one `only`, in other modules or events, by number.

    A module that is laid out for a single time and not drawn yet takes everybody then.
    """
    own = Entrant.event_id == event.id if only is None else Entrant.id == only.id
    people = select(Entrant.id, Entrant.code).where(own, takes_part())
    numbers = dict(db.session.execute(people).tuples().all())
    whose = {number: [code] for number, code in numbers.items()}
    besides: list[int] = []
    for theirs, number in _same_people(event):
        if number in numbers:
            whose.setdefault(theirs, []).append(numbers[number])
            besides.append(theirs)
    times: dict[str, list[OtherTime]] = defaultdict(list)
    there: dict[tuple[str, str], set[int]] = defaultdict(set)
    titles: dict[tuple[int, str, str], str] = {}
    events = {row.id: row for row in event.competition.events}
    for part in (own, *(Entrant.id.in_(chunk) for chunk in in_chunks(besides))):
        for number, its, its_stage, its_module, starts, ends in db.session.execute(
            select(
                *(Slot.entrant_id, Entrant.event_id, Slot.stage, Slot.module),
                *(Slot.starts_at, Slot.ends_at),
            )
            .join(Entrant, Entrant.id == Slot.entrant_id)
            .where(part, takes_part())
            .order_by(Slot.starts_at)
        ).tuples():
            key = its, its_stage, its_module
            if key == (event.id, stage, module):
                continue
            there[its_stage, its_module].add(number)
            if starts is not None:
                title = titles.setdefault(key, module_title(events[its], its_stage, its_module))
                for code in whose[number]:
                    times[code].append(OtherTime(starts, ends, title))
    for place, spans in _laid_out(event, stage, module).items():
        if len(spans) == 1:
            whole = OtherTime(*spans[0], module_title(event, *place))
            for number, code in numbers.items():
                if number not in there[place]:
                    times[code].append(whole)
    return times


def doubled_in(
    event: Event, stage: str, module: str, given: Mapping[str, Span]
) -> dict[str, OtherTime]:
    """The people, by number, who at these times are elsewhere meanwhile, and where."""
    elsewhere = other_times(event, stage, module)
    doubled = {}
    for code, span in given.items():
        other = next((it for it in elsewhere.get(code, ()) if overlap(it, *span)), None)
        if other is not None:
            doubled[code] = other
    return doubled


def doubled_words(event: Event, doubled: Mapping[str, OtherTime]) -> Message | str:
    """Name who is in two places at one time, and where besides."""
    names = dict(
        db.session.execute(
            select(Entrant.code, Entrant.name).where(
                Entrant.event_id == event.id, Entrant.code.in_(list(doubled)[:_MOST_NAMED])
            )
        )
        .tuples()
        .all()
    )
    people = [
        msg("%(name)s（%(more)s）", name=f"{code} {names[code]}", more=doubled[code].words)
        for code in names
    ]
    return some_of(people, _MOST_NAMED, len(doubled))


def part_places(
    event: Event,
    stage: str,
    module: str,
    people: Sequence[Mapping[str, str]],
    laid: PlaceList,
    *,
    as_one: bool,
) -> Parted:
    """Part these places for these people, drawn `as_one` where units are drawn first."""
    places = laid.places
    spans = {place["code"]: _span(laid.times.get(place["code"], {})) for place in places}
    codes = [person["code"] for person in people]
    elsewhere = other_times(event, stage, module)
    turns = {span for span in spans.values() if span is not None}
    bars: dict[OtherTime, frozenset[Span]] = {
        it: frozenset(span for span in turns if overlap(it, *span))
        for it in {it for times_of in elsewhere.values() for it in times_of}
    }
    barred = {
        code: frozenset[Span]().union(*(bars[it] for it in elsewhere.get(code, ())))
        for code in codes
    }
    meetings = _meetings(event, (stage, module), places, spans, codes, elsewhere)
    anybodys = frozenset[Span]().union(*barred.values())
    free = [place for place in places if spans[place["code"]] not in anybodys]
    if len(free) >= len(codes) or as_one:
        rest = [place for place in places if spans[place["code"]] in anybodys]
        return Parted([*free, *rest], [], meetings, max(0, len(codes) - len(free)))
    groups: dict[frozenset[Span], list[str]] = {}
    for code in codes:
        groups.setdefault(barred[code], []).append(code)
    shares, doubled = _share_out(
        [(bars, len(own)) for bars, own in groups.items()],
        [spans[place["code"]] for place in places],
    )
    used = sorted(number for share in shares for number in share)
    rest = [place for number, place in enumerate(places) if number not in set(used)]
    parted = [
        {"people": own, "places": [places[number]["code"] for number in share]}
        for own, share in zip(groups.values(), shares, strict=True)
    ]
    return Parted(
        [*(places[number] for number in used), *rest],
        parted if len(parted) > 1 else [],
        meetings,
        doubled,
    )


def why_doubled(event: Event, parted: Parted) -> Message | None:
    """Say that some will be in two places at one time whatever is drawn; None if nobody will."""
    if not parted.doubled:
        return None
    return msg(
        "%(who)s躲不开，会同时在两处：%(meetings)s。加场次、改时间，或者写理由照样抽",
        who=heads(parted.doubled, crewed_in(event.competition, event)),
        meetings=listed(parted.meetings[:_MOST_NAMED], msg("；")),
    )


def refuse_met(ceremony: DrawCeremony) -> None:
    """Raise `Refused` where the draw could put somebody where they cannot be any more.

    Not where that was known as the list was sealed, and a reason given for it.
    """
    rule = ceremony.rule or {}
    if rule.get("despite"):
        return
    whole = {
        "people": [person["code"] for person in ceremony.people],
        "places": [place["code"] for place in ceremony.places[: len(ceremony.people)]],
    }
    elsewhere = other_times(ceremony.event, ceremony.stage, ceremony.module)
    met: dict[str, OtherTime] = {}
    for group in rule.get("groups") or [whole]:
        spans = {_span(ceremony.times.get(code, {})) for code in group["places"]}
        for code in group["people"]:
            for other in elsewhere.get(code, ()):
                if any(span is not None and overlap(other, *span) for span in spans):
                    met.setdefault(code, other)
    if met:
        raise Refused(
            msg(
                "封存以后又排了别的，抽了会有人同时在两处：%(names)s。"
                "先把那边挪开，或者这一次作废、重新封存",
                names=doubled_words(ceremony.event, met),
            )
        )


def refuse_sealed_besides(event: Event, stage: str, module: str, places: PlaceList) -> None:
    """Raise `Refused` while another list of the event is sealed for these times and not drawn."""
    rows = select(DrawCeremony).where(
        of_event(DrawCeremony, event),
        DrawCeremony.state.in_((CeremonyState.OPENING, CeremonyState.FIXED)),
    )
    known = (_span(places.times.get(place["code"], {})) for place in places.places)
    spans = {span for span in known if span is not None}
    for other in db.session.scalars(rows):
        if (other.stage, other.module) == (stage, module):
            continue
        theirs = {_span(other.times.get(place["code"], {})) for place in other.places}
        if any(it is not None and meet(span, it) for it in theirs for span in spans):
            raise Refused(
                msg(
                    "“%(name)s”已经封存，时间和这里重叠：先抽完它，这里才避得开",
                    name=other.name,
                )
            )


def _same_people(event: Event) -> list[tuple[int, int]]:
    """List entrants of other events with who is the same person in this one, by numbers."""
    alone = select(Entrant.id.label("entrant"), Entrant.event_id, Entrant.id_hash).where(
        Entrant.competition_id == event.competition_id, Entrant.id_hash.is_not(None)
    )
    crews = (
        select(Member.entrant_id, Entrant.event_id, Member.id_hash)
        .join(Entrant, Entrant.id == Member.entrant_id)
        .where(Member.competition_id == event.competition_id, Member.id_hash.is_not(None))
    )
    if len(event.competition.events) == 1:
        return []
    theirs, own = union_all(alone, crews).subquery(), union_all(alone, crews).subquery()
    rows = select(theirs.c.entrant, own.c.entrant).where(
        theirs.c.id_hash == own.c.id_hash,
        theirs.c.event_id != event.id,
        own.c.event_id == event.id,
    )
    return [(other, number) for other, number in db.session.execute(rows)]


def _laid_out(event: Event, stage: str, module: str) -> dict[tuple[str, str], list[Span]]:
    """The times of the event's other modules as they are laid out."""
    kept = settings_of(event.competition).timetables
    spans_of: dict[tuple[str, str], list[Span]] = {}
    for its in rules_of(event).stages:
        for other in its.modules:
            plan = kept.get(module_key(event, its.code, other.code), ())
            if not plan or (its.code, other.code) == (stage, module):
                continue
            try:
                laid = places_of(plan[-1])
            except PlacesError:
                continue
            spans = (_span(laid.times[place["code"]]) for place in laid.places)
            spans_of[its.code, other.code] = list(dict.fromkeys(filter(None, spans)))
    return spans_of


def _meetings(
    event: Event,
    at: tuple[str, str],
    places: Sequence[_Place],
    spans: Mapping[str, Span | None],
    codes: Sequence[str],
    elsewhere: Mapping[str, Sequence[OtherTime]],
) -> list[Message]:
    """Count those who are in both, by session and what goes on meanwhile."""
    sessions: dict[str, set[Span]] = {}
    for place in places:
        if (span := spans[place["code"]]) is not None:
            sessions.setdefault(place.get("session") or "", set()).add(span)
    there: dict[OtherTime, list[str]] = defaultdict(list)
    for code in codes:
        for other in dict.fromkeys(elsewhere.get(code, ())):
            there[other].append(code)
    crewed = crewed_in(event.competition, event)
    open_yet = {
        OtherTime(*span, module_title(event, *other))
        for other, laid in _laid_out(event, *at).items()
        if not _has_places(event, *other)
        for span in laid
    }
    meetings = []
    for name, own in sessions.items():
        starts, ends = min(span[0] for span in own), max(span[1] or span[0] for span in own)
        title = f"{name} {_span_words((starts, ends))}".strip()
        for other in sorted({*there, *open_yet}, key=lambda it: (it.starts_at, it.title)):
            if not any(overlap(other, *span) for span in own):
                continue
            if there.get(other):
                who = _people_words(event, there[other], crewed)
                sentence = msg(
                    "%(session)s和%(other)s同时，%(who)s两边都要去",
                    session=title,
                    other=other.words,
                    who=who,
                )
            else:
                sentence = msg(
                    "%(session)s和%(other)s同时，那边还没抽", session=title, other=other.words
                )
            meetings.append(sentence)
    return meetings


def _people_words(event: Event, codes: Sequence[str], crewed: frozenset[bool]) -> Message | str:
    """Count the people of a list, with their names where they are few."""
    count = heads(len(codes), crewed)
    if len(codes) > _MOST_NAMED:
        return count
    query = select(Entrant.code, Entrant.name).order_by(Entrant.code)
    people = db.session.execute(query.where(Entrant.event_id == event.id, Entrant.code.in_(codes)))
    return msg(
        "%(count)s（%(names)s）", count=count, names=listed([f"{it[0]} {it[1]}" for it in people])
    )


def _has_places(event: Event, stage: str, module: str) -> bool:
    """True if anybody has a place in the module."""
    rows = select(Slot.id).where(of_event(Slot, event, stage, module))
    return db.session.scalar(rows.limit(1)) is not None


def _share_out(
    groups: Sequence[tuple[frozenset[Span], int]], spans: Sequence[Span | None]
) -> tuple[list[list[int]], int]:
    """Share out places by number for each group of (what bars it, how many), the first first, and
    how many have to be where they are barred.
    """
    own: list[list[int]] = [[] for _group in groups]
    people = sum(size for _bars, size in groups)
    for number in range(len(spans)):
        if sum(map(len, own)) < people:
            _take(number, own, groups, spans)
    used = {number for share in own for number in share}
    left = [number for number in range(len(spans)) if number not in used]
    doubled = 0
    for share, (_bars, size) in zip(own, groups, strict=True):
        lacking = size - len(share)
        share += left[:lacking]
        left, doubled = left[lacking:], doubled + lacking
        share.sort()
    return own, doubled


def _take(
    place: int,
    own: list[list[int]],
    groups: Sequence[tuple[frozenset[Span], int]],
    spans: Sequence[Span | None],
) -> None:
    """Give a place to a group, where need be along a chain of groups that pass one on."""
    came: dict[int, tuple[int, int | None]] = {}
    reached: list[int] = []

    def offer(number: int, by: int | None) -> None:
        for group, (bars, _size) in enumerate(groups):
            if group not in came and spans[number] not in bars:
                came[group] = number, by
                reached.append(group)

    offer(place, None)
    for group in reached:
        if len(own[group]) < groups[group][1]:
            _pass_on(group, came, own)
            return
        for number in own[group]:
            offer(number, group)


def _pass_on(group: int, came: Mapping[int, tuple[int, int | None]], own: list[list[int]]) -> None:
    last: int | None = group
    while last is not None:
        number, by = came[last]
        own[last].append(number)
        if by is not None:
            own[by].remove(number)
        last = by


def _span(times: Mapping[str, str | None]) -> Span | None:
    starts, ends = times.get("starts"), times.get("ends")
    if not starts:
        return None
    return datetime.fromisoformat(starts), datetime.fromisoformat(ends) if ends else None


def _span_words(span: Span) -> str:
    """The words of a span, `09:00–10:30`, or when it begins alone."""
    starts, ends = clock_text(span[0]) or "", clock_text(span[1])
    return f"{starts}–{ends}" if ends and ends != starts else starts
