"""A whole seating proposed for a module, each move with its reason, and what is not met.

Nothing is written here: an organiser looks, changes, and says so (`use_seating`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from compete.domain.seating import Candidate, Seat, Suggestion, Table, suggest_seating
from compete.domain.stations import station_order
from compete.domain.values import (
    Message,
    Role,
    listed,
    msg,
)
from compete.models import Event, Judge
from compete.services.directory import EXPERT_LEVELS
from compete.services.schedule.clashes import Clash, some_clashes
from compete.services.schedule.seating import Panels, panels_in

SECONDS = 5.0
_MOST_NAMED = 3
_LEVEL_WORDS = {
    "国家级": msg("国家级"),
    "省级": msg("省级"),
    "市级": msg("市级"),
    "企业级": msg("企业级"),
}
"""What experts are called by; a text of its own stays as it is."""


@dataclass(frozen=True, slots=True)
class SuggestedMove:
    """A judge who comes to a station or leaves it, and why."""

    judge: Judge
    station: str
    comes: bool
    why: Message
    clashes: Sequence[Clash]
    """Those that want a sentence."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Something that is not met, and why."""

    title: Message
    why: Message


@dataclass(frozen=True, slots=True)
class SuggestedSeating:
    """What is proposed. `seen` is the mark of what it was worked out from."""

    seats: frozenset[Seat]
    moves: Sequence[SuggestedMove]
    short: Sequence[Shortfall]
    loads: tuple[int, int]
    """The fewest and the most people that somebody with a seat judges in this module."""
    explained: int
    """How many seats want a sentence."""
    seconds: float
    proven: bool
    """Whether there is nothing better."""
    seen: str


def suggest_panels(
    event: Event, stage: str, module: str, *, loads_first: bool = True
) -> SuggestedSeating:
    """Work a seating out, for at most `SECONDS` and what preparing it takes."""
    began = monotonic()
    panels = panels_in(event, stage, module)
    tables = [
        Table(station, panels.wanted_at(station), panels.clashes.people.get(station, 0))
        for station in panels.stations
    ]
    everywhere = {judge.id for judge in panels.at("")} if panels.stations != [""] else set()
    seated = {judge for judge, _station in panels.seats}
    # The chief judge leads, and sits only where somebody says so.
    may_come = [
        judge
        for judge in panels.judges
        if judge.id not in everywhere and (judge.role is not Role.CHIEF or judge.id in seated)
    ]
    # Nor does a certificate that has run out come in by itself.
    left_out = [judge for judge in may_come if judge.id in panels.expired.keys() - seated]
    judges = [judge for judge in may_come if judge not in left_out]
    hard = {
        (judge.id, table.station)
        for judge in judges
        for table in tables
        if panels.clashes.is_hard(judge.id, table.station)
    }
    soft = {
        (judge.id, table.station): len(met)
        for judge in judges
        for table in tables
        if (met := panels.clashes.at(judge.id, table.station))
        and (judge.id, table.station) not in hard
    }
    top_level = _highest(panels, judges)
    found = suggest_seating(
        tables,
        [
            Candidate(
                judge.id,
                panels.loads.get(judge.id, 0),
                top=top_level is not None and panels.levels.get(judge.id) == top_level,
            )
            for judge in judges
        ],
        hard=hard,
        soft=soft,
        standing=panels.seats,
        loads_first=loads_first,
        seconds=SECONDS,
    )
    kept = {seat for seat in panels.seats if seat[0] in everywhere}
    work = _Telling(panels, judges, hard, found)
    sums: dict[int, int] = {}
    for judge, station in found.seats:
        sums[judge] = sums.get(judge, 0) + panels.clashes.people.get(station, 0)
    return SuggestedSeating(
        seats=found.seats | kept,
        moves=work.moves(),
        short=[*work.short(), *_expired(left_out, found)],
        loads=(min(sums.values(), default=0), max(sums.values(), default=0)),
        explained=sum(seat in soft and seat not in panels.seats for seat in found.seats),
        seconds=monotonic() - began,
        proven=found.proven,
        seen=panels.mark,
    )


class _Telling:
    """Why somebody goes where, out of what could not be otherwise."""

    def __init__(
        self, panels: Panels, judges: Sequence[Judge], hard: set[Seat], found: Suggestion
    ) -> None:
        self._panels, self._judges, self._hard, self._found = panels, judges, hard, found
        self._names = {judge.id: judge for judge in judges}

    def moves(self) -> list[SuggestedMove]:
        """Who comes and who leaves; what stays is not told."""
        found = []
        for judge, station in sorted(
            self._found.seats - self._panels.seats,
            key=lambda seat: (self._panels.stations.index(seat[1]), self._names[seat[0]].code),
        ):
            found.append(
                SuggestedMove(
                    self._names[judge],
                    station,
                    True,
                    self._why(judge, station),
                    self._panels.clashes.at(judge, station),
                )
            )
        leaving = [
            seat for seat in self._panels.seats - self._found.seats if seat[0] in self._names
        ]
        for judge, station in sorted(leaving, key=lambda seat: (station_order(seat[1]), seat[0])):
            hard = [clash for clash in self._panels.clashes.at(judge, station) if clash.hard]
            why = (
                msg("必须回避：%(why)s", why=some_clashes(hard))
                if hard
                else msg("换开以后，别的席位才坐得满、评的人数才匀")
            )
            found.append(SuggestedMove(self._names[judge], station, False, why, []))
        return found

    def _why(self, judge: int, station: str) -> Message:
        open_to = [each for each in self._panels.stations if (judge, each) not in self._hard]
        count = len(self._panels.stations)
        if count == 1:
            return msg("没有必须回避的选手")
        if open_to == [station]:
            return msg("%(n)s 个工位里只有这里没有必须回避的选手", n=count)
        others = [
            each
            for each in self._judges
            if (each.id, station) not in self._hard and each.id != judge
        ]
        if len(others) < self._panels.wanted_at(station):
            return msg("这里能坐的裁判少，一共只有 %(n)s 人", n=len(others) + 1)
        clear = [each for each in open_to if not self._panels.clashes.at(judge, each)]
        if station in clear and len(clear) < count:
            return msg("%(n)s 个工位他能去，这里没有要说明的", n=len(clear))
        if station not in clear:
            return msg("没有要说明的工位都坐满了，或者要留给只能去那里的人")
        return msg("哪个工位都能去，放这里各人评的人数最匀")

    def short(self) -> list[Shortfall]:
        """Seats that stay empty with who could not take them, and judges with more than one."""
        found = []
        for station, seats in self._found.empty.items():
            barred = [judge for judge in self._judges if (judge.id, station) in self._hard]
            title = (
                msg("%(station)s缺 %(n)s 席", station=station, n=seats)
                if station
                else msg("缺 %(n)s 席", n=seats)
            )
            if barred:
                names = listed([f"{judge.code} {judge.name}" for judge in barred[:_MOST_NAMED]])
                why = msg(
                    "%(n)s 人必须回避（%(names)s等），别人都有席位了；"
                    "再请 %(more)s 个没有关系的裁判就够",
                    n=len(barred),
                    names=names,
                    more=seats,
                )
            else:
                why = msg("裁判不够，再请 %(more)s 人", more=seats)
            found.append(Shortfall(title, why))
        level = _highest(self._panels, self._judges)
        tops = {judge.id for judge in self._judges if self._panels.levels.get(judge.id) == level}
        with_top = {station for judge, station in self._found.seats if judge in tops}
        without = [station for station in self._panels.stations if station not in with_top]
        if level is not None and without and without != [""]:
            called = _LEVEL_WORDS.get(level, level)
            found.append(
                Shortfall(
                    msg("%(stations)s没有%(level)s裁判", stations=listed(without), level=called),
                    msg("%(level)s的一共 %(n)s 人", level=called, n=len(tops)),
                )
            )
        if self._found.most > 1:
            found.append(
                Shortfall(
                    msg("一人最多坐 %(n)s 个工位", n=self._found.most),
                    msg("裁判比席位少。同时开场的工位，场次要错开，或者再请裁判"),
                )
            )
        return found


def _expired(left_out: Sequence[Judge], found: Suggestion) -> list[Shortfall]:
    """Whom an empty seat could be given to by hand, though their certificate has run out."""
    if not left_out or not any(found.empty.values()):
        return []
    named = [f"{judge.code} {judge.name}" for judge in left_out[:_MOST_NAMED]]
    title = msg("%(n)s 人证书过期，没有放：%(names)s", n=len(left_out), names=listed(named))
    return [Shortfall(title, msg("先换证，在专家库里改好；一定要请的，自己放"))]


def _highest(panels: Panels, judges: Sequence[Judge]) -> str | None:
    """The highest level that one of them has; None where the pool knows of none."""
    known = {panels.levels[judge.id] for judge in judges if judge.id in panels.levels}
    return next((level for level in EXPERT_LEVELS if level in known), None)
