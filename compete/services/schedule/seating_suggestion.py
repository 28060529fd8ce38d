"""A whole seating proposed for a module, each move with its reason, and what is not met.

Each sentence says what can be counted in the plan, in the clashes or in what stands now; none
says what a solver may have weighed. Nothing is written here: an organiser looks, changes, and
says so (`use_seating`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from compete.domain.seating import Candidate, ClashKind, Seat, Suggestion, Table, suggest_seating
from compete.domain.stations import station_order
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Event, Judge
from compete.services.directory.expert_fields import EXPERT_LEVELS
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.refusal import Refused
from compete.services.schedule.allocation import begun_seats
from compete.services.schedule.clashes import Clash, some_clashes
from compete.services.schedule.seating import Panels, panels_in, use_seating

_MOST_NAMED = 3
_RULE_WORDS = {
    ClashKind.SELF: msg("本人"),
    ClashKind.KIN: msg("亲属"),
    ClashKind.MENTOR: msg("师徒"),
    ClashKind.COACH: msg("教练"),
    ClashKind.UNIT: msg("同单位"),
    ClashKind.SUPERIOR: msg("上级单位"),
}
_LEVEL_WORDS = {
    "国家级": msg("国家级"),
    "省级": msg("省级"),
    "市级": msg("市级"),
    "企业级": msg("企业级"),
}
"""The words for experts' levels; a text of its own stays as it is."""


@dataclass(frozen=True, slots=True)
class SuggestedMove:
    """A judge who comes to a station or leaves it, and why."""

    judge: Judge
    station: str
    comes: bool
    why: Message
    clashes: Sequence[Clash]
    """The clashes that want a sentence."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A thing that is not met, and why."""

    title: Message
    why: Message


class Telling:
    """The telling of a suggestion among these judges; `hard` is who must not sit where, `twice`
    who sits elsewhere then."""

    def __init__(
        self,
        panels: Panels,
        judges: Sequence[Judge],
        hard: Collection[Seat],
        suggestion: Suggestion,
        twice: Collection[Seat] = (),
    ) -> None:
        self._panels, self._judges, self._found = panels, judges, suggestion
        self._met, self._twice, self._hard = hard, twice, {*hard, *twice}
        self._names = {judge.id: judge for judge in judges}
        self._level = _highest_level(panels.levels, judges)
        self._tops = {judge.id for judge in judges if panels.levels.get(judge.id) == self._level}
        self._before = {seat for seat in panels.seats if seat[0] in self._names}
        self._coming = sorted(
            suggestion.seats - panels.seats,
            key=lambda seat: (panels.stations.index(seat[1]), self._names[seat[0]].code),
        )
        self._better = self._gain()

    def moves(self) -> list[SuggestedMove]:
        """List who comes and who leaves; what stays is not told."""
        at = self._panels.clashes.at
        moves = [
            SuggestedMove(
                *(self._names[judge], station, True),
                *(self._why_here(judge, station), at(judge, station)),
            )
            for judge, station in self._coming
        ]
        leaving = self._before - self._found.seats
        for judge, station in sorted(leaving, key=lambda seat: (station_order(seat[1]), seat[0])):
            why = self._why_away(judge, station)
            moves.append(SuggestedMove(self._names[judge], station, False, why, []))
        return moves

    def _why_here(self, judge: int, station: str) -> Message:
        open_to = [place for place in self._panels.stations if (judge, place) not in self._hard]
        count = len(self._panels.stations)
        if count == 1:
            return msg("没有必须回避的选手")
        if any((judge, place) in self._twice for place in self._panels.stations):
            return msg("他在别的模块的时间和这里不重")
        if open_to == [station]:
            return msg("%(n)s 个工位里只有这里没有必须回避的选手", n=count)
        able = [other for other in self._judges if (other.id, station) not in self._hard]
        if len(able) <= self._panels.wanted_at(station):
            return msg("这里能坐的裁判少，一共只有 %(n)s 人", n=len(able))
        clear = [place for place in open_to if not self._panels.clashes.at(judge, place)]
        if station in clear:
            if len(clear) < count:
                return msg("这里没有要说明的，这样的工位他有 %(n)s 个", n=len(clear))
            return msg("哪个工位都能去，都没有要说明的")
        if not clear:
            return msg("他能去的工位都要说明")
        if not any(self._found.empty.get(place) for place in clear):
            return msg("没有要说明的工位都坐满了")
        return msg("这里要说明")

    def _why_away(self, judge: int, station: str) -> Message:
        hard = [clash for clash in self._panels.clashes.at(judge, station) if clash.hard]
        if hard:
            return msg("必须回避：%(why)s", why=some_clashes(hard))
        if (judge, station) in self._twice:
            other = self._panels.elsewhere[judge, station]
            return msg("这时还坐在%(other)s", other=other.words)
        instead = self._instead(judge, station)
        if self._better is None:
            return instead
        return msg("%(what)s；照整个方案，%(better)s", what=instead, better=self._better)

    def _instead(self, judge: int, station: str) -> Message:
        goes = [at for comer, at in self._coming if comer == judge]
        if goes:
            return msg("改坐%(stations)s", stations=listed(goes))
        comes = [self._names[comer] for comer, at in self._coming if at == station]
        if comes:
            return msg("换成 %(names)s", names=_judge_names(comes))
        return msg("方案里没有排他")

    def _gain(self) -> Message | None:
        """The gain that the plan betters most, of all that is weighed; None where nothing of it."""
        before, after = self._before, self._found.seats
        pairs = (
            (msg("空着的席位从 %(a)s 个减到 %(b)s 个"), self._empty),
            (msg("要说明的席位从 %(a)s 个减到 %(b)s 个"), self._explained),
            (msg("评得最多的一位，连别的模块从 %(a)s 人减到 %(b)s 人"), self._most_load),
            (msg("没有最高级别裁判的工位从 %(a)s 个减到 %(b)s 个"), self._plain),
        )
        for words, of in pairs:
            a, b = of(before), of(after)
            if b < a:
                return Message(words.text, {"a": a, "b": b})
        return None

    def _empty(self, seats: Collection[Seat]) -> int:
        """Count seats that stand empty; who must not sit there fills none."""
        taken = [station for judge, station in seats if (judge, station) not in self._hard]
        return sum(
            max(0, self._panels.wanted_at(station) - taken.count(station))
            for station in self._panels.stations
        )

    def _explained(self, seats: Iterable[Seat]) -> int:
        return sum(bool(self._panels.clashes.at(*seat)) for seat in seats if seat not in self._hard)

    def _most_load(self, seats: Collection[Seat]) -> int:
        people, loads = self._panels.clashes.people, self._panels.loads
        return max(
            (
                loads.get(judge, 0) + sum(people.get(at, 0) for who, at in seats if who == judge)
                for judge in {who for who, _at in seats}
            ),
            default=0,
        )

    def _plain(self, seats: Iterable[Seat]) -> int:
        return len(self._without_top(seats))

    def _without_top(self, seats: Iterable[Seat]) -> list[str]:
        """The stations without a judge of the highest level that there is."""
        with_top = {station for judge, station in seats if judge in self._tops}
        return [
            station for station in self._panels.stations if station not in with_top and self._level
        ]

    def short(self) -> list[Shortfall]:
        """List seats that stay empty, with who could not take them, and judges with several."""
        shortfalls = [
            self._seats_short(station, seats) for station, seats in self._found.empty.items()
        ]
        without = self._without_top(self._found.seats)
        if self._level is not None and without and without != [""]:
            called = _LEVEL_WORDS.get(self._level, self._level)
            shortfalls.append(
                Shortfall(
                    msg("%(stations)s没有%(level)s裁判", stations=listed(without), level=called),
                    msg("%(level)s的一共 %(n)s 人", level=called, n=len(self._tops)),
                )
            )
        sitting = [judge for judge, _station in self._found.seats]
        most = max(map(sitting.count, sitting), default=0)
        if most > 1:
            shortfalls.append(
                Shortfall(
                    msg("有人坐 %(n)s 个工位", n=most),
                    msg("能坐的裁判比席位少。同时开场的工位，场次要错开，或者再请裁判"),
                )
            )
        return shortfalls

    def _seats_short(self, station: str, seats: int) -> Shortfall:
        title = (
            msg("%(station)s缺 %(n)s 席", station=station, n=seats)
            if station
            else msg("缺 %(n)s 席", n=seats)
        )
        away = [judge for judge in self._judges if (judge.id, station) in self._twice]
        barred = [judge for judge in self._judges if (judge.id, station) in self._met]
        seated = {judge for judge, _station in self._found.seats}
        kept_off = (*barred, *away)
        free = [judge for judge in self._judges if judge not in kept_off and judge.id not in seated]
        if free:
            # It was broken off before it came to them.
            why = msg("%(names)s还没有席位，时间到了没有算完，可以自己放", names=_judge_names(free))
        elif away:
            why = msg(
                "%(n)s 人这时坐在别的模块（%(names)s）：时间错开，或者再请 %(more)s 人",
                n=len(away),
                names=_judge_names(away),
                more=seats,
            )
        elif barred:
            why = msg(
                "%(n)s 人必须回避（%(names)s）：%(rules)s。别人都有席位了；"
                "再请 %(more)s 个没有关系的裁判就够",
                n=len(barred),
                names=_judge_names(barred),
                rules=self._rules(barred, station),
                more=seats,
            )
        else:
            why = msg("裁判不够，再请 %(more)s 人", more=seats)
        return Shortfall(title, why)

    def _rules(self, barred: Sequence[Judge], station: str) -> Message | str:
        """The rules that bar them from the station, and how many each; the strictest first."""
        counts = Counter(
            kind
            for judge in barred
            for kind in {
                clash.kind for clash in self._panels.clashes.at(judge.id, station) if clash.hard
            }
        )
        return listed(
            [
                msg("%(rule)s %(n)s 人", rule=_RULE_WORDS[kind], n=counts[kind])
                for kind in sorted(counts, key=lambda kind: (-counts[kind], kind))
            ]
        )


def _judge_names(judges: Sequence[Judge]) -> Message | str:
    """The first of them, and that there are more."""
    shown = listed([f"{judge.code} {judge.name}" for judge in judges[:_MOST_NAMED]])
    return msg("%(names)s等", names=shown) if len(judges) > _MOST_NAMED else shown


def left_out(
    expired: Sequence[Judge], away: Sequence[Judge], suggestion: Suggestion
) -> Iterator[Shortfall]:
    """Find people for an empty seat by hand, though their certificate has run out, or
    they cannot come on one of the days."""
    if not any(suggestion.empty.values()):
        return
    if expired:
        title = msg(
            "%(n)s 人证书过期，没有放：%(names)s", n=len(expired), names=_judge_names(expired)
        )
        yield Shortfall(title, msg("先换证，在专家库里改好；一定要请的，自己放"))
    if away:
        title = msg(
            "%(n)s 人有几天来不了，没有放：%(names)s", n=len(away), names=_judge_names(away)
        )
        yield Shortfall(title, msg("能来了，在专家库里改好；只评他能来的那几天的，自己放"))


def _highest_level(levels: Mapping[int, str], judges: Sequence[Judge]) -> str | None:
    """The highest level that one of them has; None where the pool knows of none."""
    known = {levels[judge.id] for judge in judges if judge.id in levels}
    return next((level for level in EXPERT_LEVELS if level in known), None)


SECONDS = 5.0
_MOST_TITLES = 2


@dataclass(frozen=True, slots=True)
class SuggestedSeating:
    """A seating that is proposed. `seen` is the mark of what it was worked out from."""

    seats: frozenset[Seat]
    moves: Sequence[SuggestedMove]
    short: Sequence[Shortfall]
    loads: tuple[int, int]
    """The fewest and the most people that somebody with a seat judges in this module."""
    barred: int
    """The number who must not sit there, and stay: who has begun cannot be taken away."""
    twice: int
    """The number who sit in two places at one time, and stay for the same reason."""
    explained: int
    """The number of seats that want a sentence."""
    seconds: float
    proven: bool
    """True if there is nothing better."""
    seen: str


def seat_all(competition: Competition, by: Account) -> tuple[int, list[tuple[str, Message | str]]]:
    """Seat each module of each stage as proposed: how many were seated, and what was not, or not
    whole, with why. Seats that stay empty are told; what wants a reason is left.
    """
    done = 0
    left: list[tuple[str, Message | str]] = []
    for event, stage, module in _to_seat(competition):
        title = module_title(event, stage, module)
        proposal = suggest_panels(event, stage, module)
        if proposal.explained:
            left.append((title, msg("要写一句理由，到这个模块看建议方案")))
            continue
        if proposal.moves:
            try:
                use_seating(event, stage, module, proposal.seats, proposal.seen, by)
            except Refused as refused:
                left.append((title, refused.message))
                continue
            done += 1
        if proposal.short:
            shortfalls = [shortfall.title for shortfall in proposal.short]
            left.append((title, some_of(shortfalls, _MOST_TITLES)))
    return done, left


def _to_seat(competition: Competition) -> Iterator[tuple[Event, str, str]]:
    """The modules of each event, the first stages before the later ones."""
    stages = [(event, rules_of(event).stages) for event in competition.events]
    for number in range(max((len(own) for _event, own in stages), default=0)):
        for event, own in stages:
            for module in own[number].modules if number < len(own) else ():
                yield event, own[number].code, module.code


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
    expired = [judge for judge in may_come if judge.id in panels.expired.keys() - seated]
    # Nor somebody who cannot come on a day of the module.
    away = [judge for judge in may_come if judge.id in panels.away.keys() - seated]
    away = [judge for judge in away if judge not in expired]
    judges = [judge for judge in may_come if judge not in expired and judge not in away]
    # Nor is anybody proposed to leave who could not be taken away.
    staying = panels.seats & begun_seats(event, stage, module)
    seats = [(judge.id, table.station) for judge in judges for table in tables]
    hard = {seat for seat in seats if panels.clashes.is_hard(*seat)} - staying
    met = {seat: panels.clashes.at(*seat) for seat in seats}
    soft = {seat: len(clashes) for seat, clashes in met.items() if clashes and seat not in hard}
    # Nor anybody for a time at which they sit elsewhere.
    twice = {seat for seat in seats if seat in panels.elsewhere} - (staying | hard)
    top_level = _highest_level(panels.levels, judges)
    suggestion = suggest_seating(
        tables,
        [
            Candidate(
                judge.id,
                panels.loads.get(judge.id, 0),
                top=top_level is not None and panels.levels.get(judge.id) == top_level,
            )
            for judge in judges
        ],
        hard=hard | twice,
        soft=soft,
        standing=panels.seats,
        staying=staying,
        loads_first=loads_first,
        seconds=SECONDS,
    )
    kept = {seat for seat in panels.seats if seat[0] in everywhere}
    work = Telling(panels, judges, hard, suggestion, twice)
    sums: Counter[int] = Counter()
    for judge, station in suggestion.seats:
        sums[judge] += panels.clashes.people.get(station, 0)
    return SuggestedSeating(
        seats=suggestion.seats | kept,
        moves=work.moves(),
        short=[*work.short(), *left_out(expired, away, suggestion)],
        loads=(min(sums.values(), default=0), max(sums.values(), default=0)),
        twice=sum(seat in panels.elsewhere for seat in suggestion.seats | kept),
        barred=sum(panels.clashes.is_hard(*seat) for seat in suggestion.seats | kept),
        explained=sum(seat in soft and seat not in panels.seats for seat in suggestion.seats),
        seconds=monotonic() - began,
        proven=suggestion.proven,
        seen=panels.mark,
    )
