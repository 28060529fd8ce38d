"""Result stands: the results of each event as 暂定、已核对、公示、最终、更正."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, or_, select

from compete.domain.bundle.results import EventResults
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import date_words, day_words
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import ResultState
from compete.models import AuditEntry, Competition, Event, ResultStand, db, utc_now
from compete.services.kernel.clock import local_time
from compete.services.kernel.public_reasons import masked_words
from compete.services.results.published_sums import places_beside

UNDER_NOTICE = (ResultState.NOTICE, ResultState.CORRECTED)
MOVES = frozenset(
    f"results.{act}"
    for act in (
        "check", "notice", "correct", "extend", "withdraw",
        "ask_final", "drop_final", "final", "final_early", "adopt",
    )
)  # fmt: skip
"""The records of the audit chain that tell of an event's state; their subject is its code."""
_PUBLISHED = "results.publish"
"""A new version of the whole competition; where names alone changed, no state moves with it."""


@dataclass(frozen=True, slots=True)
class Stand:
    """The state of an event's results.

    The days of the notice stay after its end, and are None where none was wanted.
    `asked_by` wants them final before that (`asked_why`) and waits for a second person.
    """

    event: str
    name: str
    state: ResultState = ResultState.PROVISIONAL
    notice_from: date | None = None
    notice_until: datetime | None = None
    withdrawn_why: str | None = None
    asked_by: int | None = None
    asked_name: str = ""
    asked_at: datetime | None = None
    asked_why: str = ""
    changed_at: datetime | None = None

    @property
    def last_day(self) -> date | None:
        """The last day of the notice, by the competition's clocks."""
        return local_time(self.notice_until).date() if self.notice_until else None

    @property
    def runs(self) -> bool:
        """True if the notice runs now."""
        return (
            self.state in UNDER_NOTICE
            and self.notice_until is not None
            and self.notice_until > utc_now()
        )

    @property
    def stands(self) -> bool:
        """True if nothing is to be waited for: final, or corrected without a notice."""
        return self.state is ResultState.FINAL or (
            self.state is ResultState.CORRECTED and self.notice_until is None
        )

    @property
    def is_announced(self) -> bool:
        """True if what was published counts."""
        return self.state in (*UNDER_NOTICE, ResultState.FINAL)


def stands_of(competition: Competition) -> dict[str, Stand]:
    """The stand of every event of the competition, by code, in its order."""
    query = select(ResultStand).where(ResultStand.competition_id == competition.id)
    rows = {row.event_id: row for row in db.session.scalars(query)}
    return {event.code: _stand(event, rows.get(event.id)) for event in competition.events}


def stand_of(event: Event) -> Stand:
    """The state of one event's results."""
    row = db.session.scalar(select(ResultStand).where(ResultStand.event_id == event.id))
    return _stand(event, row)


def moves_of(event: Event) -> list[AuditEntry]:
    """List the moves that led to the state, newest first; and versions that left it alone."""
    query = select(AuditEntry).where(
        AuditEntry.competition_id == event.competition_id,
        or_(
            and_(AuditEntry.action.in_(MOVES), AuditEntry.subject == event.code),
            AuditEntry.action == _PUBLISHED,
        ),
    )
    entries = list(db.session.scalars(query.order_by(AuditEntry.seq.desc())))
    moves = [entry for entry in entries if entry.action in MOVES]
    versions = {_version(entry) for entry in moves}
    return [
        entry
        for entry in entries
        if entry.action in MOVES
        or (moves and entry.seq > moves[-1].seq and _version(entry) not in versions)
    ]


def _version(entry: AuditEntry) -> object:
    return entry.after.get("version") if isinstance(entry.after, dict) else None


def stand_words(stand: Stand) -> Message:
    """The words of a stand: 公示中，到11月27日; 最终成绩."""
    state, until = stand.state, stand.last_day
    if state is ResultState.PROVISIONAL:
        return msg("公示已撤下") if stand.withdrawn_why else msg("暂定")
    if state is ResultState.CHECKED:
        return msg("已核对，还没公布")
    if state is ResultState.FINAL:
        return msg("最终成绩")
    corrected = state is ResultState.CORRECTED
    if until is None:
        return msg("更正后的成绩") if corrected else msg("不公示，等定为最终成绩")
    if not stand.runs:
        if corrected:
            return msg("更正后的成绩，公示期满，等定为最终成绩")
        return msg("公示期满，等定为最终成绩")
    near = until.year == local_time(utc_now()).year
    day = day_words(until) if near else date_words(until)
    if corrected:
        return msg("更正后的成绩，公示中，到%(day)s", day=day)
    return msg("公示中，到%(day)s", day=day)


def why_taken_down(stand: Stand, competition: Competition) -> str | None:
    """Why the notice was taken down, for everybody to read; None where it was not, or no more.

    Until the event is published anew no version says anything of its ranks to anybody outside.
    """
    return masked_words(stand.withdrawn_why, competition) if stand.withdrawn_why else None


def all_stand_words(competition: Competition, event: str | None = None) -> Message | None:
    """The state in words; several events by name where they differ. None where there is none.

    `event`: of that one alone.
    """
    if competition_kind(competition).has_periods:
        return None
    known = stands_of(competition)
    stands = list(known.values()) if event is None else [known[event]]
    words = [stand_words(stand) for stand in stands]
    if len({str(word) for word in words}) <= 1:
        return words[0] if words else None
    lines = [
        msg("%(event)s：%(state)s", event=stand.name, state=word)
        for stand, word in zip(stands, words, strict=True)
    ]
    together = listed(lines, msg("；"))
    return together if isinstance(together, Message) else None


def has_moved(before: EventResults, now: EventResults) -> bool:
    """True if anybody's place, award or grade is another; marks alone count for nothing."""
    return _placed(before) != _placed(now)


def _placed(event: EventResults) -> tuple[object, ...]:
    return (
        {row.entrant: row.rank for row in event.standings},
        *places_beside(event),
        event.awards,
        event.grades,
        event.honours,
    )


def _stand(event: Event, row: ResultStand | None) -> Stand:
    if row is None:
        return Stand(event.code, event.name)
    return Stand(
        event.code,
        event.name,
        row.state,
        row.notice_from,
        row.notice_until,
        row.withdrawn_why,
        row.asked_by,
        row.asker.name if row.asker else "",
        row.asked_at,
        row.asked_why or "",
        row.changed_at,
    )
