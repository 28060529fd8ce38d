"""A series worked out from the sentences of its format, slowly; shares no code with the program."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

Plain = dict[str, Any]

HEIGHT = {"enterprise": 1, "municipal": 2, "industry": 2, "provincial": 3, "national": 4}
COUNTS = ("sessions", "people", "examined", "passed")
UNKNOWN_GROUP = "worker"


def results(plain: Plain) -> Plain:
    """The whole results file."""
    berths = [berth["code"] for berth in listed(plain, "berths")]
    rows_of: dict[str, list[Plain]] = {}
    berths_told = []
    for code in berths:
        berth_row = berth_results(plain, code, rows_of)
        rows_of[code] = berth_row["rows"]
        berths_told.append(berth_row)
    return {
        "format": "compete-series-results/1",
        "series": plain["series"]["code"],
        "nodes": [node_results(plain, node["code"]) for node in listed(plain, "nodes")],
        "berths": berths_told,
        "entries": entries(plain, rows_of),
        "outside": outside(plain),
    }


def listed(plain: Plain, key: str) -> list[Plain]:
    return plain.get(key) or []


def the(plain: Plain, key: str, code: str) -> Plain:
    (entry,) = [item for item in listed(plain, key) if item["code"] == code]
    return entry


# Counts


def own(plain: Plain, code: str) -> Plain:
    here = the(plain, "nodes", code).get("here")
    if here is not None:
        return {
            "sessions": here["sessions"],
            "people": here["entrants"],
            "examined": 0,
            "passed": 0,
        }
    standing = [
        report
        for report in listed(plain, "reports")
        if report["node"] == code
        and not any(other.get("replaces") == report["code"] for other in listed(plain, "reports"))
    ]
    return {key: sum(report.get(key) or 0 for report in standing) for key in COUNTS}


def total(plain: Plain, code: str) -> Plain:
    below = [node["code"] for node in listed(plain, "nodes") if node.get("parent") == code]
    parts = [own(plain, code), *(total(plain, node) for node in below)]
    return {key: sum(part[key] for part in parts) for key in COUNTS}


def node_results(plain: Plain, code: str) -> Plain:
    everything = total(plain, code)
    rate = None
    if everything["examined"]:
        hundredths = Fraction(100 * 100 * everything["passed"], everything["examined"])
        nearest = int(hundredths + Fraction(1, 2))
        rate = f"{nearest // 100}.{nearest % 100:02}"
    return {"node": code, "own": own(plain, code), "total": everything, "rate": rate}


# Who goes up


def birthday_in(year: int, birth: date) -> date:
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def age(birth: str, on: str) -> int:
    born, day = date.fromisoformat(birth), date.fromisoformat(on)
    years = 0
    while birthday_in(born.year + years + 1, born) <= day:
        years += 1
    return years


def holds(key: str, wanted: Any, row: Plain, person: Plain) -> bool:
    if key == "max_rank":
        return row.get("rank") is not None and row["rank"] <= wanted
    if key == "min_total":
        return row.get("total") is not None and Fraction(str(row["total"])) >= Fraction(str(wanted))
    if key == "groups":
        return (person.get("group") or UNKNOWN_GROUP) in wanted
    if key == "holds":
        grade = person.get("grade")
        if wanted.get("at_least") is not None and (grade is None or grade > wanted["at_least"]):
            return False
        return not (
            wanted.get("at_most") is not None and grade is not None and grade < wanted["at_most"]
        )
    assert key == "age"
    if person.get("birth") is None:
        return False
    years = age(person["birth"], wanted["on"])
    return (wanted.get("from") is None or wanted["from"] <= years) and (
        wanted.get("to") is None or years <= wanted["to"]
    )


def answer(plain: Plain, berth: str, person: str) -> str | None:
    given = [
        nomination["state"]
        for nomination in listed(plain, "nominations")
        if (nomination["berth"], nomination["person"]) == (berth, person)
    ]
    return given[-1] if given else None


def short_of(plain: Plain, berth: Plain, row: Plain) -> list[str]:
    person = the(plain, "people", row["person"])
    short = ["rank"] if row.get("rank") is None else []
    when = berth.get("when") or {}
    for key in ("max_rank", "min_total", "groups", "holds", "age"):
        if when.get(key) is not None and not holds(key, when[key], row, person):
            short.append(key)
    if answer(plain, berth["code"], row["person"]) == "ineligible":
        short.append("ruled")
    return short


def groups_of(plain: Plain, berth: Plain) -> list[list[Plain]]:
    rows: list[Plain] = []
    for standing in listed(plain, "standings"):
        if (standing["node"], standing["event"]) == (berth["from"], berth["event"]):
            rows = standing["rows"]
    orders = [
        settlement
        for settlement in listed(plain, "settled")
        if settlement["berth"] == berth["code"]
    ]
    groups = []
    for rank in sorted({row["rank"] for row in rows if row.get("rank") is not None}):
        equal = {row["person"]: row for row in rows if row.get("rank") == rank}
        for order in orders:
            if order["order"][0] in equal:
                groups += [[equal.pop(code)] for code in order["order"]]
        if equal:
            groups.append([equal[code] for code in sorted(equal)])
    rest = sorted((row for row in rows if row.get("rank") is None), key=lambda row: row["person"])
    return [*groups, rest] if rest else groups


def berth_results(plain: Plain, code: str, before: dict[str, list[Plain]]) -> Plain:
    berth = the(plain, "berths", code)
    goal = berth["to"], berth["to_event"]
    elsewhere = {
        row["person"]
        for other, rows in before.items()
        for row in rows
        if (the(plain, "berths", other)["to"], the(plain, "berths", other)["to_event"]) == goal
        and row["state"] in ("accepted", "proposed", "undecided")
    }
    groups = groups_of(plain, berth)
    answers = {
        row["person"]: answer(plain, code, row["person"]) for group in groups for row in group
    }
    short = {row["person"]: short_of(plain, berth, row) for group in groups for row in group}
    fit = {
        person
        for person in answers
        if answers[person] != "declined" and not short[person] and person not in elsewhere
    }
    given, undecided = walk_down(plain, berth, groups, fit)

    def state(person: str) -> str:
        if berth.get("begun"):
            if answers[person] == "accepted":
                return "accepted"
            return "declined" if answers[person] == "declined" else "below"
        if answers[person] == "declined":
            return "declined"
        if short[person]:
            return "ineligible"
        if person in elsewhere:
            return "elsewhere"
        if given[person] == "place":
            return "accepted" if answers[person] == "accepted" else "proposed"
        return given[person]

    going, waiting = ("accepted", "proposed"), ("substitute",)

    def order(number: int, person: str) -> int | None:
        for kind in (going, waiting):
            if state(person) in kind:
                earlier = [row["person"] for group in groups[:number] for row in group]
                return 1 + len([nominee for nominee in earlier if state(nominee) in kind])
        return None

    rows = [
        {
            "person": row["person"],
            "rank": row.get("rank"),
            "state": state(row["person"]),
            "order": order(number, row["person"]),
            "short": short[row["person"]],
            "marked": answers[row["person"]] == "accepted" and given.get(row["person"]) != "place",
        }
        for number, group in enumerate(groups)
        for row in group
    ]
    undecided = [] if berth.get("begun") else undecided
    taken = len([row for row in rows if row["state"] in going])
    open_places = sum(group["places"] for group in undecided)
    return {
        "berth": code,
        "taken": taken,
        "vacant": max(0, berth["places"] - taken - open_places),
        "undecided": undecided,
        "rows": rows,
    }


def walk_down(
    plain: Plain, berth: Plain, groups: list[list[Plain]], fit: set[str]
) -> tuple[dict[str, str], list[Plain]]:
    """Sentences 4 and 5: what each fit person gets, and what is undecided."""
    given: dict[str, str] = {}
    undecided: list[Plain] = []
    kept: list[tuple[str, int]] = []
    quota = berth.get("per_unit")

    def unit(person: str) -> str | None:
        unit_code: str | None = the(plain, "people", person).get("unit")
        return unit_code

    def left() -> int:
        places: int = berth["places"]
        return places - list(given.values()).count("place") - sum(n for _, n in kept)

    def room(of: str) -> int:
        assert quota is not None
        theirs = [nominee for nominee in given if given[nominee] == "place" and unit(nominee) == of]
        kept_for_it = sum(n for whose, n in kept if whose == of)
        places: int = quota - len(theirs) - kept_for_it
        return places

    ended = False
    for group in groups:
        here = [row["person"] for row in group if row["person"] in fit]
        if ended or left() <= 0:
            substitutes = list(given.values()).count("substitute")
            what = "substitute" if substitutes < (berth.get("substitutes") or 0) else "below"
            given |= dict.fromkeys(here, what)
            continue
        units = {unit(person) for person in here} - {None} if quota is not None else set()
        rooms = {of: room(of) for of in units if of is not None}
        takers = [
            nominee
            for nominee in here
            if rooms.get(unit(nominee) or "", 1) > 0 or unit(nominee) is None
        ]
        given |= {nominee: "over_quota" for nominee in here if nominee not in takers}
        if berth.get("ties") == "include":
            given |= dict.fromkeys(takers, "place")
            continue
        asking = {
            of: [nominee for nominee in takers if unit(nominee) == of] for of in sorted(rooms)
        }
        contested = [of for of in asking if len(asking[of]) > rooms[of] > 0]
        free = [nominee for nominee in takers if unit(nominee) not in rooms]
        asked = len(free) + sum(min(len(asking[of]), max(rooms[of], 0)) for of in asking)
        rank = group[0].get("rank")
        if asked > left():
            places = left()
            undecided.append(
                {"rank": rank, "unit": None, "places": places, "persons": sorted(takers)}
            )
            given |= dict.fromkeys(takers, "undecided")
            ended = True
            continue
        for person in takers:
            given[person] = "undecided" if unit(person) in contested else "place"
        for of in contested:
            undecided.append(
                {"rank": rank, "unit": of, "places": rooms[of], "persons": sorted(asking[of])}
            )
            kept.append((of, rooms[of]))
    return given, undecided


# The rest


def entries(plain: Plain, rows_of: dict[str, list[Plain]]) -> list[Plain]:
    goals: list[tuple[str, str]] = []
    for berth in listed(plain, "berths"):
        if (berth["to"], berth["to_event"]) not in goals:
            goals.append((berth["to"], berth["to_event"]))
    return [
        {
            "node": node,
            "event": event,
            **{
                state: sorted(
                    row["person"]
                    for berth in listed(plain, "berths")
                    if (berth["to"], berth["to_event"]) == (node, event)
                    for row in rows_of[berth["code"]]
                    if row["state"] == state
                )
                for state in ("accepted", "proposed")
            },
        }
        for node, event in goals
    ]


def outside(plain: Plain) -> list[Plain]:
    def before(result: Plain) -> Any:
        height = HEIGHT[result["level"].split("-")[0]]
        rank = result.get("rank")
        return (-height, float("inf") if rank is None else rank, result["code"])

    persons = sorted({result["person"] for result in listed(plain, "outside")})
    return [
        {
            "person": person,
            "results": [
                result["code"]
                for result in sorted(listed(plain, "outside"), key=before)
                if result["person"] == person
            ],
        }
        for person in persons
    ]
