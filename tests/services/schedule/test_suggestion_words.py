"""What a suggested seating says of itself, counted again in made-up halls: nothing else is said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import Any

from compete.domain.seating import Candidate, ClashKind, Seat, Suggestion, Table, suggest_seating
from compete.services.schedule.clashes import Clashes
from compete.services.schedule.seating import Panels
from compete.services.schedule.seating_suggestion import Telling

HALLS = 250
LEVELS = ("国家级", "省级", "市级")


@dataclass
class Hall:
    """Stations, judges and what is between them, as the service has them; and the suggestion."""

    panels: Panels
    hard: set[Seat]
    soft: set[Seat]
    suggestion: Suggestion

    @property
    def judges(self) -> list[Any]:
        return list(self.panels.judges)

    def able(self, station: str) -> list[int]:
        return [judge.id for judge in self.judges if (judge.id, station) not in self.hard]

    def open_to(self, judge: int) -> list[str]:
        return [station for station in self.panels.stations if (judge, station) not in self.hard]

    def clear(self, judge: int) -> list[str]:
        return [station for station in self.open_to(judge) if (judge, station) not in self.soft]

    def taken(self, station: str) -> int:
        return len([at for _judge, at in self.suggestion.seats if at == station])

    def empty(self, seats: Collection[Seat]) -> int:
        here = Counter(at for judge, at in seats if (judge, at) not in self.hard)
        return sum(max(0, self.panels.size - here[station]) for station in self.panels.stations)

    def explained(self, seats: Collection[Seat]) -> int:
        return len(self.soft & set(seats))

    def most(self, seats: Collection[Seat]) -> int:
        sums = {judge: self.panels.loads.get(judge, 0) for judge, _at in seats}
        for judge, at in seats:
            sums[judge] += self.panels.clashes.people[at]
        return max(sums.values(), default=0)

    def plain(self, seats: Collection[Seat]) -> int:
        known = set(self.panels.levels.values())
        level = next((rung for rung in LEVELS if rung in known), None)
        with_top = {at for judge, at in seats if self.panels.levels.get(judge) == level}
        return len(set(self.panels.stations) - with_top) if level else 0


def hall(rng: Random) -> Hall:
    """A hall of up to four stations; what stands may be anything that an organiser has put."""
    stations = [f"{number}号" for number in range(1, rng.randint(2, 4) + 1)]
    judges: list[Any] = [
        SimpleNamespace(id=number, code=f"J{number}", name=f"裁判{number}", role=None)
        for number in range(1, rng.randint(2, 8) + 1)
    ]
    people = {station: rng.randint(0, 12) for station in stations}
    share = rng.choice((0.1, 0.35, 0.6))
    met: list[Any] = [
        SimpleNamespace(
            judge=judge.id,
            station=station,
            hard=rng.random() < 0.5,
            kind=ClashKind.KIN,
            words="亲属",
        )
        for judge in judges
        for station in stations
        if rng.random() < share
    ]
    standing = {
        (judge.id, rng.choice(stations))
        for judge in judges
        if rng.random() < rng.choice((0.2, 0.8))
    }
    panels = Panels(
        size=rng.randint(1, 3),
        stations=stations,
        judges=judges,
        seats=frozenset(standing),
        clashes=Clashes(met, people),
        loads={judge.id: rng.randint(0, 20) for judge in judges if rng.random() < 0.3},
        levels={judge.id: rng.choice(LEVELS) for judge in judges if rng.random() < 0.3},
        expired={},
    )
    staying = {seat for seat in standing if rng.random() < 0.2}
    hard = {(clash.judge, clash.station) for clash in met if clash.hard} - staying
    soft = {(clash.judge, clash.station) for clash in met} - hard
    top = next((level for level in LEVELS if level in panels.levels.values()), None)
    suggestion = suggest_seating(
        [Table(station, panels.size, people[station]) for station in stations],
        [
            Candidate(
                judge.id,
                panels.loads.get(judge.id, 0),
                top=top is not None and panels.levels.get(judge.id) == top,
            )
            for judge in judges
        ],
        hard=hard,
        soft=dict.fromkeys(soft, 1),
        standing=standing,
        staying=staying,
        loads_first=rng.random() < 0.5,
    )
    assert staying <= suggestion.seats
    return Hall(panels, hard, soft, suggestion)


def comes_truly(hall: Hall, judge: int, station: str, text: str) -> str:
    """Whether what is said of somebody who comes is so; which sentence it was."""
    count = len(hall.panels.stations)
    if hit := re.fullmatch(r"(\d+) 个工位里只有这里没有必须回避的选手", text):
        assert (hall.open_to(judge), int(hit[1])) == ([station], count)
        return "only"
    if hit := re.fullmatch(r"这里能坐的裁判少，一共只有 (\d+) 人", text):
        assert len(hall.able(station)) == int(hit[1]) <= hall.panels.size
        return "few"
    if hit := re.fullmatch(r"这里没有要说明的，这样的工位他有 (\d+) 个", text):
        assert station in hall.clear(judge)
        assert len(hall.clear(judge)) == int(hit[1])
        return "clear"
    if text == "哪个工位都能去，都没有要说明的":
        assert hall.clear(judge) == hall.panels.stations
        return "any"
    if text == "他能去的工位都要说明":
        assert hall.clear(judge) == []
        return "all soft"
    assert (judge, station) in hall.soft
    if text == "没有要说明的工位都坐满了":
        assert all(
            hall.taken(other_station) >= hall.panels.size for other_station in hall.clear(judge)
        )
        return "full"
    assert text == "这里要说明"
    return "soft"


def leaves_truly(hall: Hall, judge: int, station: str, text: str) -> str:
    """The same of somebody who leaves."""
    if text.startswith("必须回避"):
        assert (judge, station) in hall.hard
        return "hard"
    what, _mark, better = text.partition("；照整个方案，")
    before, after = hall.panels.seats, hall.suggestion.seats
    coming = after - before
    if what.startswith("改坐"):
        goes = what.removeprefix("改坐").split("、")
        assert sorted(goes) == sorted(at for mover, at in coming if mover == judge)
    elif hit := re.fullmatch(r"换成 (.+?)等?", what):
        named = {int(phrase.split()[0][1:]) for phrase in hit[1].split("、")}
        assert named
        assert named <= {mover for mover, at in coming if at == station}
    else:
        assert what == "方案里没有排他"
        assert judge not in {mover for mover, _at in after}
    measures = {
        "空着的席位": hall.empty,
        "要说明的席位": hall.explained,
        "评得最多的一位": hall.most,
        "没有最高级别裁判的工位": hall.plain,
    }
    for begins, measure in measures.items():
        if better.startswith(begins):
            a, b = map(int, re.findall(r"\d+", better))
            assert (a, b) == (measure(before), measure(after))
            assert b < a
            return begins
    assert better == ""
    assert all(measure(after) >= measure(before) for measure in measures.values())
    return "no better"


def lacks_truly(hall: Hall, title: str, why: str) -> str:
    """The same of what is not met."""
    if hit := re.fullmatch(r"(.+)缺 (\d+) 席", title):
        station, seats = hit[1], int(hit[2])
        assert hall.panels.size - hall.taken(station) == seats
        barred = {judge.id for judge in hall.judges} - set(hall.able(station))
        seated = {judge for judge, _at in hall.suggestion.seats}
        if reason_hit := re.match(
            r"(\d+) 人必须回避（.*）：亲属 \1 人。别人都有席位了；再请 (\d+) 个", why
        ):
            assert (int(reason_hit[1]), int(reason_hit[2])) == (len(barred), seats)
            assert set(hall.able(station)) <= seated
            return "barred"
        assert not barred
        assert {judge.id for judge in hall.judges} <= seated
        assert why == f"裁判不够，再请 {seats} 人"
        return "too few"
    if hit := re.fullmatch(r"有人坐 (\d+) 个工位", title):
        most = max(Counter(judge for judge, _at in hall.suggestion.seats).values())
        usable = {judge.id for judge in hall.judges if hall.open_to(judge.id)}
        assert most == int(hit[1]) > 1
        assert len(usable) < hall.panels.size * len(hall.panels.stations)
        return "several"
    assert "裁判" in title
    return "level"


def test_every_sentence_of_a_suggestion_is_so() -> None:
    rng = Random(16)
    seen: Counter[str] = Counter()
    for _number in range(HALLS):
        made = hall(rng)
        assert made.suggestion.proven
        telling = Telling(made.panels, made.judges, made.hard, made.suggestion)
        for move in telling.moves():
            truly = comes_truly if move.comes else leaves_truly
            seen[truly(made, move.judge.id, move.station, str(move.why))] += 1
        for shortage in telling.short():
            seen[lacks_truly(made, str(shortage.title), str(shortage.why))] += 1
    wanted = {"only", "few", "clear", "any", "all soft", "full", "hard", "barred", "too few"}
    wanted |= {"several", "level", "空着的席位", "要说明的席位", "评得最多的一位"}
    assert wanted <= set(seen), seen
