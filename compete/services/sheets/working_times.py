"""Working times (用时): the readings of the judges' watches, and the one time that counts.

Each judge's last stopped or corrected time of an aspect is one reading. The
middle one counts, whoever's tablet was the last to upload; where somebody is
named to take the time, that one reading alone. What the chief judge ruled
stands above them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.bundle.event_types import Module
from compete.domain.explanation.times import readings_line, time_words
from compete.domain.marking.working_time import middle_reading
from compete.domain.values.messages import Message
from compete.domain.values.numerals import plain
from compete.domain.values.states import SheetState
from compete.models import Act, Assignment, Entrant, Event, Judge, Sheet, Slot, TimeEntry, db
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.kernel.module_keys import EntrantModule
from compete.services.sheets.act_rules import TIMING_KINDS
from compete.services.sheets.values import SETTLING_KINDS


@dataclass(frozen=True)
class TimeRuling:
    """The chief judge's ruling on a time: the judge's code, and why."""

    seconds: Decimal
    judge: str
    reason: str
    at: datetime


@dataclass
class TakenTime:
    """The working time of one entrant in one module.

    `readings` are those that count, by judge's code in order; `aside` those of the
    others where one judge is named to take the time. Several timed aspects of
    one module add up, so each aspect has readings of its own.
    """

    readings: dict[str | None, dict[str, Decimal]] = field(default_factory=dict)
    aside: dict[str | None, dict[str, Decimal]] = field(default_factory=dict)
    ruling: TimeRuling | None = None
    aspect_rulings: dict[str | None, TimeRuling] = field(default_factory=dict)

    @property
    def seconds(self) -> Decimal | None:
        """The time that counts; None while nobody whose reading counts has stopped a watch."""
        if self.ruling is not None:
            return self.ruling.seconds
        return self.read

    @property
    def read(self) -> Decimal | None:
        """The result of the readings and the rulings on single aspects."""
        parts = [
            self.aspect_rulings[aspect].seconds
            if aspect in self.aspect_rulings
            else middle_reading(list(self.readings[aspect].values()))
            for aspect in {**self.readings, **self.aspect_rulings}
        ]
        return sum(parts, Decimal(0)) if parts else None

    def as_extra(self) -> dict[str, Any] | None:
        """The extra of a bundle's `times` entry beside the seconds; None where there is nothing."""
        extra: dict[str, Any] = {}
        if self.readings:
            extra["readings"] = _texts(self.readings)
        if self.aside:
            extra["aside"] = _texts(self.aside)
        ruling = self.ruling or next(iter(self.aspect_rulings.values()), None)
        if ruling is not None:
            extra |= {"ruled_by": ruling.judge, "reason": ruling.reason}
        return extra or None


def _texts(readings: Mapping[str | None, Mapping[str, Decimal]]) -> dict[str, Any]:
    """The readings as `{judge: seconds}`; of several timed aspects `{judge: {aspect: seconds}}`."""
    if len(readings) == 1:
        return {judge: plain(value) for judge, value in next(iter(readings.values())).items()}
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for aspect, values in readings.items():
        for judge, value in values.items():
            texts[judge][aspect or ""] = plain(value)
    return dict(sorted(texts.items()))


def time_sentence(taken: TakenTime) -> Message | None:
    """A working time with its readings, or the ruling above them; None while there is none."""
    if taken.seconds is None:
        return None
    return time_words(taken.seconds, taken.as_extra() or {})


def readings_text(taken: TakenTime) -> str:
    """The watches' readings: `J1 7:50 / J2 8:00`; of several timed aspects joined by `+`.

    Those that do not count, where somebody is named to take the time, come after.
    """
    extra = taken.as_extra() or {}
    texts = (readings_line(extra.get(key)) for key in ("readings", "aside"))
    return " / ".join(filter(None, texts))


def taken_time(entrant: Entrant, stage: str, module: str) -> TakenTime:
    """The time of one entrant in one module, as it stands."""
    place = entrant.id, stage, module
    return taken_times(entrant.competition_id, place).get(place, TakenTime())


def taken_times(
    competition_id: int, only: EntrantModule | None = None
) -> dict[EntrantModule, TakenTime]:
    """The readings and rulings of every entrant and module, or those of one place."""
    times: dict[EntrantModule, TakenTime] = defaultdict(TakenTime)
    keepers = _Timekeepers(competition_id)
    here: tuple[ColumnElement[bool], ...] = (
        Sheet.competition_id == competition_id,
        Sheet.state != SheetState.WITHDRAWN,
    )
    if only is not None:
        columns = Sheet.entrant_id, Sheet.stage, Sheet.module
        here += tuple(column == key for column, key in zip(columns, only, strict=True))
    sheets: dict[EntrantModule, set[int]] = defaultdict(set)
    rows = list(db.session.execute(_readings(here)).tuples())
    if keepers.any:
        # Who withdrew takes nobody's time any more.
        seats = select(Sheet.entrant_id, Sheet.stage, Sheet.module, Sheet.judge_id).where(*here)
        for entrant, stage, module, judge in db.session.execute(seats).tuples():
            sheets[entrant, stage, module].add(judge)
    for entrant, event, stage, module, judge, code, aspect, seconds in rows:
        place = entrant, stage, module
        keeper = keepers.of(event, place, sheets[place]) if keepers.any else None
        taken = times[place]
        kept = taken.readings if keeper in (None, judge) else taken.aside
        kept.setdefault(aspect, {})[code] = seconds
    for place, aspect, ruling in _aspect_rulings(here):
        times[place].aspect_rulings[aspect] = ruling
    for place, ruling in _time_rulings(competition_id):
        if only in (None, place):
            times[place].ruling = ruling
    return dict(times)


def _readings(here: tuple[ColumnElement[bool], ...]) -> Any:
    last = (
        select(func.max(Act.id))
        .join(Sheet, Sheet.id == Act.sheet_id)
        .where(*here, Act.kind.in_(TIMING_KINDS), Act.value.is_not(None))
        .group_by(Act.sheet_id, Act.aspect)
    )
    return (
        select(
            Sheet.entrant_id,
            Entrant.event_id,
            Sheet.stage,
            Sheet.module,
            Sheet.judge_id,
            Judge.code,
            Act.aspect,
            Act.value,
        )
        .join(Sheet, Sheet.id == Act.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .join(Judge, Judge.id == Sheet.judge_id)
        .where(Act.id.in_(last))
        .order_by(Sheet.entrant_id, Sheet.stage, Sheet.module, Act.aspect, Judge.code)
    )


def _aspect_rulings(
    here: tuple[ColumnElement[bool], ...],
) -> Iterable[tuple[EntrantModule, str | None, TimeRuling]]:
    """Read the rulings on timed aspects that stand on a panel's sheets."""
    with_ruling = select(Act.sheet_id).join(Sheet, Sheet.id == Act.sheet_id)
    last = (
        select(func.max(Act.id))
        .where(
            Act.sheet_id.in_(with_ruling.where(*here, Act.kind == "ruling")),
            Act.kind.in_(SETTLING_KINDS),
        )
        .group_by(Act.sheet_id, Act.aspect)
    )
    query = (
        select(Act, Sheet, Judge.code)
        .join(Sheet, Sheet.id == Act.sheet_id)
        .join(Judge, Judge.id == Act.judge_id)
        .where(Act.id.in_(last), Act.kind == "ruling")
        .order_by(Act.id)
    )
    for act, sheet, judge in db.session.execute(query).tuples():
        if act.value is not None and act.aspect in timed_aspects(module_of_sheet(sheet)):
            place = sheet.entrant_id, sheet.stage, sheet.module
            yield place, act.aspect, TimeRuling(act.value, judge, act.note or "", act.held_at)


def timed_aspects(module: Module) -> set[str]:
    """The codes of the aspects that a watch belongs to."""
    return {aspect.code for aspect in module.aspects if kind_of(aspect).reckoning is Reckoning.TIME}


def _time_rulings(competition_id: int) -> Iterable[tuple[EntrantModule, TimeRuling]]:
    query = (
        select(TimeEntry)
        .join(Entrant, Entrant.id == TimeEntry.entrant_id)
        .where(Entrant.competition_id == competition_id, TimeEntry.withdrawn_at.is_(None))
        .order_by(TimeEntry.id)
    )
    for entry in db.session.scalars(query):
        extra = entry.extra or {}
        if isinstance(extra.get("ruled_by"), str):
            place = entry.entrant_id, entry.stage, entry.module
            reason = str(extra.get("reason") or "")
            yield place, TimeRuling(entry.seconds, extra["ruled_by"], reason, entry.made_at)


class _Timekeepers:
    """The named timekeepers, by event, stage and module, at a station or at all."""

    def __init__(self, competition_id: int) -> None:
        self._named: dict[tuple[int, str, str], dict[str, int]] = defaultdict(dict)
        self._stations: dict[EntrantModule, str] = {}
        query = (
            select(Assignment)
            .join(Event, Event.id == Assignment.event_id)
            .where(Event.competition_id == competition_id, Assignment.timekeeper.is_(True))
            .order_by(Assignment.id)
        )
        for row in db.session.scalars(query):
            self._named[row.event_id, row.stage, row.module][row.station] = row.judge_id
        self.any = bool(self._named)
        if self.any:
            slots = (
                select(Slot.entrant_id, Slot.stage, Slot.module, Slot.station)
                .join(Entrant, Entrant.id == Slot.entrant_id)
                .where(Entrant.competition_id == competition_id, Slot.station.is_not(None))
            )
            for entrant, stage, module, station in db.session.execute(slots).tuples():
                self._stations[entrant, stage, module] = station or ""

    def of(self, event: int, place: EntrantModule, judges: set[int]) -> int | None:
        """The judge whose reading alone counts there; None where everybody's does."""
        named = self._named.get((event, place[1], place[2]), {})
        at = self._stations.get(place, "")
        return next((named[key] for key in (at, "") if named.get(key) in judges), None)
