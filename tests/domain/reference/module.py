"""One module of one entrant: from values to a score with flags."""

from fractions import Fraction

from tests.domain.reference.numbers import number, rounded
from tests.support.aspect_types import AGAINST_OTHERS, IN_LEVELS, takes_seconds, worth


class Module:
    """All that a module's score hangs on, for one stage of an event."""

    def __init__(self, bundle, event, stage, module, entrants):
        self.module = module
        self.places = event.get("rounding", {})
        self.panel = module.get("panel", {})
        self.size = self.panel.get("size", 1)
        self.stage_code = stage["code"]
        self.entrants = entrants
        tried = [p["code"] for p in stage.get("parts", []) if p.get("take")]
        self.is_attempt = module.get("part") in tried
        self.part_modules = [self]
        here = [
            row
            for row in bundle.get("marks", [])
            if (row["stage"], row["module"]) == (stage["code"], module["code"])
        ]
        self.values = {}
        for row in here:
            self.values.setdefault(row["entrant"], {}).setdefault(row["judge"], {})[
                row["aspect"]
            ] = row["value"]
        self.difficulties = {
            (row["entrant"], row["aspect"]): row["difficulty"]
            for row in here
            if row.get("difficulty") is not None
        }
        self.outcomes = {}
        self.stage_outcomes = {}
        for row in bundle.get("outcomes", []):
            if row["stage"] != stage["code"]:
                continue
            if row.get("module") is None:
                self.stage_outcomes[row["entrant"]] = row["status"]
            elif row["module"] == module["code"]:
                self.outcomes[row["entrant"]] = row["status"]
        self.points = {}
        self.seconds = {}
        self.penalised = set()
        for row in bundle.get("penalties", []):
            if (row["stage"], row["module"]) != (stage["code"], module["code"]):
                continue
            self.penalised.add(row["entrant"])
            for key, store in (("points", self.points), ("seconds", self.seconds)):
                if row.get(key) is not None:
                    store[row["entrant"]] = store.get(row["entrant"], 0) + number(row[key])

    def outcome(self, entrant):
        """The module's own outcome before the stage's."""
        return self.outcomes.get(entrant) or self.stage_outcomes.get(entrant)

    def is_nothing(self, entrant):
        """Whether it was not begun; of an attempt also whether it was annulled."""
        return self.outcome(entrant) in (("dns", "dsq") if self.is_attempt else ("dns",))

    def quantity(self, entrant, aspect, value):
        """A value, with penalty seconds where they count."""
        value = Fraction(value) if isinstance(value, bool) else number(value)
        return value + self.seconds.get(entrant, 0) if takes_seconds(aspect) else value

    def best(self, aspect):
        """The best value of a relative aspect in the stage, or None; of attempts in all of them."""
        readings = [
            book.quantity(entrant, aspect, sheet[aspect["code"]])
            for book in self.part_modules
            if any(is_alike(aspect, other) for other in book.module["aspects"])
            for entrant in self.entrants
            for sheet in book.values.get(entrant, {}).values()
            if book.outcome(entrant) is None and aspect["code"] in sheet
        ]
        if not readings:
            return None
        return min(readings) if aspect.get("better", "lower") == "lower" else max(readings)

    def mark(self, entrant, aspect, value):
        """A judge's value as marks, before the factor."""
        quantity = self.quantity(entrant, aspect, value)
        if aspect["type"] in AGAINST_OTHERS:
            return worth(aspect, quantity, self.best(aspect))
        difficulty = self.difficulties.get((entrant, aspect["code"]))
        return worth({**aspect, "difficulty": difficulty}, quantity)

    def sheets(self, entrant):
        """Marks of each counted judge by aspect, and how those judges are combined."""
        given = self.values.get(entrant, {})
        aspects = self.module["aspects"]
        if self.outcome(entrant) == "dnf":
            judges = {}
            for judge, sheet in given.items():
                judges[judge] = {
                    a["code"]: self.mark(entrant, a, sheet[a["code"]])
                    if a["code"] in sheet and a["type"] not in AGAINST_OTHERS
                    else Fraction(0)
                    for a in aspects
                }
            return judges
        return {
            judge: {a["code"]: self.mark(entrant, a, sheet[a["code"]]) for a in aspects}
            for judge, sheet in given.items()
            if all(a["code"] in sheet for a in aspects)
        }

    def reduced(self, count):
        """Whether the plain mean of those present stands for the panel's method."""
        return count < self.size and self.panel.get("reduced", "same") == "mean"

    def combine(self, marks):
        """The panel's one number out of its judges'."""
        combine = self.panel.get("combine", "mean")
        if self.reduced(len(marks)):
            combine = "mean"
        ordered = sorted(marks)
        if combine == "sum":
            is_scaled = len(marks) < self.size and self.panel.get("reduced") == "scale"
            times = Fraction(self.size, len(marks)) if is_scaled else 1
            return sum(ordered, Fraction(0)) * times
        if combine == "median":
            half = len(ordered) // 2
            if len(ordered) % 2:
                return ordered[half]
            return (ordered[half - 1] + ordered[half]) / 2
        if combine == "trimmed_mean":
            low, high = self.panel.get("drop_low", 0), self.panel.get("drop_high", 0)
            kept = ordered[low : len(ordered) - high]
            if kept:
                ordered = kept
        return sum(ordered, Fraction(0)) / len(ordered)

    def aspect_total(self, aspect, combined, rounding):
        """A combined aspect × its factor, rounded before and after where that is asked."""
        factor = number(aspect.get("factor", 1))
        if rounding is None:
            return combined * factor
        mode = self.places.get("mode", "half_up")
        return rounded(rounded(combined, rounding, mode) * factor, rounding, mode)

    def raw(self, judges):
        """The judges' marks as one number, before penalties."""
        aspects = self.module["aspects"]
        if self.panel.get("at", "sheet") == "sheet":
            sums = [
                sum((s[a["code"]] * number(a.get("factor", 1)) for a in aspects), Fraction(0))
                for s in judges.values()
            ]
            return self.combine(sums)
        return sum(
            (
                self.aspect_total(
                    a,
                    self.combine([s[a["code"]] for s in judges.values()]),
                    self.places.get("aspect"),
                )
                for a in aspects
            ),
            Fraction(0),
        )

    def is_disputed(self, entrant, judges):
        """Agreement and spread, over all counted judges before any trimming."""
        aspects = self.module["aspects"]
        at = self.panel.get("at", "sheet")
        sums = [
            sum((s[a["code"]] * number(a.get("factor", 1)) for a in aspects), Fraction(0))
            for s in judges.values()
        ]
        columns = [[s[a["code"]] for s in judges.values()] for a in aspects]
        if self.panel.get("combine") == "agreed" and not self.reduced(len(judges)):
            parts = [sums] if at == "sheet" else columns
            if any(len(set(part)) > 1 for part in parts):
                return True
        limit = self.panel.get("max_spread")
        if limit is None:
            return False
        compared = []
        for aspect, column in zip(aspects, columns, strict=True):
            if aspect["type"] in IN_LEVELS:
                compared.append(
                    [number(self.values[entrant][judge][aspect["code"]]) for judge in judges]
                )
            elif at == "aspect":
                compared.append(column)
        if at == "sheet" and any(a["type"] not in IN_LEVELS for a in aspects):
            compared.append(sums)
        return any(max(c) - min(c) > number(limit) for c in compared if c)

    def score(self, entrant):
        """The score or None, and the flags."""
        outcome = self.outcome(entrant)
        if self.is_nothing(entrant):
            return Fraction(0), [outcome]
        flags = [outcome] if outcome else []
        if entrant in self.penalised:
            flags.append("penalised")
        judges = self.sheets(entrant)
        if outcome == "dnf":
            value = self.raw(judges) if judges else Fraction(0)
        else:
            if len(judges) < self.panel.get("min", self.size):
                return None, sorted([*flags, "incomplete"])
            if self.is_disputed(entrant, judges):
                flags.append("disputed")
            value = self.raw(judges)
        value = max(value - self.points.get(entrant, 0), Fraction(0))
        mode = self.places.get("mode", "half_up")
        return rounded(value, self.places.get("module", 2), mode), sorted(flags)

    def aspect_mark(self, entrant, aspect):
        """What tie keys read of an aspect."""
        outcome = self.outcome(entrant)
        if self.is_nothing(entrant):
            return Fraction(0)
        judges = self.sheets(entrant)
        if not judges:
            return Fraction(0)
        if outcome != "dnf" and len(judges) < self.panel.get("min", self.size):
            return Fraction(0)
        rounding = self.places.get("aspect") if self.panel.get("at", "sheet") == "aspect" else None
        column = [s[aspect["code"]] for s in judges.values()]
        return self.aspect_total(aspect, self.combine(column), rounding)


def is_alike(aspect, other):
    """Whether two relative aspects are measured against one best."""
    keys = [(a["type"], a["code"], a.get("better", "lower")) for a in (aspect, other)]
    return keys[0] == keys[1]
