"""The page of draws: one module's timetable, how it is drawn, and what comes next.

The timetable is sessions × stations: before it is drawn, and once people stand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.ceremonies.holding import moved_from
from compete.domain.ceremonies.units_then_people import final_places
from compete.domain.stations import station_order
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import msg
from compete.domain.values.states import CeremonyState
from compete.models import Competition, DrawCeremony, Entrant, Event, PaperDraw, Slot
from compete.services.directory.rooms import rooms_offered
from compete.services.kernel.competition_settings import Timetable
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.schedule.double_bookings import doubled_in, doubled_words, part_places
from compete.services.schedule.draw_ceremonies import DRAWS_OVER, latest_ceremony, why_no_draw
from compete.services.schedule.draw_changes import changes_since
from compete.services.schedule.draw_lists import (
    LAYERS,
    PlaceList,
    PlacesError,
    people_to_draw,
    places_of,
    published_file,
    standing_papers,
    whole_places,
)
from compete.services.schedule.drawn_places import drawn_now, placed_in
from compete.services.schedule.stations import stations_of
from compete.services.schedule.timetables import (
    LONGEST_CLOSED,
    rule_of,
    steps_back,
    timetable_of,
    why_laid_out,
)
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.competition_words import module_choices
from compete.web.organiser.schedule.draws.known_words import known_words
from compete.web.organiser.schedule.draws.view_model import (
    Cell,
    Foot,
    Head,
    LayoutForm,
    StandingDraw,
    TimetableView,
    ceremony_lines,
    ceremony_url,
    ending_of,
    moved_by_rule,
    paper_chip_of,
    paper_lines,
    rule_sentence,
    rule_words,
    signed_words,
    state_chip_of,
)
from compete.web.shapes import Chip, choices
from compete.web.templating import clock, day, moment, moment_in_sentence
from compete.web.words import heads_in

_MOST_MEETINGS = 3
COMPUTER, SEALED, PAPER = "computer", "sealed", "paper"
_S = CeremonyState


class Entered(NamedTuple):
    """The typed values of the page's forms, and their faults."""

    layout: LayoutForm | None = None
    errors: Mapping[str, str] = {}
    """The faults of a draw on paper, by field."""
    marks: Mapping[str, Sequence[str]] | None = None
    """The typed people of a draw on paper, by place."""
    swap_error: str = ""
    way: str = ""
    why: str = ""
    why_error: str = ""
    problem: str = ""
    end_error: str = ""
    """Why a draw on paper is not asked to be made void."""
    closed_why: str = ""


NOTHING_ENTERED = Entered()


class _Found(NamedTuple):
    """The known facts of the module."""

    event: Event
    stage: str
    module: str
    last: DrawCeremony | None
    """The draw that stands or is under way, if any."""
    paper: PaperDraw | None
    plan: Timetable | None
    people: int
    units: int
    places: int
    too_late: str

    @property
    def key(self) -> str:
        """Name of the module in addresses."""
        return module_key(self.event, self.stage, self.module)

    @property
    def place(self) -> tuple[Event, str, str]:
        """The module itself."""
        return self.event, self.stage, self.module

    @property
    def unsigned(self) -> bool:
        """True if a draw on paper waits for the supervisor's name."""
        return self.paper is not None and self.paper.signed_by is None

    @property
    def drawn(self) -> bool:
        """True if people stand where a draw put them."""
        return self.paper is not None or (self.last is not None and self.last.state is _S.DRAWN)


def describe_draws(
    competition: Competition,
    module: tuple[Event, str, str],
    entered: Entered = NOTHING_ENTERED,
) -> str:
    """Render `organiser/schedule/draws/draws.html`."""
    seen = _look(*module)
    way = entered.way or _way(seen)
    slots = placed_in(*module)
    find, by = request.args.get("find", "").strip(), request.args.get("by", "")
    moved = _moved_in(seen.last, slots)
    standing = bool(slots) and (seen.drawn or seen.plan is None or bool(seen.too_late))
    free = seen.last is None and not seen.drawn and not seen.too_late
    layout = entered.layout or _layout_form(seen)
    table: TimetableView | None = None
    if standing:
        table = _standing_table(slots, moved, find, seen.plan, _swapped_in(seen.last))
    elif seen.last is not None:
        table = _sealed_table(seen.last)
    elif seen.plan is not None:
        cells = _laid(seen.plan, seen.people, entered.marks)
        table = _table(cells) if cells else None
    laid = why_laid_out(*module) is None and not seen.drawn
    return render_template(
        "organiser/schedule/draws/draws.html",
        known=known_words(competition, drawn_now(competition)),
        status=_status(seen),
        module=seen.key,
        modules=module_choices(competition),
        ways=_ways() if free else (),
        way=way,
        standing=_draw_standing(seen, entered.end_error),
        too_late=seen.too_late,
        heading=_heading(seen, len(slots) if standing else None),
        rule=_rule(seen),
        timetable=table,
        stands=standing,
        placed=bool(slots),
        people=_list_rows([row for row in slots if _is_found(row[0], find)], by)
        if standing and by
        else (),
        moved=moved,
        by=by,
        find=find,
        open_layout=entered.layout is not None or (laid and seen.plan is None),
        layout=layout if laid else None,
        rooms=choices({"": msg("不写"), **{str(it.id): it.name for it in rooms_offered()}}),
        paper=way == PAPER and bool(entered.way or _takes_paper(seen)),
        swap=standing and not seen.too_late,
        sent=request.form,
        entered=entered,
        closed_most=LONGEST_CLOSED,
        warned=_warned(seen, slots),
        foot=_foot(seen, way, free=free),
        ceremonies=ceremony_lines(competition),
        papers=paper_lines(competition),
        can_undo=laid and bool(steps_back(*module)),
    )


def _warned(seen: _Found, slots: Sequence[tuple[Entrant, Slot]]) -> list[str]:
    """Warn of people in two places at one time, now or soon, and say how that is changed."""
    module = seen.place
    if slots:
        spans = {who.code: (at.starts_at, at.ends_at) for who, at in slots if at.starts_at}
        doubled = doubled_in(*module, spans)
        if doubled:
            return [
                _(
                    "%(who)s同时在两处：%(names)s。换两个人的位置，或者到本人页上挪工位。",
                    who=_heads(seen, len(doubled)),
                    names=say(doubled_words(seen.event, doubled)),
                )
            ]
    if seen.plan is None or seen.last is not None or slots or seen.too_late:
        return []
    try:
        laid = places_of(seen.plan)
    except PlacesError:
        return []
    parted = part_places(*module, people_to_draw(*module), laid, as_one=seen.plan.layer in LAYERS)
    if not parted.meetings:
        return []
    notes = [say(meeting) for meeting in parted.meetings[:_MOST_MEETINGS]]
    if more := len(parted.meetings) - len(notes):
        notes.append(_("还有 %(n)s 处同时", n=more))
    if parted.doubled:
        who = _heads(seen, parted.doubled)
        notes.append(_("%(who)s躲不开：加场次或改时间，不改的封存时写理由", who=who))
    else:
        notes.append(_("抽的时候避开"))
    return [_("；").join(notes) + _("。")]


def _look(event: Event, stage: str, module: str) -> _Found:
    last = latest_ceremony(event, stage, module)
    papers = standing_papers(event, stage, module)
    stands = last if last is not None and last.state not in DRAWS_OVER else None
    if stands is not None and stands.by_computer and stands.state is _S.PREPARING:
        # Its sealing broke off: nothing is out, and it is sealed anew.
        stands = None
    signed = [paper for paper in papers if paper.signed_by is not None]
    paper = (signed or papers)[0] if papers and stands is None else None
    plan = timetable_of(event, stage, module)
    late = why_no_draw(event, stage, module)
    people = people_to_draw(event, stage, module) if late is None else []
    return _Found(
        event=event,
        stage=stage,
        module=module,
        last=stands,
        paper=paper,
        plan=plan,
        people=len(people),
        units=len({person["unit"] for person in (stands.people if stands else people)}),
        places=_count(plan),
        too_late=say(late) if late else "",
    )


def _takes_paper(seen: _Found) -> bool:
    """Say if a draw on paper can be put on record, or entered again until it is signed."""
    return seen.last is None and (seen.paper is None or seen.paper.signed_by is None)


def _count(plan: Timetable | None) -> int:
    try:
        return len(places_of(plan).places) if plan else 0
    except PlacesError:
        return 0


def _way(seen: _Found) -> str:
    if seen.too_late or seen.unsigned:
        return PAPER
    asked = request.args.get("way", "")
    return asked if asked in (COMPUTER, SEALED, PAPER) else COMPUTER


def _status(seen: _Found) -> Chip:
    if seen.last is not None and seen.last.waits_to_end:
        return state_chip_of(seen.last)
    if seen.paper is not None and seen.paper.waits_to_end:
        return paper_chip_of(seen.paper)
    if seen.last is not None and not seen.drawn:
        if seen.last.by_computer:
            return Chip(text=_("名单已封存"), kind="warn", icon="half-circle")
        return state_chip_of(seen.last)
    if seen.unsigned:
        return Chip(text=_("等监督签名"), kind="warn", icon="clock")
    if seen.drawn:
        return Chip(text=_("抽好了"), kind="ok", icon="check-circle")
    return Chip(text=_("还没抽"), kind="warn", icon="dashed-circle")


def _ways() -> list[tuple[str, str, str, str, str]]:
    return [
        (
            *(COMPUTER, "dice", _("电脑随机抽")),
            *(_("一个人按一下，10 秒"), _("种子和名单都留着，谁都能复算")),
        ),
        (
            *(SEALED, "envelope", _("当众封签")),
            *(_("几方各放一个签，当场拆，8 分钟"), _("没人能单独左右结果，要投大屏")),
        ),
        (
            *(PAPER, "note", _("纸上抽过了")),
            *(_("把抽签单贴进来"), _("监督核对一遍才生效")),
        ),
    ]


def _draw_standing(seen: _Found, end_error: str) -> StandingDraw | None:
    last, paper = seen.last, seen.paper
    if last is None:
        if paper is None:
            return None
        return StandingDraw(
            icon="note",
            title=_("%(day)s 在纸上抽的", day=day(paper.drawn_on, with_year=True)),
            words="",
            note=signed_words(paper) or _("监督 %(name)s 还没签名", name=paper.supervisor),
            url=None,
            ending=None if seen.too_late else ending_of(paper, end_error),
        )
    method = _("电脑随机抽") if last.by_computer else _("当众封签")
    at = last.drawn_at or last.head_at or last.made_at
    number = _("第 %(n)s 次抽签", n=last.number) if last.number > 1 else ""
    parts = [method, number, moment(at)]
    moved = moved_by_rule(last, published_file(last)) or 0
    return StandingDraw(
        icon="dice" if last.by_computer else "envelope",
        title=_("，").join(part for part in parts if part),
        words=hash_phrase(bytes.fromhex(last.head)) if last.head else "",
        note=_("按要求调过 %(who)s", who=_heads(seen, moved)) if moved else "",
        url=ceremony_url(last),
        ending=None if seen.too_late else ending_of(last),
    )


def _heads(seen: _Found, n: int) -> str:
    return heads_in(n, seen.event.competition, seen.event)


def _heading(seen: _Found, standing: int | None) -> str:
    if standing is not None:
        return _("%(who)s有位置", who=_heads(seen, standing))
    if seen.last is not None:
        people, places = len(seen.last.people), len(seen.last.places)
    else:
        people, places = seen.people, seen.places
    if not places:
        return _("%(who)s要抽", who=_heads(seen, people))
    return _("%(who)s放进 %(places)s 个位置", who=_heads(seen, people), places=places)


def _rule(seen: _Found) -> str:
    if seen.last is not None:
        return rule_words(seen.last)
    if seen.plan is None or seen.drawn:
        return ""
    return rule_sentence(seen.event, seen.plan.layer, rule_of(seen.plan))


def _layout_form(seen: _Found) -> LayoutForm:
    plan = seen.plan
    if plan is None:
        known = "\n".join(stations_of(seen.event, seen.stage, seen.module))
        return LayoutForm(stations=known, posts=str(len(known.splitlines()) or ""))
    return LayoutForm(
        stations=plan.stations,
        sessions=plan.sessions,
        check_in=plan.check_in,
        layer=plan.layer,
        apart=plan.apart,
        per_session=str(plan.per_session or ""),
        room=str(plan.room or ""),
    )


def _foot(seen: _Found, way: str, *, free: bool) -> Foot | None:
    last = seen.last
    if seen.too_late:
        if not _takes_paper(seen):
            return None
        return Foot(title=_("已经在纸上抽过"), label=_("记下"), form="paper")
    if any(draw is not None and draw.waits_to_end for draw in (seen.last, seen.paper)):
        return None
    comes = ngettext(
        "%(num)s 个单位在自己的页面看得到；座位表、参赛证、检录平板都照它。"
        "以后一个一个挪，写理由。",
        "%(num)s 个单位在自己的页面看得到；座位表、参赛证、检录平板都照它。"
        "以后一个一个挪，写理由。",
        seen.units,
    )
    if seen.drawn and (left := _modules_left(seen)):
        titles = [module_title(*module) for module in left]
        return Foot(
            title=_("“%(module)s”的位置定了", module=module_title(*seen.place)),
            text=f"{comes} {_('还没排完：%(modules)s。', modules=_('、').join(titles))}",
            label=_("下一步：%(module)s", module=titles[0]),
            url=url_for("organiser.draws", module=module_key(*left[0])),
        )
    if seen.drawn:
        seating = allowed_url("organiser.seating")
        return Foot(
            title=_("位置都定了"),
            text=comes,
            label=_("下一步：裁判分工") if seating else "",
            url=seating or "",
        )
    if last is not None and last.by_computer:
        return Foot(
            title=_(
                "名单已封存，%(who)s，%(at)s",
                who=_heads(seen, len(last.people)),
                at=moment_in_sentence(last.head_at),
            ),
            text=ngettext(
                "抽了就作数：座位表、参赛证、检录平板一起有，%(num)s 个单位在自己的页面看到。"
                "作废要写理由、两人同意，会公布。",
                "抽了就作数：座位表、参赛证、检录平板一起有，%(num)s 个单位在自己的页面看到。"
                "作废要写理由、两人同意，会公布。",
                seen.units,
            ),
            label=_("现在抽"),
            post=ceremony_url(last, "draw"),
        )
    if last is not None:
        return Foot(
            title=_("当众封签还没办完"),
            label=_("接着办"),
            url=ceremony_url(last),
        )
    if way == PAPER:
        return Foot(
            title=_("抽签单"),
            text=_("监督照着签过字的单子对一遍，签名。"),
            label=_("记下"),
            form="paper",
        )
    if not free or seen.places < seen.people or not seen.people:
        return _short(seen)
    if way == SEALED:
        return Foot(
            title=_("名单取自报名"),
            text=_("缺考、退赛的不抽。"),
            label=_("开始封签"),
            form="draw",
        )
    return Foot(
        title=_("先封存名单"),
        text=_("封存以后，名单、位置、要求一个字也不改。"),
        label=_("封存名单"),
        form="draw",
    )


def _modules_left(seen: _Found) -> list[tuple[Event, str, str]]:
    """The other modules in which somebody lacks a place."""
    competition = seen.event.competition
    events = {event.id: event for event in competition.events}
    return [
        (events[event], stage, module)
        for event, stage, module in drawn_now(competition).unplaced
        if (event, stage, module) != (seen.event.id, seen.stage, seen.module)
    ]


def _short(seen: _Found) -> Foot:
    if not seen.people:
        return Foot(title=_("这个模块还没有谁要抽签"))
    if not seen.places:
        return Foot(title=_("先排场次和工位"))
    return Foot(
        title=_(
            "%(who)s，只有 %(places)s 个位置", who=_heads(seen, seen.people), places=seen.places
        ),
        text=_("加场次或者工位。"),
    )


_MANY_STATIONS = 16
"""Beyond so many, stations go down and sessions across."""
_NAMED = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """A row of places at the same time."""

    session: str | None
    starts: datetime | None
    ends: datetime | None


_At = tuple[Turn, str]
"""A place: when, and at which station."""


def _laid(
    timetable: Timetable, people: int = 0, marks: Mapping[str, Sequence[str]] | None = None
) -> dict[_At, Cell]:
    """The places before anybody stands there; none where its lines make none.

    `marks` are the numbers that were typed for each place: what is doubled or left is marked.
    """
    try:
        laid = whole_places(timetable)
    except PlacesError:
        return {}
    closed = set(timetable.closed)
    cells: dict[_At, Cell] = {}
    number = 0
    if timetable.seats:
        return _seats_laid(laid)
    for place in laid.places:
        code = place["code"]
        number += code not in closed
        if code in closed:
            why = timetable.reasons.get(code, "")
            note = _("不用") if why else ""
            cell = Cell(kind="closed", text=why or _("不用"), note=note, place=code)
        elif marks is not None:
            cell = _place_cell(marks.get(code, ()), code)
        else:
            kind = "free" if number <= people else "spare"
            cell = Cell(kind=kind, text=str(number), place=code)
        cells[_turn(place["session"], laid.times[code]), place["line"]] = cell
    return cells


def _seats_laid(laid: PlaceList) -> dict[_At, Cell]:
    """How many seats of each room there are in each turn: they are closed by none."""
    seats = Counter(
        (_turn(place["session"], laid.times[place["code"]]), place["line"]) for place in laid.places
    )
    return {at: Cell(kind="free", text=_("%(n)s 个位置", n=n)) for at, n in seats.items()}


def _sealed_table(ceremony: DrawCeremony) -> TimetableView:
    """The places of a list that is sealed and not drawn yet."""
    if any("seat" in times for times in ceremony.times.values()):
        return _table(_seats_laid(PlaceList(ceremony.places, ceremony.times)))
    return _table(
        {
            (_turn(place["session"], ceremony.times.get(place["code"], {})), place["line"]): Cell(
                kind="free" if at <= len(ceremony.people) else "spare", text=str(at)
            )
            for at, place in enumerate(ceremony.places, start=1)
        }
    )


def _turn(session: str | None, times: Mapping[str, str | None]) -> Turn:
    starts, ends = times.get("starts"), times.get("ends")
    return Turn(
        session,
        datetime.fromisoformat(starts) if starts else None,
        datetime.fromisoformat(ends) if ends else None,
    )


def _place_cell(codes: Sequence[str], place: str) -> Cell:
    if not codes:
        return Cell(kind="none", text=_("空"), place=place)
    double = len(codes) > 1
    return Cell(
        kind="double" if double else "named",
        text=_("、").join(codes),
        note=_("写了两次") if double else "",
        place=place,
    )


def _standing_table(
    slots: Sequence[tuple[Entrant, Slot]],
    moved: Mapping[str, str],
    find: str,
    laid: Timetable | None,
    swapped: Container[str],
) -> TimetableView:
    """Show everybody's place, with the closed ones as they were `laid` out.

    `moved` are the numbers of those whom the rule put elsewhere, `swapped` of those who changed
    places since.
    """
    plan = _laid(laid) if laid else {}
    there: dict[_At, list[Entrant]] = defaultdict(list)
    for entrant, slot in slots:
        turn = Turn(slot.session, slot.starts_at, slot.ends_at)
        there[turn, slot.station or ""].append(entrant)
    closed = {at: cell for at, cell in plan.items() if cell.kind == "closed"}
    return _table(
        closed | {at: _stands(people, moved, find, swapped) for at, people in there.items()}
    )


def _swapped_in(ceremony: DrawCeremony | None) -> set[str]:
    """The numbers of those who have another place than the draw gave them."""
    if ceremony is None:
        return set()
    changes = changes_since(ceremony)
    return {code for it in changes for code in (it.code, it.partner) if code}


def _stands(
    people: Sequence[Entrant], moved: Mapping[str, str], find: str, swapped: Container[str]
) -> Cell:
    first = people[0]
    named = _("、").join(person.name for person in people[:_NAMED])
    adjusted = len(people) == 1 and first.code in moved
    unit = first.unit.name if len(people) == 1 else _("共 %(n)s 个", n=len(people))
    note = _("%(unit)s，调", unit=unit) if adjusted else unit
    if any(person.code in swapped for person in people):
        note = _("%(unit)s，换过", unit=note)
    return Cell(
        kind="moved" if adjusted else "named",
        text=named,
        note=note,
        moved_from=moved[first.code] if adjusted else "",
        person=first.code if len(people) == 1 else "",
        found=bool(find) and any(_is_found(person, find) for person in people),
    )


def _is_found(person: Entrant, find: str) -> bool:
    """True if the search words are found in a person."""
    return any(find in text for text in (person.name, person.code, person.unit.name))


def _moved_in(
    ceremony: DrawCeremony | None, slots: Sequence[tuple[Entrant, Slot]]
) -> dict[str, str]:
    """Return the people moved by the rule alone, by number, each with their former place."""
    file = published_file(ceremony) if ceremony and ceremony.state is CeremonyState.DRAWN else None
    if file is None:
        return {}
    put = {row.code: (row.place.session, row.place.line) for row in final_places(file) if row.moved}
    came = moved_from(file) if put else {}
    return {
        person.code: " ".join(
            part for part in (came[person.code].session, came[person.code].line) if part
        )
        for person, slot in slots
        if person.code in came and put.get(person.code) == (slot.session, slot.station)
    }


def _list_rows(slots: Sequence[tuple[Entrant, Slot]], by: str) -> list[tuple[Entrant, Slot]]:
    """The same as a list, by unit or by name."""
    return sorted(
        slots,
        key=lambda row: (row[0].unit.name if by == "unit" else "", row[0].name_key, row[0].code),
    )


def _table(cells: Mapping[_At, Cell]) -> TimetableView:
    turns = sorted(
        dict.fromkeys(turn for turn, _station in cells),
        key=lambda turn: (turn.starts is None, turn.starts.timestamp() if turn.starts else 0),
    )
    stations = sorted(dict.fromkeys(station for _turn, station in cells), key=station_order)
    nobody = Cell(kind="none")
    days = {turn.starts.date() for turn in turns if turn.starts}
    times = [_head(turn, several=len(days) > 1) for turn in turns]
    posts = [Head(label=station or "—") for station in stations]
    if len(stations) > _MANY_STATIONS:
        return TimetableView(
            corner=_("工位"),
            turned=True,
            heads=times,
            rows=[
                (head, [cells.get((turn, station), nobody) for turn in turns])
                for head, station in zip(posts, stations, strict=True)
            ],
        )
    return TimetableView(
        corner=_("场次"),
        heads=posts,
        rows=[
            (head, [cells.get((turn, station), nobody) for station in stations])
            for head, turn in zip(times, turns, strict=True)
        ],
    )


def _head(turn: Turn, *, several: bool) -> Head:
    """Return the time of a turn; with its day if the timetable has `several`."""
    starts, ends = clock(turn.starts), f"–{clock(turn.ends)}" if turn.ends else ""
    when = (moment(turn.starts) if several else starts) + ends if turn.starts else ""
    return Head(label=turn.session, note=when) if turn.session else Head(label=when or "—")
