"""Tables over several events, from the format's sentences alone."""

from fractions import Fraction

from tests.domain.reference.numbers import number, rounded, text


def overall_of(bundle, events, table):
    """One table of the results; the events have been worked out, awards too."""
    parent = {unit["code"]: unit.get("parent") for unit in bundle["units"]}
    brought = {}
    for event in events:
        name = event.event["code"]
        if table.get("events") and name not in table["events"]:
            continue
        for code in event.ranked():
            unit = event.units[code]
            while table.get("who") == "delegations" and parent[unit] is not None:
                unit = parent[unit]
            rank = event.places[code][0]
            brought.setdefault(unit, []).append((name, rank, worth(table, event, code, rank)))
    rows = {unit: row(table, lines) for unit, lines in brought.items()}
    able = {u: r for u, r in rows.items() if r["events"] >= table.get("least_events", 1)}
    standings = []
    for unit, line in rows.items():
        rank = None
        if unit in able:
            rank = 1 + sum(is_better(table, other, line) for other in able.values())
        value = None if table["by"] == "medals" else line["value"]
        standings.append(
            {
                "unit": unit,
                "rank": rank,
                "value": text(value, table.get("places", 2)),
                "medals": line["medals"],
                "events": line["events"],
            }
        )
    standings.sort(key=lambda it: (it["rank"] is None, it["rank"] or 0, it["unit"]))
    return {"code": table["code"], "standings": standings}


def worth(table, event, code, rank):
    """What one entrant brings, None where that is no value."""
    by, points = table["by"], table.get("points", {})
    if by == "ranks":
        own = {int(at): number(value) for at, value in points.items()}
        return event.worth(own, table, rank)
    if by == "awards":
        return number(points.get(event.own_awards.get(code), 0))
    if by == "totals":
        return event.places[code][2]
    if by == "scaled":
        return event.scaled.get(code)
    return Fraction(0)


def row(table, lines):
    """The figures of one unit."""
    kept = {}
    for name, _, value in lines:
        if value is not None:
            kept.setdefault(name, []).append(value)
    counted = [v for values in kept.values() for v in sorted(values)[::-1][: table.get("best")]]
    value = None
    if counted:
        value = sum(counted) / (len(counted) if table.get("method") == "mean" else 1)
        value = rounded(value, table.get("places", 2))
    ranks = [rank for _, rank, _ in lines]
    return {
        "value": value,
        "medals": [ranks.count(place) for place in (1, 2, 3)],
        "events": len(kept),
        "highest": max((v for values in kept.values() for v in values), default=None),
    }


def is_better(table, team_row, other):
    """Whether one stands before the other: the first thing that differs decides."""
    first = "medals" if table["by"] == "medals" else "value"
    names = {"medals": "medals", "best": "highest", "events": "events"}
    for key in (first, *(names[tie] for tie in table.get("ties", []))):
        if team_row[key] != other[key]:
            return team_row[key] > other[key]
    return False
