"""Series made up at random: always right, rich in ties, quotas, refusals and second thoughts."""

from __future__ import annotations

from random import Random
from typing import Any

Plain = dict[str, Any]

LEVELS = {
    1: ["enterprise"],
    2: ["municipal", "industry"],
    3: ["provincial-1", "provincial-2"],
    4: ["national-1", "national-2"],
}
BIRTHS = ["1981-05-01", "1981-05-02", "1980-02-29", "1992-02-29", "1960-12-31", "2031-01-01", None]
DAYS = ["2026-05-01", "2025-02-28", "2025-03-01", "2024-02-28", "2024-02-29"]


def series(rng: Random) -> Plain:
    """One series."""
    heights = sorted(rng.choices(range(1, 5), k=rng.randint(2, 6)), reverse=True)
    nodes = [_node(rng, n, height) for n, height in enumerate(heights)]
    people = [_person(rng, n) for n in range(rng.randint(2, 18))]
    rng.shuffle(people)
    events = ["PUMP", "泵"][: rng.randint(1, 2)]
    standings = [
        {"node": node["code"], "event": event, "rows": _rows(rng, people)}
        for node in nodes
        for event in events
        if rng.random() < 0.9
    ]
    plain: Plain = {
        "format": "compete-series/1",
        "series": {"code": "S", "name": "系列", "year": rng.choice([None, 2026])},
        "nodes": nodes,
        "reports": _reports(rng, nodes),
        "people": people,
        "standings": standings,
        "berths": _berths(rng, heights, events),
    }
    plain |= {
        "settled": _settled(rng, plain),
        "nominations": _nominations(rng, plain),
        "outside": _outside(rng, people),
    }
    rng.shuffle(plain["nodes"])
    return plain


def _node(rng: Random, n: int, height: int) -> Plain:
    node = {"code": f"n{n}", "name": f"赛区{n}", "level": rng.choice(LEVELS[height])}
    if n and rng.random() < 0.8:
        node["parent"] = f"n{rng.randrange(n)}"
    if rng.random() < 0.3:
        counted = {"sessions": rng.randint(0, 9), "entrants": rng.randint(0, 99)}
        node["here"] = {"competition": "C", **counted}  # type: ignore[assignment]
    return node


def _reports(rng: Random, nodes: list[Plain]) -> list[Plain]:
    reports: list[Plain] = []
    elsewhere = [node["code"] for node in nodes if "here" not in node]
    replaced: set[str] = set()
    for n in range(rng.randint(0, 8) if elsewhere else 0):
        examined = rng.choice([0, 1, 3, 7, 8, 800, 10**9])
        report = {
            "code": f"r{n}",
            "node": rng.choice(elsewhere),
            "sessions": rng.randint(0, 30),
            "people": rng.choice([0, 5, 10**9]),
            "examined": examined,
            "passed": rng.randint(0, examined),
            "day": "2026-05-30",
            "by": "工会",
        }
        former = [
            replacement["code"]
            for replacement in reports
            if replacement["node"] == report["node"] and replacement["code"] not in replaced
        ]
        if former and rng.random() < 0.5:
            report["replaces"] = rng.choice(former)
            replaced.add(report["replaces"])
        if not examined:
            del report["examined"], report["passed"]
        reports.append(report)
    return reports


def _person(rng: Random, n: int) -> Plain:
    person = {"code": f"p{n}", "name": f"人{n}"}
    given = {
        "unit": rng.choice([None, "U1", "U1", "U2", "U2", ""]),
        "group": rng.choice([None, "worker", "teacher", "student"]),
        "birth": rng.choice(BIRTHS),
        "grade": rng.choice([None, 1, 2, 3, 4, 5]),
    }
    return person | {key: value for key, value in given.items() if rng.random() < 0.9}


def _rows(rng: Random, people: list[Plain]) -> list[Plain]:
    most = rng.choice([1, 2, 4, 9])
    rows = []
    for person in rng.sample(people, len(people) if rng.random() < 0.7 else 1):
        rank = None if rng.random() < 0.1 else rng.randint(1, most)
        total = rng.choice([None, "60", 60, "59.999", "88.5", -1])
        rows.append({"person": person["code"], "rank": rank, "total": total})
    return rows


def _berths(rng: Random, heights: list[int], events: list[str]) -> list[Plain]:
    berths: dict[Any, Plain] = {}
    begun: dict[Any, bool] = {}
    for n in range(rng.randint(1, 6)):
        # A node stands no lower than those after it, so that no circle comes about.
        source = rng.randrange(1, len(heights))
        goal = (f"n{0 if rng.random() < 0.6 else rng.randrange(source)}", rng.choice(["F", "G"]))
        berth: Plain = {
            "code": f"b{n}",
            "from": f"n{source}",
            "event": rng.choice(events),
            "to": goal[0],
            "to_event": goal[1],
            "places": rng.choice([1, 2, 4, 5, 6, 9]),
            "begun": begun.setdefault(goal, rng.random() < 0.2),
        }
        given = {
            "per_unit": rng.choice([None, 1, 1, 2, 2]),
            "substitutes": rng.randint(0, 3),
            "ties": rng.choice(["undecided", "undecided", "include"]),
            "when": _when(rng) if rng.random() < 0.4 else {},
        }
        berth |= {key: value for key, value in given.items() if rng.random() < 0.8}
        berths.setdefault((berth["from"], berth["event"], *goal), berth)
    return list(berths.values())


def _when(rng: Random) -> Plain:
    asked = {
        "age": {"on": rng.choice(DAYS)}
        | rng.choice([{"from": 33}, {"to": 45}, {"from": 44, "to": 45}, {"to": 44}]),
        "holds": rng.choice([{}, {"at_least": 3}, {"at_most": 4}, {"at_least": 4, "at_most": 2}]),
        "groups": rng.choice([["worker"], ["teacher", "worker"], ["student"]]),
        "min_total": rng.choice(["60", 60, "59.9995", 0]),
        "max_rank": rng.randint(1, 6),
    }
    return {key: wanted for key, wanted in asked.items() if rng.random() < 0.2}


def _equals(plain: Plain, berth: Plain) -> dict[int | None, list[str]]:
    """The people of the berth's standings by rank."""
    equals: dict[int | None, list[str]] = {}
    for standing in plain["standings"]:
        if (standing["node"], standing["event"]) == (berth["from"], berth["event"]):
            for row in standing["rows"]:
                equals.setdefault(row["rank"], []).append(row["person"])
    return equals


def _settled(rng: Random, plain: Plain) -> list[Plain]:
    settled = []
    for berth in plain["berths"]:
        for rank, people in _equals(plain, berth).items():
            if rank is not None and len(people) > 1 and rng.random() < 0.3:
                order = rng.sample(people, rng.randint(2, len(people)))
                settled.append({"berth": berth["code"], "order": order, "how": "加赛"})
    rng.shuffle(settled)
    return settled


def _nominations(rng: Random, plain: Plain) -> list[Plain]:
    nominations = []
    accepted: dict[Any, str] = {}
    for berth in rng.sample(plain["berths"], len(plain["berths"])):
        goal = berth["to"], berth["to_event"]
        for people in _equals(plain, berth).values():
            for person in people:
                states = rng.choices(
                    ["accepted", "declined", "ineligible"], [6, 2, 1], k=rng.choice([0, 0, 1, 1, 2])
                )
                if states[-1:] == ["accepted"]:
                    if (goal, person) in accepted:
                        states[-1] = "declined"
                    accepted[goal, person] = berth["code"]
                nominations += [
                    {
                        "berth": berth["code"],
                        "person": person,
                        "state": state,
                        "day": "2026-06-02",
                        "reason": None if state == "accepted" else "外派",
                    }
                    for state in states
                ]
    return nominations


def _outside(rng: Random, people: list[Plain]) -> list[Plain]:
    return [
        {
            "code": f"o{n}",
            "person": rng.choice(people)["code"],
            "contest": "全国竞赛",
            "host": "部",
            "level": rng.choice(LEVELS[rng.randint(1, 4)]),
            "day": "2026-09-20",
            "event": "泵站运行工",
            "rank": rng.choice([None, 1, 2, 3]),
            "of": rng.choice([None, 3, 58]),
            "honours": rng.choice([[], ["技术能手"]]),
            "document": "通报〔2026〕31号",
            "entered_by": "甲",
            "agreed_by": "乙",
        }
        for n in range(rng.choice([0, 0, 3, 12]))
    ]
