"""The invigilator's board of a room: who sits, how far, who is in trouble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from compete.domain.exam.folding import folded
from compete.domain.values.messages import Message, msg
from compete.models import ExamAct, ExamDevice, ExamRoom, ExamSitting, db, utc_now
from compete.services.examinations.acts import ANSWER, CAME_BACK, LEFT, questions_of_form
from compete.services.examinations.rooms import sittings_in
from compete.services.examinations.sittings import (
    Standing,
    Times,
    marked_among,
    standing_of,
    terms_of,
    times_of,
)

SILENT_FOR = timedelta(seconds=90)
"""So long a device that is on the net is heard of at least."""
_IDLE_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """A sitting on the board."""

    sitting: ExamSitting
    standing: Standing
    device: str
    """The device's name; empty while they sit at none."""
    answered: int
    of: int
    heard_at: datetime | None
    waiting: int
    left: int
    """How often they left the page."""
    is_away: bool
    is_silent: bool
    """True if nothing was heard of the device lately."""
    is_idle: bool
    """True if nothing was answered for long."""
    seconds_left: int | None
    ends_at: datetime | None
    added: int
    """Minutes added to them alone or to the room."""
    is_marked: bool
    """True if the mark stands on the sheet: it is not made void in the hall any more."""

    @property
    def is_troubled(self) -> bool:
        """True if an invigilator should look."""
        open_now = self.standing is Standing.OPEN
        return open_now and (self.is_silent or self.is_away or not self.device)


@dataclass(frozen=True, slots=True)
class RoomEvent:
    """What happened in a room, and when."""

    at: datetime
    what: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomBoard:
    """A room as its invigilator sees it; `events` the newest first."""

    room: ExamRoom
    rows: Sequence[SeatRow]
    events: Sequence[RoomEvent]
    at: datetime

    def count(self, standing: str) -> int:
        """How many are in this state."""
        return sum(row.standing == standing for row in self.rows)

    @property
    def troubled(self) -> list[SeatRow]:
        """Those that an invigilator should look at."""
        return [row for row in self.rows if row.is_troubled]


@dataclass(slots=True)
class _Progress:
    answered: int = 0
    left: int = 0
    is_away: bool = False
    last: datetime | None = None


def board_of(room: ExamRoom) -> RoomBoard:
    """The board of a room, by seat."""
    sittings, now = sittings_in(room), utc_now()
    times, terms, progress = times_of(sittings), terms_of(sittings), _progress(sittings)
    marked = marked_among(sittings)
    rows = []
    for sitting in sittings:
        term = next((it for it in reversed(terms[sitting.id]) if it.ended_at is None), None)
        own, whole = times[sitting.id], progress.get(sitting.id, _Progress())
        standing = standing_of(sitting, own, now)
        since = whole.last or own.starts_at
        rows.append(
            SeatRow(
                sitting=sitting,
                standing=standing,
                device=term.device if term else "",
                answered=whole.answered,
                of=len(questions_of_form(sitting.examination, sitting.form)),
                heard_at=term.heard_at if term else None,
                waiting=(term.waiting or 0) if term else 0,
                left=whole.left,
                is_away=whole.is_away and standing is Standing.OPEN,
                is_silent=_is_silent(term, now) and standing in (Standing.WAITING, Standing.OPEN),
                is_idle=standing is Standing.OPEN and since is not None and now - since > _IDLE_FOR,
                seconds_left=own.left(now),
                ends_at=own.ends_at,
                added=sum(grant.seconds for grant in own.grants) // 60,
                is_marked=sitting.id in marked,
            )
        )
    events = _events(room, rows, terms, times)
    return RoomBoard(room=room, rows=rows, events=events, at=now)


def _events(
    room: ExamRoom,
    rows: Sequence[SeatRow],
    terms: Mapping[int, Sequence[ExamDevice]],
    times: Mapping[int, Times],
) -> list[RoomEvent]:
    """What happened since the start: who came late or moved, what time was added, who is done."""
    if room.started_at is None:
        return []
    events: list[RoomEvent] = []
    grants = {grant.id: grant for own in times.values() for grant in own.grants}
    names = {row.sitting.id: row.sitting.entrant.name for row in rows}
    for grant in grants.values():
        n = grant.seconds // 60
        words = msg("全场加 %(n)s 分钟", n=n)
        if grant.sitting_id is not None:
            words = msg("%(who)s 加 %(n)s 分钟", who=names[grant.sitting_id], n=n)
        events.append(RoomEvent(grant.made_at, words))
    for row in rows:
        sitting, who = row.sitting, names[row.sitting.id]
        for number, term in enumerate(terms[sitting.id]):
            if number:
                words = msg("%(who)s 换到 %(device)s", who=who, device=term.device)
                events.append(RoomEvent(term.from_at, words))
            elif term.from_at > room.started_at:
                events.append(RoomEvent(term.from_at, msg("%(who)s 迟到，坐下了", who=who)))
        if sitting.handed_in_at is not None:
            words = msg("%(who)s 交卷，答了 %(n)s 题", who=who, n=row.answered)
            events.append(RoomEvent(sitting.handed_in_at, words))
    return sorted(events, key=lambda it: it.at, reverse=True)


def _is_silent(term: ExamDevice | None, now: datetime) -> bool:
    return term is not None and (term.heard_at is None or now - term.heard_at > SILENT_FOR)


def _progress(sittings: Sequence[ExamSitting]) -> dict[int, _Progress]:
    """How far each is by the acts that are held."""
    query = (
        select(
            *(ExamAct.sitting_id, ExamAct.kind, ExamAct.item),
            *(ExamAct.value, ExamAct.held_at),
        )
        .where(ExamAct.sitting_id.in_([it.id for it in sittings]))
        .order_by(ExamAct.held_at, ExamAct.number)
    )
    answers: dict[tuple[int, str], bool] = {}
    progress: dict[int, _Progress] = {}
    for sitting, kind, item, value, held_at in db.session.execute(query).tuples():
        row = progress.setdefault(sitting, _Progress())
        if kind == ANSWER:
            answers[sitting, item or ""] = not _is_empty(value)
            row.last = max(row.last or held_at, held_at)
        elif kind in (LEFT, CAME_BACK):
            row.is_away = kind == LEFT
            row.left += kind == LEFT
    counts = Counter(sitting for (sitting, _item), is_set in answers.items() if is_set)
    for sitting, count in counts.items():
        progress[sitting].answered = count
    return progress


def _is_empty(value: object) -> bool:
    if value is None or value == []:
        return True
    texts = value if isinstance(value, list) else [value]
    return all(isinstance(text, str) and not folded(text) for text in texts)
