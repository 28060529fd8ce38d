"""Forms for the day, filled in as far as is known: attendance, check-in, places, schedule …"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from compete.documents.forms import Form, render_form
from compete.documents.lists import Stamp
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Message, Translate, msg
from compete.models import Competition, Entrant, Event, Member, Slot, db, utc_now
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.installation import fonts
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused
from compete.services.registration.day_forms import (
    draw_lines,
    field_lines,
    goes_by_occasion,
    occasion_lines,
    paper_text,
    person_lines,
    schedule_lines,
)
from compete.services.registration.order_book import ORDER_BOOK, print_order_book
from compete.services.registration.people import count_everybody
from compete.services.registration.room_papers import (
    print_doors,
    print_seating,
    record_lines,
    sign_in_lines,
)
from compete.services.schedule.away import away_among, marked

PEOPLE_FORM = "people_form"
SEATING, DOORS = "seating", "doors"
FORM_TITLES: dict[str, Message] = {
    Form.ATTENDANCE: msg("签到表"),
    Form.CHECK_IN: msg("检录表"),
    Form.DRAW: msg("抽签记录"),
    Form.FIELD_RECORD: msg("现场记录表"),
    Form.SCHEDULE: msg("日程"),
    ORDER_BOOK: msg("秩序册"),
    SEATING: msg("座位表"),
    DOORS: msg("门贴"),
    Form.ROOM_SIGN_IN: msg("赛场签到表"),
    Form.ROOM_RECORD: msg("赛场记录"),
}
"""The papers that a list of contestants and their places are enough for: forms, and a booklet."""


ROOM_FORMS = (SEATING, DOORS, Form.ROOM_SIGN_IN, Form.ROOM_RECORD)
"""Those of rooms, by session: there are none before somebody sits in one."""


def _everybody(asked: Asked) -> list[int]:
    query = (
        select(Entrant.id)
        .where(Entrant.competition_id == asked.competition.id, takes_part())
        .order_by(Entrant.code)
    )
    return list(db.session.scalars(query))


def _lines_of(asked: Asked, _rows: Sequence[int]) -> int:
    """Count the lines of the paper: people, their places, or both in the booklet."""
    people, form = count_everybody(asked.competition), asked.of["form"]
    if form in (Form.FIELD_RECORD, ORDER_BOOK, *ROOM_FORMS):
        places = sum(_places_in(event) for event in asked.competition.events)
        return people + places if form == ORDER_BOOK else places
    if form in (Form.DRAW, Form.ATTENDANCE, Form.CHECK_IN):
        slots = select(Slot.id).join(Entrant, Entrant.id == Slot.entrant_id)
        slots = slots.where(Entrant.competition_id == asked.competition.id, takes_part())
        if form != Form.DRAW:  # each of a crew signs, in a session at most once a module
            slots = slots.outerjoin(Member, Member.entrant_id == Entrant.id)
        return max(
            people, db.session.scalar(select(func.count()).select_from(slots.subquery())) or 0
        )
    return people


def _places_in(event: Event) -> int:
    """Count everybody in each module of the first stage, and who has a place in a later one."""
    mine = (Entrant.event_id == event.id, takes_part())
    first = rules_of(event).stages[0]
    entrants = db.session.scalar(select(func.count(Entrant.id)).where(*mine)) or 0
    later = (
        select(func.count(Slot.id))
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(*mine, Slot.stage != first.code)
    )
    return entrants * len(first.modules) + (db.session.scalar(later) or 0)


@printed_as(PEOPLE_FORM, at_once=1000, keys=_everybody, lines=_lines_of)
def _print_form(asked: Asked, _rows: Sequence[int]) -> PrintedFile:
    return print_people_form(asked.competition, asked.of["form"], asked.translate)


def print_people_form(
    competition: Competition, wanted: str, translate: Translate | None = None
) -> PrintedFile:
    """Print one of `FORM_TITLES` as PDF, everybody by number; of the draw a line for each place.

    The draw goes by module, schedule and field record by time, module and station, attendance
    and check-in by session if there are, and by stage once a later one has begun.

    Raises `Refused` while there is nobody, `KeyError` for another form.
    """
    title = FORM_TITLES[wanted].render(translate)
    if wanted in (SEATING, DOORS):
        return (print_seating if wanted == SEATING else print_doors)(competition, translate)
    people = db.session.scalars(
        select(Entrant)
        .where(Entrant.competition_id == competition.id, takes_part())
        .options(
            joinedload(Entrant.unit),
            joinedload(Entrant.event),
            selectinload(Entrant.slots),
            selectinload(Entrant.members),
        )
        .order_by(Entrant.code)
    ).all()
    if not people:
        raise Refused(msg("还没有选手，先上传报名表"))
    if wanted == ORDER_BOOK:
        return print_order_book(competition, people, translate)
    form = Form(wanted)
    several = len({person.event_id for person in people}) > 1
    # Telephones are for the attendance list alone, which stays with the desk.
    phones = form is Form.ATTENDANCE
    if form is Form.ROOM_SIGN_IN:
        lines = sign_in_lines(competition, translate)
    elif form is Form.ROOM_RECORD:
        lines = record_lines(competition, translate)
    elif form is Form.SCHEDULE:
        lines = schedule_lines(people, translate, several=several)
    elif form is Form.FIELD_RECORD:
        lines = field_lines(people, translate, several=several)
    elif form is Form.DRAW and any(person.slots for person in people):
        lines = draw_lines(people, translate)
    elif form is not Form.DRAW and goes_by_occasion(people):
        lines = occasion_lines(people, translate, several=several, phones=phones)
    else:
        away = away_among(people)
        lines = [
            replace(line, name=paper_text(marked(line.name, away.left(person)), translate))
            for person in people
            for line in person_lines(person, event=several, phones=phones)
        ]
    return render_form(
        form,
        lines,
        title=f"{competition.name} {title}",
        subtitle=_place_words(competition, translate) if form is Form.SCHEDULE else "",
        stamp=Stamp(local_time(utc_now())),
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
    )


def _place_words(competition: Competition, translate: Translate | None) -> str:
    place = settings_of(competition).place
    check_in = msg("检录在%(place)s", place=place).render(translate) if place else ""
    return "　".join(filter(None, (competition.venue, check_in)))
