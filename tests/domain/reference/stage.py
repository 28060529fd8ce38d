"""One stage: totals, statuses, ranks, who goes on."""

from fractions import Fraction

from tests.domain.reference.crews import birth_of
from tests.domain.reference.module import Module
from tests.domain.reference.numbers import number, rounded, text

LAST = (1, Fraction(0))


class Stage:
    """The entrants of a stage with everything that was worked out about them."""

    def __init__(self, bundle, event, stage, entrants, earlier):
        self.bundle, self.event, self.stage, self.earlier = bundle, event, stage, earlier
        self.code = stage["code"]
        self.entrants = sorted(entrants)
        rounding = event.get("rounding", {})
        self.total_places = rounding.get("total", 2)
        self.module_places = rounding.get("module", 2)
        self.mode = rounding.get("mode", "half_up")
        self.module_books = {
            m["code"]: Module(bundle, event, stage, m, self.entrants) for m in stage["modules"]
        }
        self.tried = {p["code"]: [] for p in stage.get("parts", []) if p.get("take")}
        for m in stage["modules"]:
            if m.get("part") in self.tried:
                self.tried[m["part"]].append(m)
        for modules in self.tried.values():
            for m in modules:
                self.module_books[m["code"]].part_modules = [
                    self.module_books[other["code"]] for other in modules
                ]
        self.times = {}
        for row in bundle.get("times", []):
            if row["stage"] == self.code:
                self.times[row["module"], row["entrant"]] = number(row["seconds"])
        self.births = {e["code"]: birth_of(e) for e in bundle["entrants"]}
        self.scores, self.flags, self.parts, self.exact, self.totals = {}, {}, {}, {}, {}
        self.status = {}
        for entrant in self.entrants:
            self._work_out(entrant)
        self.is_second = bundle["format"] == "compete-bundle/2"
        self.notices = []
        self.refused = []
        self.order_keys = self._order_keys()
        self.ranks = ranks(self.order_keys, event.get("ranking", {}).get("style", "competition"))

    def _work_out(self, entrant):
        for code, book in self.module_books.items():
            self.scores[entrant, code], self.flags[entrant, code] = book.score(entrant)
        for part in self.stage.get("parts", []):
            self.parts[entrant, part["code"]] = self._part(entrant, part)
        own = self._own(entrant)
        carry = self.stage.get("carry")
        if own is not None and carry is not None:
            before = next(s for s in self.earlier if s.code == carry["from"])
            own = number(carry["weight"]) * before.totals[entrant] + number(carry["own"]) * own
        self.exact[entrant] = own
        self.totals[entrant] = None if own is None else rounded(own, self.total_places, self.mode)
        outcomes = [b.outcome(entrant) for b in self.module_books.values() if not b.is_attempt]
        for modules in self.tried.values():
            tries = [self.module_books[m["code"]] for m in modules]
            if all(book.is_nothing(entrant) for book in tries):
                outcomes += [book.outcome(entrant) for book in tries]
        # A module's own outcome hides the stage's from its score, not from the status.
        outcomes.append(next(iter(self.module_books.values())).stage_outcomes.get(entrant))
        if "dsq" in outcomes:
            self.status[entrant] = "dsq"
            self.totals[entrant] = self.exact[entrant] = None
        elif "dns" in outcomes:
            self.status[entrant] = "dns"
        elif any(self.scores[entrant, code] is None for code in self.module_books):
            self.status[entrant] = "incomplete"
        else:
            self.status[entrant] = "ranked"

    def _part(self, entrant, part):
        inside = [m for m in self.stage["modules"] if m.get("part") == part["code"]]
        if any(self.scores[entrant, m["code"]] is None for m in inside):
            return None
        if part["code"] in self.tried:
            best = [self.share(entrant, m) for m in self.counted(entrant, part)]
            mean = sum(best, Fraction(0)) / part["take"]["best"]
            return rounded(number(part["full"]) * mean, self.module_places, self.mode)
        shares = sum(number(m["weight"]) for m in inside)
        got = sum(
            self.scores[entrant, m["code"]] / number(m["full"]) * number(m["weight"])
            for m in inside
        )
        return rounded(number(part["full"]) * got / shares, self.module_places, self.mode)

    def share(self, entrant, module):
        """An attempt's score by its full marks."""
        return self.scores[entrant, module["code"]] / number(module["full"])

    def counted(self, entrant, part):
        """The attempts that count: none behind which as many better or earlier equal ones are."""
        attempts = self.tried[part["code"]]
        if any(self.scores[entrant, m["code"]] is None for m in attempts):
            return []
        shares = [self.share(entrant, m) for m in attempts]
        return [
            m
            for place, m in enumerate(attempts)
            if sum(s > shares[place] for s in shares) + shares[:place].count(shares[place])
            < part["take"]["best"]
        ]

    def stands(self, entrant, code):
        """Whether a module is no attempt, or one that counts."""
        for part in self.stage.get("parts", []):
            if any(m["code"] == code for m in self.tried.get(part["code"], [])):
                return any(m["code"] == code for m in self.counted(entrant, part))
        return True

    def _own(self, entrant):
        total = Fraction(0)
        for part in self.stage.get("parts", []):
            score = self.parts[entrant, part["code"]]
            if score is None:
                return None
            total += score / number(part["full"]) * number(part["weight"])
        for module in self.stage["modules"]:
            score = self.scores[entrant, module["code"]]
            if score is None:
                return None
            if module.get("part") is None:
                total += score / number(module["full"]) * number(module["weight"])
        return total

    def read(self, key, entrant):
        """A tie key as something to sort by, smallest first; None where it names nothing here."""
        kind, _, name = key.partition(":")
        if kind == "module":
            if name not in self.module_books:
                return None
            return high(self.scores[entrant, name])
        if kind == "part":
            if name not in {p["code"] for p in self.stage.get("parts", [])}:
                return None
            return high(self.parts[entrant, name])
        if kind in ("criterion", "aspect"):
            field = "criterion" if kind == "criterion" else "code"
            pairs = [
                (book, a)
                for book in self.module_books.values()
                for a in book.module["aspects"]
                if a.get(field) == name
            ]
            if not pairs:
                return None
            pairs = [(b, a) for b, a in pairs if self.stands(entrant, b.module["code"])]
            return high(sum((b.aspect_mark(entrant, a) for b, a in pairs), Fraction(0)))
        if kind == "next":
            part = next((p for p in self.stage.get("parts", []) if p["code"] == name), None)
            if name not in self.tried or len(self.tried[name]) <= part["take"]["best"]:
                return None
            counted = self.counted(entrant, part)
            rest = [m for m in self.tried[name] if m not in counted]
            rest = [m for m in rest if not self.module_books[m["code"]].is_nothing(entrant)]
            rest = [m for m in rest if self.scores[entrant, m["code"]] is not None]
            return high(max((self.share(entrant, m) for m in rest), default=None))
        if kind == "time":
            pairs = self.timed(name)
            return None if not pairs else low(self.time(pairs, entrant))
        if kind == "stage":
            named = next((s for s in (*self.earlier, self) if s.code == name), None)
            return None if named is None else high(named.totals[entrant])
        birth = self.births[entrant]
        if birth is None:
            return LAST
        days = Fraction(int(str(birth).replace("-", "")))
        return low(days) if name == "older" else high(days)

    def timed(self, name):
        """The modules here whose times a key adds up."""
        everywhere = {m["code"] for stage in self.event["stages"] for m in stage["modules"]}
        if name in everywhere:
            wanted = {name}
        elif name == "all":
            wanted = everywhere
        else:
            wanted = set(name.split("+"))
        return [code for code in self.module_books if code in wanted]

    def time(self, modules, entrant):
        """Their times together; None where one is missing or there is none."""
        for part in self.stage.get("parts", []):
            attempts = {m["code"] for m in self.tried.get(part["code"], [])}
            if attempts & {*modules} and self.parts[entrant, part["code"]] is None:
                return None
        modules = [code for code in modules if self.stands(entrant, code)]
        times = [self.times.get((code, entrant)) for code in modules]
        return sum(times, Fraction(0)) if times and None not in times else None

    def keys(self, texts, entrant):
        """All keys that mean something here."""
        criteria = [self.read(text, entrant) for text in texts]
        return tuple(key for key in criteria if key is not None)

    def _order_keys(self):
        """What everybody ranked is ordered by, playoffs and all."""
        ranking = self.event.get("ranking", {})
        base = self.exact if ranking.get("on", "rounded") == "exact" else self.totals
        keys = {
            e: (-base[e], *self.keys(ranking.get("ties", []), e))
            for e in self.entrants
            if self.status[e] == "ranked"
        }
        for index, playoff in enumerate(self.bundle.get("playoffs", [])):
            if (playoff["event"], playoff["stage"]) != (self.event["code"], self.code):
                continue
            groups = [[item] if isinstance(item, str) else item for item in playoff["order"]]
            named = sorted(code for group in groups for code in group)
            sets = {}
            for code, key in keys.items():
                sets.setdefault(key, []).append(code)
            if named not in [sorted(alike) for alike in sets.values()]:
                self.refused.append(index)
                continue
            for place, group in enumerate(groups):
                for code in group:
                    keys[code] = (*keys[code], (0, Fraction(place)))
        return keys

    @property
    def away(self):
        """Who takes no part in the next stage, whose place is another's."""
        return (self.stage.get("advance") or {}).get("without", ())

    def going_on(self, units):
        """Who goes on to the next stage."""
        going = self._going_by_rule(units)
        also = (self.stage.get("advance") or {}).get("also", ())
        kept = {code for code in also if code in self.ranks and code not in self.away}
        missed = {*(self.stage.get("advance") or {}).get("missed", ())} - kept
        return [code for code in [*going, *sorted(kept - {*going})] if code not in missed]

    def _going_by_rule(self, units):
        """Who goes on by the rule."""
        if self.is_second and self.stage.get("advance") is not None:
            return self._going_on_unpreferred(units)
        in_order = sorted(self.ranks.keys() - {*self.away}, key=lambda e: (self.ranks[e], e))
        advance = self.stage.get("advance")
        if advance is None:
            return in_order
        top, per_unit = advance.get("top"), advance.get("per_unit")
        taken, counts, last = [], {}, None
        for entrant in in_order:
            full = top is not None and len(taken) >= top
            if full and (advance.get("ties", "include") == "cut" or self.ranks[entrant] != last):
                break
            if per_unit is not None and counts.get(units[entrant], 0) >= per_unit:
                continue
            taken.append(entrant)
            counts[units[entrant]] = counts.get(units[entrant], 0) + 1
            if not full:
                last = self.ranks[entrant]
        return taken

    def _going_on_unpreferred(self, units):
        """Nobody by code: equals go on together, or wait with a notice."""
        advance = self.stage["advance"]
        top, most = advance.get("top"), advance.get("per_unit")
        going, gone = [], dict.fromkeys(units.values(), 0)
        for rank in sorted(set(self.ranks.values())):
            if top is not None and sum(gone.values()) >= top:
                break
            here = sorted(
                code
                for code, own in self.ranks.items()
                if own == rank
                and code not in self.away
                and (most is None or gone[units[code]] < most)
            )
            of_unit = {unit: [c for c in here if units[c] == unit] for unit in sorted(gone)}
            of_unit = {unit: people for unit, people in of_unit.items() if people}
            if advance.get("ties", "include") == "include":
                for code in here:
                    going.append(code)
                    gone[units[code]] += 1
                continue
            asked = {
                unit: len(people) if most is None else min(len(people), most - gone[unit])
                for unit, people in of_unit.items()
            }
            if top is not None and sum(asked.values()) > top - sum(gone.values()):
                self._notice("cut_tie", rank, None, top - sum(gone.values()), here)
                break
            for unit, people in of_unit.items():
                gone[unit] += asked[unit]
                if asked[unit] == len(people):
                    going += people
                else:
                    self._notice("unit_tie", rank, unit, asked[unit], people)
        return going

    def _notice(self, kind, rank, unit, places, people):
        own = {"kind": kind, "stage": self.code, "rank": rank, "unit": unit, "open": places}
        own = {key: value for key, value in own.items() if value is not None}
        self.notices.append({**own, "entrants": people})

    def rows(self, gone_on):
        """The published rows; `gone_on` is None in the last stage."""
        order = {"ranked": 0, "incomplete": 1, "dns": 2, "dsq": 3}
        listed = sorted(
            self.entrants, key=lambda e: (order[self.status[e]], self.ranks.get(e, 0), e)
        )
        return [
            {
                "entrant": e,
                "rank": self.ranks.get(e),
                "status": self.status[e],
                "total": text(self.totals[e], self.total_places),
                "modules": {
                    m["code"]: {
                        "score": text(self.scores[e, m["code"]], self.module_places),
                        "points": self._points(e, m),
                        "flags": self.flags[e, m["code"]],
                    }
                    for m in self.stage["modules"]
                },
                "parts": {
                    p["code"]: text(self.parts[e, p["code"]], self.module_places)
                    for p in self.stage.get("parts", [])
                },
                "advanced": None if gone_on is None else e in gone_on,
                **self._counted_in(e),
            }
            for e in listed
        ]

    def _counted_in(self, entrant):
        """The attempts that count as a row has them."""
        parts = [p for p in self.stage.get("parts", []) if p["code"] in self.tried]
        counted = {p["code"]: [m["code"] for m in self.counted(entrant, p)] for p in parts}
        return {"counted": counted} if counted else {}

    def _points(self, entrant, module):
        score = self.scores[entrant, module["code"]]
        if score is None:
            return None
        worth = score / number(module["full"]) * number(module["weight"])
        return text(rounded(worth, self.total_places, self.mode), self.total_places)


def high(value):
    """Higher first, nothing last."""
    return LAST if value is None else (0, -value)


def low(value):
    """Lower first, nothing last."""
    return LAST if value is None else (0, value)


def ranks(keys, style):
    """Ranks of sort keys in one of the three styles."""
    listed = sorted(keys, key=lambda code: (keys[code], code))
    styles, dense = {}, 0
    for place, code in enumerate(listed, start=1):
        if place == 1 or keys[listed[place - 2]] != keys[code]:
            dense += 1
            start = place
        styles[code] = {"ordinal": place, "dense": dense, "competition": start}[style]
    return styles
