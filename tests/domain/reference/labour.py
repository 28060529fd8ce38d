"""A labour competition: every period's standings, from the format's sentences alone."""

from fractions import Fraction

from tests.domain.reference.numbers import number, rounded, text
from tests.domain.reference.stage import ranks


def score_labour(bundle):
    """The `labour` part of the results."""
    return Labour(bundle).results()


class Labour:
    """Everything about one labour competition."""

    def __init__(self, bundle):
        self.labour = bundle["labour"]
        self.is_second = bundle["format"] == "compete-bundle/2"
        self.periods = {p["code"]: p for p in self.labour["periods"]}
        groups = self.labour.get("groups")
        codes = [unit["code"] for unit in bundle["units"]]
        self.group = dict.fromkeys(codes) if groups is None else groups
        self.indicators = {i["code"]: i for i in self.labour["indicators"]}
        self.values = {}
        for value in self.labour.get("values", []):
            if value["unit"] in self.group:
                self.values[value["unit"], value["period"], value["indicator"]] = value
        self.totals = {(p, u): self.total(p, u) for p in self.periods for u in self.group}
        self.ranks = {p: self.rank(p) for p in self.periods}
        self.flags = {(p, u) for p in self.periods for u in self.flagged(p)}

    def inside(self, period):
        """The periods that are part of this one."""
        return [p["code"] for p in self.labour["periods"] if p.get("part_of") == period]

    def leaves(self, period):
        """The leaves of a period, itself if it is one."""
        inside = self.inside(period)
        return [leaf for part in inside for leaf in self.leaves(part)] if inside else [period]

    def asked(self, leaf):
        """The indicators asked in a leaf."""
        return [
            code
            for code, indicator in self.indicators.items()
            if not indicator.get("periods") or leaf in indicator["periods"]
        ]

    def score(self, unit, leaf, code):
        """An indicator's exact score, None without a value."""
        value = self.values.get((unit, leaf, code))
        if value is None:
            return None
        indicator = self.indicators[code]
        rule, full, got = indicator["scoring"], number(indicator["max"]), number(value["value"])
        if rule["type"] == "score":
            return got
        if rule["type"] == "completion":
            return full * min(got / number(value["target"]), number(rule.get("cap", 1)))
        if rule["type"] == "linear":
            zero, top = number(rule["zero_at"]), number(rule["full_at"])
            return full * min(max((got - zero) / (top - zero), Fraction(0)), Fraction(1))
        if rule["type"] == "deduction":
            return max(full - got * number(rule["points"]), Fraction(0))
        others = [
            number(self.values[other, leaf, code]["value"])
            for other in self.group
            if self.group[other] == self.group[unit] and (other, leaf, code) in self.values
        ]
        lower = rule.get("better") == "lower"
        rank = sum(other < got if lower else other > got for other in others)
        return number(rule["points"][rank]) if rank < len(rule["points"]) else Fraction(0)

    def total(self, period, unit):
        """`absent`, `incomplete`, or the rounded total."""
        parts = self.inside(period)
        if not parts:
            scores = [self.score(unit, period, code) for code in self.asked(period)]
            if all(score is None for score in scores):
                return "absent"
            if None in scores and self.labour.get("missing", "blocks") == "blocks":
                return "incomplete"
            own = sum((score for score in scores if score is not None), Fraction(0))
        else:
            totals = {part: self.total(part, unit) for part in parts}
            there = {part: total for part, total in totals.items() if total != "absent"}
            if not there:
                return "absent"
            if "incomplete" in there.values():
                return "incomplete"
            weights = {part: number(self.periods[part].get("weight", 1)) for part in there}
            own = sum(there[part] * weights[part] for part in there) / sum(weights.values())
        return rounded(own + self.adjusted(period, unit), 2)

    def adjusted(self, period, unit):
        """Points up, at most `adjust_cap` of them, and points down."""
        points = [
            number(adjustment["points"])
            for adjustment in self.labour.get("adjustments", [])
            if (adjustment["unit"], adjustment["period"]) == (unit, period)
        ]
        up = sum((point for point in points if point > 0), Fraction(0))
        if self.labour.get("adjust_cap") is not None:
            up = min(up, number(self.labour["adjust_cap"]))
        return up + sum((point for point in points if point < 0), Fraction(0))

    def tie(self, period, unit, key):
        """The mean score of an indicator over the leaves inside with a value."""
        code = key.removeprefix("indicator:")
        scores = [self.score(unit, leaf, code) for leaf in self.leaves(period)]
        given = [score for score in scores if score is not None]
        return sum(given, Fraction(0)) / len(given) if given else Fraction(0)

    def rank(self, period):
        """Unit → rank within its group."""
        rank_of = {}
        veto_rank = "keep"
        if self.is_second:
            veto_rank = self.labour.get("veto_rank", "none")
        for group in set(self.group.values()):
            keys = {
                unit: (
                    veto_rank == "last" and self.vetoed(period, unit),
                    -self.totals[period, unit],
                    *(-self.tie(period, unit, key) for key in self.labour.get("ties", [])),
                )
                for unit in self.group
                if self.group[unit] == group
                and isinstance(self.totals[period, unit], Fraction)
                and not (veto_rank == "none" and self.vetoed(period, unit))
            }
            rank_of |= ranks(keys, "competition")
        return rank_of

    def vetoed(self, period, unit):
        """A veto in the period or anywhere inside it."""
        inside, to_visit = [], [period]
        while to_visit:
            inside.append(to_visit.pop())
            to_visit += self.inside(inside[-1])
        return any(
            vetoe["unit"] == unit and vetoe["period"] in inside
            for vetoe in self.labour.get("vetoes", [])
        )

    def has_flags(self, period):
        """Whether flags go in this period."""
        flags = self.labour.get("flags")
        return flags is not None and (not flags.get("periods") or period in flags["periods"])

    def flagged(self, period):
        """Who carries the flag in a period."""
        if not self.has_flags(period):
            return []
        flags, units = self.labour["flags"], []
        for group in set(self.group.values()):
            fit = []
            for unit, rank in self.ranks[period].items():
                there = sum(self.totals[leaf, unit] != "absent" for leaf in self.leaves(period))
                if (
                    self.group[unit] == group
                    and self.totals[period, unit] >= number(flags.get("min", 0))
                    and not self.vetoed(period, unit)
                    and there >= flags.get("min_leaves", 1)
                ):
                    fit.append((rank, unit))
            fit.sort()
            first = fit[: flags.get("count", 1)]
            units += [unit for rank, unit in fit if first and rank <= first[-1][0]]
        return units

    def prize_value(self, prize, unit):
        """A unit's rounded value for a prize, None for one that is out."""
        root = next(c for c, p in self.periods.items() if p.get("part_of") is None)
        period = prize.get("period", root)
        kind, name = prize["by"].split(":", 1)
        key = {"indicator": "code", "heading": "heading"}[kind]
        named = [c for c, i in self.indicators.items() if i.get(key) == name]
        if self.vetoed(period, unit):
            return None
        counted = []
        for leaf in self.leaves(period):
            asked = [c for c in self.asked(leaf) if c in named]
            if self.totals[leaf, unit] == "absent" or not asked:
                continue
            own = Fraction(0)
            for code in asked:
                score = self.score(unit, leaf, code)
                if score is None and self.labour.get("missing", "blocks") == "blocks":
                    return None
                own += score or 0
            counted.append(own)
        if not counted:
            return None
        value = rounded(sum(counted) / len(counted), 2)
        return None if "min" in prize and value < number(prize["min"]) else value

    def prizes(self):
        """Who won what: whoever has fewer than `top` of the group above them."""
        rows = []
        for prize in self.labour["prizes"]:
            values = {unit: self.prize_value(prize, unit) for unit in self.group}
            for unit in sorted(self.group, key=lambda unit: (self.group[unit] or "", unit)):
                group = [u for u in self.group if self.group[u] == self.group[unit]]
                value = values[unit]
                if value is None:
                    continue
                above = sum(values[u] is not None and values[u] > value for u in group)
                if above < prize["top"]:
                    rows.append(
                        {
                            "prize": prize["code"],
                            "group": self.group[unit],
                            "unit": unit,
                            "rank": above + 1,
                            "value": text(value, 2),
                        }
                    )
        places = [prize["code"] for prize in self.labour["prizes"]]
        rows.sort(key=lambda r: (places.index(r["prize"]), r["group"] or "", r["rank"], r["unit"]))
        return rows

    def row(self, period, unit):
        """One row of a period's standings."""
        total = self.totals[period, unit]
        counted = isinstance(total, Fraction)
        line = self.labour.get("warn_below")
        missing = []
        if not self.inside(period):
            missing = [c for c in self.asked(period) if (unit, period, c) not in self.values]
        return {
            "unit": unit,
            "group": self.group[unit],
            "rank": self.ranks[period].get(unit),
            "total": text(total, 2) if counted else None,
            "flag": (period, unit) in self.flags,
            "vetoed": self.vetoed(period, unit),
            "warned": counted
            and line is not None
            and self.has_flags(period)
            and total < number(line),
            "missing": missing,
        }

    def results(self):
        """All periods in the bundle's order."""
        order = {"incomplete": 1, "absent": 2}

        def place(period, unit):
            return (
                self.group[unit] or "",
                order.get(self.totals[period, unit], 0)
                if isinstance(self.totals[period, unit], str)
                else 0,
                self.ranks[period].get(unit, len(self.group) + 1),
                unit,
            )

        prizes = {"prizes": self.prizes()} if self.labour.get("prizes") else {}
        return {
            **prizes,
            "periods": [
                {
                    "code": p,
                    "standings": [
                        self.row(p, u) for u in sorted(self.group, key=lambda u, p=p: place(p, u))
                    ],
                }
                for p in self.periods
            ],
            "final": next(c for c, p in self.periods.items() if p.get("part_of") is None),
        }
