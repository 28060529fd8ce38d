"""One event: stages, final standings, items, teams, units, awards, grades."""

from fractions import Fraction

from tests.domain.reference.crews import people_of
from tests.domain.reference.numbers import number, rounded, shortest, text
from tests.domain.reference.prizes import awards_of, grades_of
from tests.domain.reference.scaled import scaled_of
from tests.domain.reference.stage import Stage, high, low, ranks


class Event:
    """Everything about one event."""

    def __init__(self, bundle, event):
        self.bundle, self.event = bundle, event
        self.people = {
            e["code"]: e for e in bundle.get("entrants", []) if e["event"] == event["code"]
        }
        self.units = {code: person["unit"] for code, person in self.people.items()}
        self.stages = []
        entrants = list(self.people)
        for stage in event["stages"]:
            state = Stage(bundle, event, stage, entrants, list(self.stages))
            self.stages.append(state)
            if stage is not event["stages"][-1]:
                entrants = state.going_on(self.units)
        self.places = self._final()
        self.scaled = scaled_of(self) if event.get("scale") else None

    def _final(self):
        """code → (rank or None, status, total, stage)."""
        style = self.event.get("ranking", {}).get("style", "competition")
        finals = {}
        for index, state in enumerate(self.stages):
            later = self.stages[index + 1].entrants if index + 1 < len(self.stages) else []
            beyond = sum(
                1
                for code in later
                if not any(
                    s.status.get(code) == "dsq" or (code in s.entrants and code in s.away)
                    for s in self.stages[index + 1 :]
                )
            )
            left = [code for code in state.entrants if code not in later]
            keyed = {
                code: (state.ranks[code],)
                for code in left
                if state.status[code] == "ranked" and code not in state.away
            }
            own = ranks(keyed, style)
            for code in left:
                rank = own.get(code)
                finals[code] = (
                    None if rank is None else beyond + rank,
                    "dns"
                    if code in state.away and state.status[code] == "ranked"
                    else state.status[code],
                    state.totals[code],
                    state,
                )
        return finals

    def ranked(self):
        """Those with a final rank, in order."""
        codes = [code for code, place in self.places.items() if place[0] is not None]
        return sorted(codes, key=lambda code: (self.places[code][0], code))

    def results(self):
        event = self.event
        places = event.get("rounding", {}).get("total", 2)
        order = {"incomplete": 1, "dns": 2, "dsq": 3}
        rest = sorted(
            (code for code, place in self.places.items() if place[0] is None),
            key=lambda code: (order[self.places[code][1]], code),
        )
        result = {
            "code": event["code"],
            "stages": [
                {
                    "code": state.code,
                    "standings": state.rows(
                        self.stages[index + 1].entrants if index + 1 < len(self.stages) else None
                    ),
                }
                for index, state in enumerate(self.stages)
            ],
            "standings": [
                {
                    "entrant": code,
                    "rank": self.places[code][0],
                    "status": self.places[code][1],
                    "total": text(self.places[code][2], places),
                    "stage": self.places[code][3].code,
                    **self._scaled_in(code),
                }
                for code in [*self.ranked(), *rest]
            ],
        }
        if event.get("team_ranking"):
            result["teams"] = self.team_rows()
        if event.get("unit_ranking"):
            result["units"] = self.unit_rows()
        if event.get("items"):
            result["items"] = [
                {"item": item["code"], "standings": self.item_rows(item)} for item in event["items"]
            ]
        if event.get("awards"):
            result["awards"] = awards_of(self)
        if event.get("grades"):
            result["grades"], result["honours"] = grades_of(self)
        if notices := [notice for stage in self.stages for notice in stage.notices]:
            result["notices"] = notices
        return result

    def _scaled_in(self, code):
        """The standard score as a row has it."""
        if self.scaled is None:
            return {}
        return {"scaled": text(self.scaled.get(code), self.event["scale"].get("places", 0))}

    def item_ranks(self, item):
        """code → (rank, score) in a single item."""
        last = self.stages[-1]
        scores = {}
        inside = [m["code"] for m in last.stage["modules"] if m.get("part") == item["of"]]
        modules = inside or [item["of"]]
        for code in last.entrants:
            if last.status[code] == "dsq":
                continue
            value = last.parts[code, item["of"]] if inside else last.scores[code, item["of"]]
            missed = [last.module_books[module].is_nothing(code) for module in modules]
            absent = all(missed) if item["of"] in last.tried else any(missed)
            if value is not None and not absent:
                scores[code] = value
        keys = {c: (-v, *last.keys(item.get("ties", []), c)) for c, v in scores.items()}
        rank_of = ranks(keys, "competition")
        return {code: (rank_of[code], scores[code]) for code in scores}

    def item_rows(self, item):
        places = self.event.get("rounding", {}).get("module", 2)
        row_of = self.item_ranks(item)
        return [
            {"entrant": c, "rank": row_of[c][0], "score": text(row_of[c][1], places)}
            for c in sorted(row_of, key=lambda c: (row_of[c][0], c))
        ]

    def teams(self):
        """code → (rank or None, total, counting members)."""
        rule = self.event["team_ranking"]
        places = self.event.get("rounding", {}).get("total", 2)
        best = rule["best"]
        totals, counting, keys = {}, {}, {}
        for team in self.bundle.get("teams", []):
            if team["event"] != self.event["code"]:
                continue
            members = [c for c, person in self.people.items() if person.get("team") == team["code"]]
            fit = sorted(
                (c for c in members if self.places[c][0] is not None),
                key=lambda c: (-self.places[c][2], self.places[c][0], c),
            )[:best]
            total = sum((self.places[c][2] for c in fit), Fraction(0))
            if rule.get("method", "sum") == "mean":
                total /= best
            counting[team["code"]] = fit
            totals[team["code"]] = rounded(
                total, places, self.event.get("rounding", {}).get("mode", "half_up")
            )
            people = sum(len(people_of(self.people[c])) for c in members)
            ok = people >= rule.get("min_members", 1) and fit
            if rule.get("require_full", True) and len(fit) < best:
                ok = False
            if ok:
                keys[team["code"]] = (
                    -totals[team["code"]],
                    *(self.team_key(text_, fit, best) for text_ in rule.get("ties", [])),
                )
        rank_of = ranks(keys, "competition")
        return {t: (rank_of.get(t), totals[t], counting[t]) for t in totals}

    def team_key(self, key, fit, best):
        kind, _, name = key.partition(":")
        if kind == "best":
            return high(max(self.places[c][2] for c in fit))
        if kind == "best_rank":
            return low(Fraction(min(self.places[c][0] for c in fit)))
        if kind == "module":
            return high(
                sum(
                    (self.places[c][3].scores.get((c, name)) or Fraction(0) for c in fit),
                    Fraction(0),
                )
            )
        last = {c: self.places[c][3] for c in fit}
        times = [last[c].time(last[c].timed(name), c) for c in fit]
        if len(fit) < best or any(t is None for t in times):
            return low(None)
        return low(sum(times, Fraction(0)))

    def team_rows(self):
        places = self.event.get("rounding", {}).get("total", 2)
        team_of = self.teams()
        listed = sorted(team_of, key=lambda t: (team_of[t][0] is None, team_of[t][0] or 0, t))
        return [
            {
                "team": t,
                "rank": team_of[t][0],
                "total": text(team_of[t][1], places),
                "members": team_of[t][2],
            }
            for t in listed
        ]

    def worth(self, points, rule, rank):
        """What a final rank brings, shared by all who have it where the rule says so."""
        sharers = sum(place[0] == rank for place in self.places.values())
        if rule.get("shared") != "average":
            sharers = 1
        filled = [points.get(at, Fraction(0)) for at in range(rank, rank + sharers)]
        return sum(filled, Fraction(0)) / sharers

    def unit_rows(self):
        rule = self.event["unit_ranking"]
        worth = {int(k): number(v) for k, v in (rule.get("points") or {}).items()}
        points, medals = {}, {}
        for code in self.ranked():
            unit, rank = self.units[code], self.places[code][0]
            points[unit] = points.get(unit, Fraction(0)) + self.worth(worth, rule, rank)
            medals.setdefault(unit, [0, 0, 0])
            if rank <= 3:
                medals[unit][rank - 1] += 1
        if rule.get("medals"):
            keys = {u: tuple(-n for n in medals[u]) for u in medals}
        else:
            keys = {u: (-points[u],) for u in medals}
        rank_of = ranks(keys, "competition")
        return [
            {"unit": u, "rank": rank_of[u], "points": shortest(points[u]), "medals": medals[u]}
            for u in sorted(rank_of, key=lambda u: (rank_of[u], u))
        ]
