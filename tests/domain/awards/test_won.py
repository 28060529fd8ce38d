"""What results say was won, as certificates tell it: whose, of what, at which place."""

from __future__ import annotations

import json

from compete.domain.awards.won import Won, award_count, certified_in, honour_count, won_in
from compete.domain.bundle.reading import read_bundle
from compete.domain.scoring.scorer import score
from tests.domain.scoring.build import Plain, bundle, entrant, event, mark, module, stage


def award(code: str, **keys: object) -> Plain:
    return {"code": code, "name": f"{code}奖", **keys}


EVENT = event(
    stage(module("m", weight=50), module("n", weight=50)),
    items=[{"code": "im", "name": "甲项", "of": "m"}, {"code": "in", "name": "乙项", "of": "n"}],
    awards=[
        award("gold", top=2),
        award("best", top=1, scope="items"),
        award("team", top=1, scope="teams"),
    ],
    team_ranking={"best": 2, "require_full": False},
    grades=[{"code": "r", "cite": "r", "when": {"max_rank": 1}, "grant": {"titles": ["能手"]}}],
)
PEOPLE = [
    entrant("C1", members=[{"code": "a", "name": "甲"}, {"code": "b", "name": "乙"}]),
    entrant("P2", team="T"),
    entrant("P3", team="T"),
]
POINTS = {"C1": (90, 80), "P2": (70, 85), "P3": (10, 20)}
TEAMS = [{"code": "T", "name": "T", "event": "E", "unit": "U"}]


def test_awards_honours_and_their_places_as_they_are_certified() -> None:
    marks = [
        mark(code, value, module_code=where)
        for code, values in POINTS.items()
        for where, value in zip("mn", values, strict=True)
    ]
    file = read_bundle(json.dumps(bundle(EVENT, PEOPLE, marks, teams=TEAMS)).encode())
    results = score(file)
    of_event = results.events[0]
    crew = Won("赛项", "gold奖", None, False, 1, "85.00", entrant="C1")
    item = Won("赛项", "best奖", "甲项", False, 1, "90.00", entrant="C1")
    second = Won("赛项", "gold奖", None, False, 2, "77.50", entrant="P2")
    other = Won("赛项", "best奖", "乙项", False, 1, "85.00", entrant="P2")
    team = Won("赛项", "team奖", None, False, 1, "92.50", team="T", members=("P2", "P3"))
    honour = Won("赛项", "能手", None, True, 1, "85.00", entrant="C1", member="a")
    assert won_in(file, of_event) == [crew, second, team, item, other, honour]
    assert (award_count(of_event), honour_count(of_event)) == (5, 1)
    certified = list(certified_in(file, results))
    assert {code for code, _won in certified} == {"E"}
    # A crew's award is each member's, in the crew's order; an honour is one's own already.
    assert [(won.prize, won.crews_prize) for _code, won in certified] == [
        ("赛项//gold奖/a", "赛项//gold奖"),
        ("赛项//gold奖/b", "赛项//gold奖"),
        ("赛项//gold奖", None),
        ("赛项//team奖", None),
        ("赛项/甲项/best奖/a", "赛项/甲项/best奖"),
        ("赛项/甲项/best奖/b", "赛项/甲项/best奖"),
        ("赛项/乙项/best奖", None),
        ("赛项//能手/a", None),
    ]
