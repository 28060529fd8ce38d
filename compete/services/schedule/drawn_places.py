"""Drawn places: people with a place by a ceremony or on paper, as it was written; and without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.domain.values.states import CeremonyState
from compete.models import (
    Account,
    Assignment,
    Competition,
    DrawCeremony,
    Entrant,
    Event,
    Judge,
    Membership,
    PaperDraw,
    Slot,
    db,
    utc_now,
)
from compete.services.accounts.access import may
from compete.services.accounts.second_persons import require_second
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_key, modules_in, rules_of
from compete.services.kernel.module_keys import EventModule, of_event
from compete.services.kernel.participants import standing_withdrawal, takes_part
from compete.services.kernel.refusal import Refusal, Refused, invalid, refuse_if
from compete.services.kernel.text_limits import check_text, reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.kernel.versions import remembered_beside_marks
from compete.services.schedule.away import all_away
from compete.services.schedule.double_bookings import ReasonWantedError, doubled_in, doubled_words
from compete.services.schedule.draw_ceremonies import DRAWS_OVER, latest_ceremony, why_no_draw
from compete.services.schedule.draw_lists import (
    PlaceList,
    PlacesError,
    nfc,
    people_to_draw,
    standing_papers,
)
from compete.services.schedule.slots import GivenPlace, give_places
from compete.services.schedule.stage_moves import in_later_stages
from compete.services.sheets.absences import brought_along
from compete.services.sheets.photo_files import clean_picture

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class DrawnSoFar:
    """The counts of people expected, with a place, and drawn; `last_on` is the last draw's day.

    Who was drawn in one module and has, or is to have, a station in another that was not, is
    not drawn yet.
    """

    expected: int
    placed: int
    drawn: int
    last_on: date | None
    """None where nothing was drawn."""
    ended_on: date | None = None
    """The day of drawn places whose ceremony was ended since; None where none was."""
    away: int = 0
    """The number with a place who are absent, left or disqualified: they are not expected."""
    stages: tuple[str, ...] = ()
    """The later stages that it is of, by name, once some event has come to one."""

    without_place: int = 0
    """The number expected without a place in a module in which there are places."""
    arranged: bool = False
    """True if there are places, or they are laid out, in a module."""
    lacking: tuple[EventModule, ...] = ()
    """The modules, in the order of the rules, in which they lack one."""
    unplaced: tuple[EventModule, ...] = ()
    """The same, and those in which nobody has a place yet."""

    @property
    def whole(self) -> int:
        """Count the people who have a place in each module in which there are places."""
        return self.expected - self.without_place

    @property
    def done(self) -> bool:
        """True if a draw stands for everybody."""
        return 0 < self.expected <= self.drawn


def drawn_so_far(competition: Competition) -> DrawnSoFar:
    """Count what is known of the competition's draws, over all its events and stages."""
    return remembered_beside_marks(
        competition, "drawn so far", lambda: _drawn_so_far(competition, {})
    )


def drawn_now(competition: Competition) -> DrawnSoFar:
    """The same of the stage at which each event is: of its people, places and draws alone."""
    return remembered_beside_marks(
        competition, "drawn now", lambda: _drawn_so_far(competition, _later_stages(competition))
    )


@dataclass(frozen=True, slots=True)
class _Later:
    """The later stage at which an event is, and the codes of who is in it."""

    code: str
    name: str
    people: frozenset[str]


def _later_stages(competition: Competition) -> dict[int, _Later]:
    """The last of the later stages that was drawn for, or begun, by event."""
    drawn: dict[tuple[int, str], set[str]] = defaultdict(set)
    for ceremony in db.session.scalars(
        select(DrawCeremony).where(
            DrawCeremony.competition_id == competition.id,
            DrawCeremony.state == CeremonyState.DRAWN,
        )
    ):
        drawn[ceremony.event_id, ceremony.stage].update(it["code"] for it in ceremony.people)
    for paper in _papers_in_force(competition):
        drawn[paper.event_id, paper.stage].update(paper.codes)
    later_stages = {}
    for event in competition.events:
        later = rules_of(event).stages[1:]
        inside = in_later_stages(event) if later else frozenset()
        rows = select(Entrant.id, Entrant.code).where(Entrant.event_id == event.id)
        people = db.session.execute(rows).tuples().all() if inside else []
        for stage in later:
            begun = {code for number, code in people if (number, stage.code) in inside}
            codes = begun or drawn.get((event.id, stage.code), set())
            if codes:
                later_stages[event.id] = _Later(stage.code, stage.name, frozenset(codes))
    return later_stages


def _drawn_so_far(competition: Competition, later: Mapping[int, _Later]) -> DrawnSoFar:
    away = all_away(competition)
    at = {event.id: rules_of(event).stages[0].code for event in competition.events}
    at |= {event: stage.code for event, stage in later.items()}
    expected = (
        Entrant.competition_id == competition.id,
        Entrant.id.not_in(away),
        takes_part(),
    )

    def counts(event: int, stage: str) -> bool:
        return event not in later or later[event].code == stage

    def inside(code: str, event: int) -> bool:
        return event not in later or code in later[event].people

    numbered = [
        (number, code, event)
        for number, code, event in db.session.execute(
            select(Entrant.id, Entrant.code, Entrant.event_id).where(*expected)
        ).tuples()
        if inside(code, event)
    ]
    people = [(code, event) for _number, code, event in numbered]
    placed: list[tuple[str, EventModule]] = []
    there: dict[EventModule, set[str]] = defaultdict(set)
    for code, event, stage, module, station in db.session.execute(
        select(Entrant.code, Entrant.event_id, Slot.stage, Slot.module, Slot.station)
        .join(Slot, Slot.entrant_id == Entrant.id)
        .where(*expected)
    ).tuples():
        if inside(code, event) and counts(event, stage):
            there[event, stage, module].add(code)
            if station is not None:
                placed.append((code, (event, stage, module)))
    drawn: dict[EventModule, set[str]] = defaultdict(set)
    days: list[date] = []
    ended: list[date] = []
    for ceremony in db.session.scalars(
        select(DrawCeremony).where(DrawCeremony.competition_id == competition.id)
    ):
        if ceremony.drawn_at is None or not counts(ceremony.event_id, ceremony.stage):
            continue
        stands = ceremony.state is CeremonyState.DRAWN
        (days if stands else ended).append(local_time(ceremony.drawn_at).date())
        if stands:
            place = (ceremony.event_id, ceremony.stage, ceremony.module)
            drawn[place].update(person["code"] for person in ceremony.people)
    in_force = _papers_in_force(competition)
    for paper in paper_draws(competition):
        if not counts(paper.event_id, paper.stage):
            continue
        if paper not in in_force:
            if paper.ended_at is not None:
                ended.append(paper.drawn_on)
            continue
        drawn[paper.event_id, paper.stage, paper.module].update(paper.codes)
        days.append(paper.drawn_on)
    left = {code for code, place in placed if code not in drawn.get(place, ())}
    stationed = {it for it in _stationed(competition) if counts(*it[:2])}
    laid = settings_of(competition).timetables
    modules = []
    for its, stage, module in modules_in(competition):
        if stage == at[its.id]:
            modules.append((its.id, stage, module))
            if laid.get(module_key(its, stage, module)):
                stationed.add((its.id, stage, module))
    known = stationed | there.keys() | drawn.keys()
    for place in stationed | {place for _code, place in placed} | drawn.keys():
        left |= {
            code
            for code, event in people
            if event == place[0] and at[event] == place[1] and code not in drawn.get(place, ())
        }
    brought = {event.id: brought_along(event) for event in competition.events}
    lacking = {
        place: {
            code
            for number, code, event in numbered
            if event == place[0]
            and code not in there[place]
            and (number, place[2]) not in brought[event]
        }
        for place in modules
        if place in known
    }
    return DrawnSoFar(
        expected=len(people),
        without_place=len(set().union(*lacking.values())) if lacking else len(people),
        arranged=bool(known),
        lacking=tuple(it for it in modules if lacking.get(it)),
        unplaced=tuple(it for it in modules if lacking.get(it, {""})),
        placed=len({code for code, _place in placed}),
        drawn=len({code for code, _event in people} & set().union(*drawn.values()) - left),
        last_on=max(days, default=None),
        ended_on=max(ended, default=None),
        away=sum(
            inside(code, event)
            for code, event in db.session.execute(
                select(Entrant.code, Entrant.event_id).where(
                    Entrant.competition_id == competition.id, Entrant.id.in_(away), takes_part()
                )
            ).tuples()
        ),
        stages=tuple(dict.fromkeys(stage.name for stage in later.values())),
    )


def _stationed(competition: Competition) -> set[EventModule]:
    """The modules where judges sit at stations: who comes there is to have one."""
    query = select(Assignment.event_id, Assignment.stage, Assignment.module).join(
        Event, Event.id == Assignment.event_id
    )
    return set(
        db.session.execute(
            query.where(Event.competition_id == competition.id, Assignment.station != "")
        ).tuples()
    )


def paper_draws(competition: Competition) -> Sequence[PaperDraw]:
    """List draws that were held without the program, the newest first."""
    query = select(PaperDraw).where(PaperDraw.competition_id == competition.id)
    return db.session.scalars(query.order_by(PaperDraw.id.desc())).all()


def _papers_in_force(competition: Competition) -> list[PaperDraw]:
    """List those that were not ended, and no draw was held since."""
    return [paper for event in competition.events for paper in standing_papers(event)]


def papers_to_sign(competition: Competition) -> list[PaperDraw]:
    """List the draws on paper that wait for a supervisor."""
    return [paper for paper in _papers_in_force(competition) if paper.signed_by is None]


def _modules_to_redraw(event: Event) -> Mapping[tuple[str, str], frozenset[str]]:
    """The modules whose draw was ended and that were not drawn since, with whom it drew."""
    return remembered_beside_marks(
        event.competition, f"to redraw {event.code}", lambda: _read_modules_to_redraw(event)
    )


def _read_modules_to_redraw(event: Event) -> Mapping[tuple[str, str], frozenset[str]]:
    waiting: dict[tuple[str, str], frozenset[str]] = {}
    draws = db.session.scalars(
        select(DrawCeremony)
        .where(DrawCeremony.event_id == event.id, DrawCeremony.drawn_at.is_not(None))
        .order_by(DrawCeremony.drawn_at)
    )
    for draw in draws:
        codes = frozenset(person["code"] for person in draw.people)
        waiting[draw.stage, draw.module] = frozenset() if draw.ended_at is None else codes
    papers = db.session.scalars(
        select(PaperDraw).where(PaperDraw.event_id == event.id).order_by(PaperDraw.id)
    )
    standing = standing_papers(event)
    for paper in papers:
        place = paper.stage, paper.module
        if paper in standing:
            waiting[place] = frozenset()
        elif paper.ended_at is not None and place not in waiting:
            waiting[place] = frozenset(paper.codes)
    return {place: codes for place, codes in waiting.items() if codes}


def awaited_draws(entrant: Entrant) -> list[tuple[str, str]]:
    """The modules in which somebody had a place by a draw that was ended, and has none yet."""
    if standing_withdrawal(entrant) is not None:
        return []
    there = {(slot.stage, slot.module) for slot in entrant.slots}
    return [
        place
        for place, codes in _modules_to_redraw(entrant.event).items()
        if entrant.code in codes and place not in there
    ]


def supervisor_fault(competition: Competition, supervisor: str) -> Message | None:
    """Say that nobody of that name supervises here, where there are supervisors; else None."""
    name, known = nfc(supervisor).strip(), _supervisor_names(competition)
    if not name or not known or name in known:
        return None
    return msg(
        "%(name)s不是这次竞赛的监督，监督有：%(known)s。写监督的姓名，或者先把他加成监督",
        name=name[:40],
        known=some_of(known, _MOST_NAMED),
    )


def record_faults(drawn_on: str, supervisor: str) -> dict[str, Message]:
    """Find what is wrong with the day and the supervisor of a draw on paper, by field."""
    faults: dict[str, Message] = {}
    if not nfc(supervisor).strip():
        faults["supervisor"] = msg("请写监督抽签的人的姓名")
    try:
        day = date.fromisoformat(drawn_on.strip())
    except ValueError:
        faults["drawn_on"] = msg("抽签日期要写成 2026-09-16 这样")
    else:
        if day > local_today():
            faults["drawn_on"] = msg("%(day)s 还没到，抽过以后再记", day=date_words(day))
    return faults


def _supervisor_names(competition: Competition) -> list[str]:
    """The names of the competition's supervisors, as officials and as accounts."""
    accounts = (
        select(Account.name)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.competition_id == competition.id, Membership.role == Role.SUPERVISOR)
    )
    officials = select(Judge.name).where(
        Judge.competition_id == competition.id, Judge.role == Role.SUPERVISOR
    )
    names = {*db.session.scalars(accounts), *db.session.scalars(officials)}
    return sorted(nfc(name).strip() for name in names)


def enter_paper_draw(
    event: Event,
    stage: str,
    module: str,
    *,
    drawn_on: str,
    supervisor: str,
    by: Account,
    given: Sequence[GivenPlace] = (),
    photo: bytes = b"",
    why: str = "",
) -> PaperDraw:
    """Put on record that the module was drawn without the program, for those who have a place.

    `given` is what everybody drew, where their places did not come with a file; entered again,
    it takes the place of what nobody has signed yet. `photo` is of the signed record. Raises
    `Refused` (CONFLICT) for these once the module is drawn here or signed for, or its judges
    have sheets; and for what is no photo; `ReasonWantedError` without the reason `why` where
    somebody is in two places at one time.
    """
    for fault in record_faults(drawn_on, supervisor).values():
        raise invalid(fault)
    supervisor = nfc(supervisor).strip()
    check_text(supervisor, _LONGEST_NAME)
    day = date.fromisoformat(drawn_on.strip())
    picture = clean_picture(photo).data if photo else None
    with unit_of_work() as session:
        competition = for_update(event.competition)
        if given:
            _refuse_drawn(event, stage, module)
            picture = _drop_unsigned(event, stage, module, picture)
            give_places(event, stage, module, given)
        why = reason_text(why)
        spans = {
            entrant.code: (slot.starts_at, slot.ends_at)
            for entrant, slot in placed_in(event, stage, module)
            if slot.starts_at is not None
        }
        doubled = doubled_in(event, stage, module, spans)
        if doubled and not why:
            raise ReasonWantedError(
                msg(
                    "有 %(n)s 个参赛号同时在两处：%(names)s。改时间，或者写理由照样记",
                    n=len(doubled),
                    names=doubled_words(event, doubled),
                )
            )
        codes = _placed_codes(event, stage, module)
        if not codes:
            raise Refused(msg("这个模块还没有人有工位，先把工位随竞赛文件或抽签定下来"))
        paper = PaperDraw(
            competition_id=competition.id,
            event_id=event.id,
            stage=stage,
            module=module,
            drawn_on=day,
            supervisor=supervisor,
            codes=codes,
            photo=picture,
            made_by=by.id,
        )
        session.add(paper)
        session.flush()
        after = {
            "on": day.isoformat(),
            "supervisor": supervisor,
            "people": len(codes),
            "photo": sha256(picture).hexdigest() if picture else None,
            "places": {row.code: [row.session, row.station] for row in given},
        }
        subject = f"{event.code}/{stage}/{module}"
        audit.record(competition, by, "draw.paper", subject, after=after, reason=why or None)
    return paper


def _refuse_drawn(event: Event, stage: str, module: str) -> None:
    refuse_if(why_no_draw(event, stage, module))
    last = latest_ceremony(event, stage, module)
    if last is not None and last.state not in DRAWS_OVER:
        raise Refused(msg("“%(name)s”还没作废，也没写明理由结束，不能再写纸上抽的", name=last.name))


def _drop_unsigned(event: Event, stage: str, module: str, photo: bytes | None) -> bytes | None:
    """Drop the unsigned record of before, which is not right; the log keeps it. In a unit of work.

    Its photo stays where no other was sent.
    """
    for paper in standing_papers(event, stage, module):
        if paper.signed_by is not None:
            raise Refused(
                msg("监督已经签过名，不能重新记；个别人要改，在本人页上挪工位；都要改，先作废")
            )
        photo = photo or paper.photo
        db.session.delete(paper)
    db.session.flush()
    return photo


def sign_paper_draw(paper: PaperDraw, by: Account) -> None:
    """A supervisor says that what was entered is what the signed record of the draw says.

    Who entered it stays in the log. Raises `Refused` (CONFLICT) for one that is signed,
    (FORBIDDEN) for who is no supervisor, or has a card of who entered it since yesterday.
    """
    with unit_of_work() as session:
        competition = for_update(paper.event.competition)
        session.refresh(paper)
        if not may(by, competition, Right.OVERSEE):
            raise Refused(msg("监督才能签纸上的抽签"), kind=Refusal.FORBIDDEN)
        if paper.signed_by is not None:
            raise Refused(msg("已经签过名了"))
        _refuse_drawn_over(paper)
        require_second(competition, paper.made_by, by)
        before = {"entered": session.get_one(Account, paper.made_by).name}
        paper.signed_by, paper.signed_as, paper.signed_at = by.id, Role.SUPERVISOR, utc_now()
        signed = {"on": paper.drawn_on.isoformat(), "people": len(paper.codes)}
        after = signed | {"as": Role.SUPERVISOR.value}
        subject = f"{paper.event.code}/{paper.stage}/{paper.module}"
        audit.record(competition, by, "draw.paper_sign", subject, before=before, after=after)


def _refuse_drawn_over(paper: PaperDraw) -> None:
    """Raise `Refused` where the module was drawn since, or its list is sealed: one draw counts."""
    place = paper.event, paper.stage, paper.module
    last = latest_ceremony(*place)
    under_way = last is not None and last.state not in DRAWS_OVER
    if under_way or paper not in standing_papers(*place):
        raise Refused(msg("这个模块后来又办了抽签，纸上的这一次不算了，不用签"))


def places_on_paper(paper: PaperDraw) -> list[tuple[Entrant, Slot]]:
    """List the people in it with their place as it is now, in order of places."""
    codes = set(paper.codes)
    rows = placed_in(paper.event, paper.stage, paper.module)
    return [(entrant, slot) for entrant, slot in rows if entrant.code in codes]


def placed_in(event: Event, stage: str, module: str) -> list[tuple[Entrant, Slot]]:
    """List the people who have a station in the module, in order of places."""
    rows = db.session.execute(
        select(Entrant, Slot)
        .where(of_event(Slot, event, stage, module), takes_part(), Slot.station.is_not(None))
        .options(joinedload(Entrant.unit))
        .order_by(Slot.starts_at, Slot.session, Slot.station, Entrant.code)
    )
    return list(rows.tuples())


def _placed_codes(event: Event, stage: str, module: str) -> list[str]:
    """List the codes of those expected who have a station in the module."""
    here = of_event(Slot, event, stage, module)
    placed = set(db.session.scalars(select(Entrant.code).where(here, Slot.station.is_not(None))))
    people = people_to_draw(event, stage, module)
    return [person["code"] for person in people if person["code"] in placed]


_MOST_NAMED = 5
_MOST_FAULTS = 10
_FIELD = "lines"


def read_drawn(
    event: Event, stage: str, module: str, places: PlaceList | None, text: str
) -> list[GivenPlace]:
    """Read what everybody drew of these places; where they could not be read (None), nothing, and
    only who is named is looked at.

    A line has the number, the session, the station and, where known, which turn of the session
    at that station; else the lines stand in their turns. Raises `PlacesError` (`lines`) that
    tells at once every line that says no place, who or what stands twice, and who is left out.
    """
    people = {person["code"] for person in people_to_draw(event, stage, module)}
    turns = _turns(places.places) if places else None
    given: dict[str, GivenPlace] = {}
    taken: dict[str, str] = {}
    named: set[str] = set()
    faults: list[Message | str] = []
    for number, line in enumerate(nfc(text).splitlines(), start=1):
        if not line.strip():
            continue
        parts = _parts(line)
        place = _fault(parts, people, named, turns) or _place(parts, turns, taken)
        # Who stands in a line that is wrong is not left out besides.
        named.add(parts[0])
        if isinstance(place, Message):
            faults.append(msg("第 %(n)s 行：%(fault)s", n=number, fault=place))
        elif place is not None and places is not None:
            taken[place["code"]] = parts[0]
            times = places.times[place["code"]]
            given[parts[0]] = GivenPlace(parts[0], place["session"], place["line"], times)
    fault = _lines_fault(faults, sorted(people - named))
    if fault is not None:
        raise PlacesError({_FIELD: fault})
    return list(given.values())


def typed_places(places: PlaceList, text: str) -> dict[str, list[str]]:
    """The people by place in lines that may be wrong; one too many joins the last one."""
    turns = _turns(places.places)
    people_at: dict[str, list[str]] = {}
    for line in nfc(text).splitlines():
        code, session, station, *turn = (*_parts(line), "", "", "")[:4]
        there = turns.get(session, {}).get(station, ())
        if not there:
            continue
        number = whole_number(turn[0])
        free = (at for at, place in enumerate(there, 1) if place["code"] not in people_at)
        at = number or next(free, len(there))
        people_at.setdefault(there[min(at, len(there)) - 1]["code"], []).append(code)
    return people_at


def _lines_fault(faults: Sequence[Message | str], left: Sequence[str]) -> Message | None:
    """Say all that is wrong with the lines, or None: first faults, and who stands in no line."""
    parts = list(faults[:_MOST_FAULTS])
    if len(faults) > _MOST_FAULTS:
        parts.append(msg("一共 %(n)s 行有错", n=len(faults)))
    if left:
        codes = some_of(left, _MOST_NAMED)
        parts.append(msg("还有 %(n)s 个参赛号没有写：%(codes)s", n=len(left), codes=codes))
    return msg("%(faults)s", faults=listed(parts, msg("；"))) if parts else None


_Turns = Mapping[str, Mapping[str, Sequence[dict[str, Any]]]]


def _turns(places: Sequence[dict[str, Any]]) -> _Turns:
    """The places by session and station in the order of their turns."""
    turns: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for place in places:
        turns.setdefault(place["session"], {}).setdefault(place["line"], []).append(place)
    return turns


def _parts(line: str) -> list[str]:
    """The fields of a line: as a sheet's cells are pasted, or with commas between."""
    for mark in ("\t", "，", ","):
        if mark in line:
            return [part.strip() for part in line.split(mark)]
    return line.split()


def _fault(
    parts: Sequence[str], people: Container[str], named: Container[str], turns: _Turns | None
) -> Message | None:
    if len(parts) not in (3, 4):
        return msg("要写成：参赛号，场次，工位，第几个；第几个可以不写")
    code, session, station = parts[:3]
    if code not in people:
        return msg("这个模块没有参赛号 %(code)s", code=code)
    if code in named:
        return msg("%(code)s 写了两次", code=code)
    if turns is None:
        return None
    if session not in turns:
        return msg("没有场次“%(name)s”，有%(known)s", name=session[:40], known=_some_names(turns))
    stations = turns[session]
    if station not in stations:
        return msg(
            "没有工位“%(name)s”，有%(known)s", name=station[:40], known=_some_names(stations)
        )
    turn = parts[3] if len(parts) == 4 else ""
    if turn and whole_number(turn, least=1) is None:
        return msg("第几个写 1 或更大的整数")
    return None


def _some_names(names: Mapping[str, object]) -> Message | str:
    return listed(list(names)[:_MOST_NAMED])


def _place(
    parts: Sequence[str], turns: _Turns | None, taken: Mapping[str, str]
) -> dict[str, Any] | Message | None:
    """The place that a sound line says, without a turn the first free one of its station; or
    why there is none.
    """
    if turns is None:
        return None
    there = turns[parts[1]][parts[2]]
    if len(parts) == 4 and parts[3]:
        turn = int(parts[3][:6])
        place = there[turn - 1] if turn <= len(there) else None
    else:
        place = next((place for place in there if place["code"] not in taken), None)
    if place is None:
        return msg("场次里这个工位没有这一个位置了")
    if place["code"] in taken:
        return msg("%(code)s 已经在这个位置", code=taken[place["code"]])
    return place
