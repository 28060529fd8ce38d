"""The page of the plan: rooms by sessions, the next shortage, what it lacks, what is printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template, url_for
from flask_babel import gettext as _

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import msg
from compete.models import Competition
from compete.services.directory.rooms import rooms_offered
from compete.services.kernel.refusal import Refused
from compete.services.registration.printed_forms import FORM_TITLES, ROOM_FORMS
from compete.services.schedule.day_plan import (
    DayLayout,
    LaidPlan,
    groups_of,
    plan_mark,
)
from compete.services.schedule.double_bookings import ReasonWantedError
from compete.services.schedule.drawing_jobs import why_not_drawn
from compete.services.schedule.overseers import overseers_offered, session_key, why_plan_closed
from compete.services.schedule.plan_grid import (
    DayPlan,
    GridCell,
    GridSession,
    SessionKey,
    plan_of,
    rooms_for,
)
from compete.services.schedule.room_moves import RoomMove, last_change
from compete.web.applicant_conditions import names_not_admitted
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.last_act import last_act, when_and_who
from compete.web.refusals import problem_of
from compete.web.setting_forms import act_form
from compete.web.shapes import choices
from compete.web.templating import clock, day, weekday

TONES = 4
"""So many shades tell levels apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One level in one room and session."""

    name: str
    people: int
    tone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """A room in a session as it is shown."""

    blocks: Sequence[Block]
    free: int
    drawn: bool
    judges: str
    lacking: str
    key: str
    """Of the room in the session, as the form of another room has it."""
    words: str
    """The same in words, with how many sit there."""
    fitting: str
    """The rooms to which they can all be moved, each with how many fit: 12:50 15:60."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadView:
    """A session's head."""

    day: str
    """Empty where it is of the session before."""
    time: str
    names: str
    overseers: str
    lacking: bool
    """True if somebody is to oversee it and nobody does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """The next act: a press, a link, or a fold of this page."""

    title: str
    text: str
    label: str = ""
    post: str = ""
    url: str = ""
    why: str = ""
    """The reason that it asks for, in words."""


def describe_plan(competition: Competition, refused: Refused | None = None) -> str:
    """Render `organiser/schedule/plan/plan.html`."""
    plan, rooms = plan_of(competition), rooms_offered()
    closed = why_plan_closed(competition)
    doubled = why_not_drawn(competition) if plan.to_draw else None
    last = last_change(competition)
    fitting = {} if closed else rooms_for(competition, plan, rooms)
    spare = {number for targets in fitting.values() for number in targets}
    spare -= {room.id for room in plan.rooms}
    cells = {_key(cell): _cell_words(cell) for cell in plan.cells.values() if cell.drawn}
    return render_template(
        "organiser/schedule/plan/plan.html",
        plan=plan,
        levels=_levels(competition, plan),
        heads=_heads(plan, asks=competition_kind(competition).gives_verdicts),
        rows=[
            (room, [_cell(competition, plan, room.id, it, fitting) for it in plan.sessions])
            for room in plan.rooms
        ],
        spare=[room for room in rooms if room.id in spare],
        lacks=[*_unseated(plan), *map(say, plan.lacks), *_unadmitted(competition)],
        step=_step(competition, plan, bool(rooms), despite=isinstance(refused, ReasonWantedError)),
        papers=_papers(plan),
        rooms=rooms,
        groups=choices({group.key: group.name for group in groups_of(competition)}),
        group=next((it.group.key for it in plan.unseated if not it.laid), ""),
        mark=plan_mark(competition),
        form=act_form(DayLayout, refused, DayLayout()),
        opened=refused is not None or (bool(rooms) and any(not it.laid for it in plan.unseated)),
        moving=choices(cells),
        targets=choices(
            {"": msg("分到别的赛场的空位"), **{str(room.id): room.name for room in rooms}}
        ),
        sessions=choices(
            {
                session_key(*it.key): f"{day(it.key[0])} {_span(it)} {it.key[1]}"
                for it in plan.sessions
            }
        ),
        overseers=choices(
            {"": msg("没有人"), **{it.code: it.name for it in overseers_offered(competition)}}
        ),
        oversees=competition_kind(competition).gives_verdicts,
        seating=allowed_url("organiser.seating"),
        problem=problem_of(refused) or (say(doubled) if doubled else ""),
        closed=say(closed) if closed else "",
        last=last_act(last, _last_words(last), url_for("organiser.undo_day_plan"))
        if last
        else None,
    )


def _last_words(last: LaidPlan | RoomMove) -> str:
    """Say what was changed last, when and by whom."""
    if isinstance(last, LaidPlan):
        return _(
            "%(at)s %(who)s排了%(group)s，%(n)s 人",
            **when_and_who(last),
            group=last.group,
            n=last.people,
        )
    if not last.to:
        return _(
            "%(at)s %(who)s把%(session)s在%(room)s的 %(n)s 人分到别的赛场",
            **when_and_who(last),
            session=last.session,
            room=last.room,
            n=last.people,
        )
    return _(
        "%(at)s %(who)s把%(session)s在%(room)s的 %(n)s 人换到%(to)s",
        **when_and_who(last),
        session=last.session,
        room=last.room,
        to=last.to,
        n=last.people,
    )


def _key(cell: GridCell) -> str:
    return f"{cell.room.id}|{session_key(*cell.session)}"


def _cell_words(cell: GridCell) -> str:
    return _(
        "%(room)s，%(day)s %(session)s，%(n)s 人",
        room=cell.room.name,
        day=day(cell.session[0]),
        session=cell.session[1],
        n=cell.sitting,
    )


def _levels(competition: Competition, plan: DayPlan) -> list[Block]:
    """The events in their shades, each with how many take part."""
    return [
        Block(name=event.name, people=plan.people[event.id], tone=_tone(competition, event.id))
        for event in competition.events
    ]


def _tone(competition: Competition, event: int) -> int:
    numbers = [row.id for row in competition.events]
    return numbers.index(event) % TONES


def _heads(plan: DayPlan, *, asks: bool) -> list[HeadView]:
    heads: list[HeadView] = []
    before: date | None = None
    for session in plan.sessions:
        on = session.key[0]
        heads.append(
            HeadView(
                day=f"{day(on)} {weekday(on)}" if on != before else "",
                time=_span(session),
                names=_("、").join(session.names),
                overseers=_("、").join(judge.name for judge in session.overseers),
                lacking=asks and not session.overseers,
            )
        )
        before = on
    return heads


def _span(session: GridSession) -> str:
    return "–".join(filter(None, (clock(session.starts), clock(session.ends))))


def _cell(
    competition: Competition,
    plan: DayPlan,
    room: int,
    session: GridSession,
    fitting: Mapping[tuple[int, SessionKey], Mapping[int, int]],
) -> CellView | None:
    cell = plan.cells.get((room, session.key))
    if cell is None:
        return None
    names = {event.id: event.name for event in competition.events}
    return CellView(
        blocks=[
            Block(name=names[event], people=n, tone=_tone(competition, event))
            for event, n in sorted(cell.people.items())
        ],
        free=cell.free,
        drawn=cell.drawn,
        judges=_("、").join(cell.judges.values()),
        lacking=_lacking(cell),
        key=_key(cell),
        words=_cell_words(cell),
        fitting=" ".join(
            f"{number}:{fits}" for number, fits in fitting.get((room, session.key), {}).items()
        ),
    )


def _lacking(cell: GridCell) -> str:
    lacking = cell.wanted - len(cell.judges)
    return _("要 %(wanted)s 名，差 %(n)s", wanted=cell.wanted, n=lacking) if lacking > 0 else ""


def _unseated(plan: DayPlan) -> list[str]:
    return [_("%(group)s %(n)s 人没座位", group=it.group.name, n=it.people) for it in plan.unseated]


def _unadmitted(competition: Competition) -> list[str]:
    """Name who was not passed: they get no seat and no admission card, and stand on no paper."""
    if not competition_kind(competition).has_review:
        return []
    names = names_not_admitted(competition, _NAMED)
    if not names:
        return []
    return [_("没有通过审核，没有准考证，不印在座位表上：%(names)s", names=_("、").join(names))]


_NAMED = 10


def _step(competition: Competition, plan: DayPlan, rooms: bool, *, despite: bool) -> PlanStep:
    """The next act; `despite`: somebody would be in two places, which takes a reason."""
    lacking = sum(it.people for it in plan.unseated)
    title = _("%(n)s 人次，排了 %(seated)s", n=plan.sittings, seated=plan.seated)
    if not rooms and not plan.sessions:
        url = allowed_url("organiser.rooms")
        return PlanStep(
            title=title,
            text=_("先写有哪些赛场、各有几个位置。")
            if url
            else _("先请组委会写有哪些赛场、各有几个位置。"),
            label=_("加赛场") if url else "",
            url=url or "",
        )
    if plan.to_draw:
        return PlanStep(
            title=title,
            text=_("先公布名单和座位，再由电脑抽，谁都能复算。抽了就作数，以后一个一个挪。"),
            label=_("写理由照样抽，%(n)s 人次", n=plan.to_draw)
            if despite
            else _("抽签排座，%(n)s 人次", n=plan.to_draw),
            post=url_for("organiser.draw_day_plan"),
            why=_("为什么照样抽") if despite else "",
        )
    if plan.late:
        return PlanStep(
            title=title,
            text=_("照准考证号排进本级赛场的空位，同单位的不挨着。")
            if competition_kind(competition).has_conditions
            else _("照编号排进空位，同单位的不挨着。"),
            label=_("排这 %(n)s 人次", n=plan.late),
            post=url_for("organiser.seat_day_plan"),
            why=_("为什么补排"),
        )
    if lacking:
        return PlanStep(title=title, text=_("填“排场次和赛场”，一个模块一个模块排。"))
    badges = allowed_url("organiser.badges")
    return PlanStep(
        title=title,
        text=_("人人有座位。改了座位，有关的纸重印。"),
        label=_("印参赛证") if badges else "",
        url=badges or "",
    )


def _papers(plan: DayPlan) -> list[tuple[str, str]]:
    """The papers of the rooms, each with its address, once somebody sits there."""
    if not any(cell.drawn for cell in plan.cells.values()):
        return []
    papers = [
        (say(FORM_TITLES[form]), allowed_url("organiser.people_form", form=form))
        for form in ROOM_FORMS
    ]
    return [(title, url) for title, url in papers if url]
