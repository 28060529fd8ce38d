"""Papers of a room in a session: the seating chart for who watches there, the door sign, and what
whoever oversees it saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from compete.documents.fonts import FontBook
from compete.documents.portraits import picture_svg
from compete.documents.typesetting import About, PrintedFile, Sheet, typeset
from compete.domain.values.messages import Message, Translate, msg


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat of the chart: its number, whose it is, and the level where several sit there."""

    seat: str
    number: str
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class RoomPaper:
    """A room in a session. `turns` are its seats by turn, each with its time where there are
    several; `levels` are who sits there, in words, `numbers` their numbers as ranges."""

    room: str
    address: str
    what: str
    when: str
    enter: str
    people: str
    levels: Sequence[str] = ()
    numbers: Sequence[str] = ()
    turns: Sequence[tuple[str, Sequence[Seat]]] = field(default=())


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody who oversees saw: where, in which lines, who wrote it; JPEGs."""

    where: str
    text: Sequence[str]
    who: str
    photos: Sequence[bytes] = field(default=(), repr=False)


def render_reports(
    reports: Sequence[Report],
    *,
    title: Message,
    of: str,
    foot: str,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
    day: date | None = None,
) -> PrintedFile:
    """Print reports one after another, each with its photos."""
    shared = {
        "title": title.render(translate),
        "of": of,
        "foot": foot,
        "words": {"photo": msg("照片").render(translate)},
    }
    sheets = [
        Sheet(
            who=report.where,
            data={
                "where": report.where,
                "text": list(report.text),
                "who": report.who,
                "pictures": [picture_svg(photo) for photo in report.photos],
            },
        )
        for report in reports
    ]
    return typeset(
        "oversight_reports",
        shared,
        sheets,
        fonts,
        about=About(author, day),
        translate=translate,
        whole=True,
    )


def render_seating(
    papers: Sequence[RoomPaper],
    *,
    title: Message,
    of: str,
    foot: str,
    signatures: Sequence[Message],
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
    day: date | None = None,
) -> PrintedFile:
    """Print a chart for each room and session, seats as they stand, from the front."""
    shared = {
        "title": title.render(translate),
        "of": of,
        "front": msg("讲台").render(translate),
        "signatures": [label.render(translate) for label in signatures],
        "foot": foot,
    }
    return typeset(
        "seating_chart",
        shared,
        [_chart(paper) for paper in papers],
        fonts,
        about=About(author, day),
        translate=translate,
        whole=True,
    )


def render_doors(
    papers: Sequence[RoomPaper],
    *,
    title: Message,
    of: str,
    foot: str,
    number_label: Message,
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
    day: date | None = None,
) -> PrintedFile:
    """Print a sign for each door: room, time and numbers; nobody's name."""
    shared = {
        "title": title.render(translate),
        "of": of,
        "number-label": number_label.render(translate),
        "foot": foot,
    }
    sheets = [
        Sheet(
            who=f"{paper.room} {paper.when}",
            data={
                "room": paper.room,
                "address": paper.address,
                "what": paper.what,
                "when": paper.when,
                "enter": paper.enter,
                "levels": list(paper.levels),
                "numbers": list(paper.numbers),
            },
        )
        for paper in papers
    ]
    return typeset(
        "door_sign",
        shared,
        sheets,
        fonts,
        about=About(author, day),
        translate=translate,
        whole=True,
    )


def _chart(paper: RoomPaper) -> Sheet:
    return Sheet(
        who=f"{paper.room} {paper.when}",
        data={
            "room": paper.room,
            "what": paper.what,
            "when": paper.when,
            "people": paper.people,
            "levels": list(paper.levels),
            "turns": [
                {
                    "time": time,
                    "seats": [
                        {
                            "seat": it.seat,
                            "number": it.number,
                            "name": it.name,
                            "note": it.note,
                        }
                        for it in seats
                    ],
                }
                for time, seats in paper.turns
            ],
        },
    )
