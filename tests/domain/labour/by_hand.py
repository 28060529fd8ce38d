"""A labour competition worked out by hand, from its values alone: nothing here is the program's.

It reads the plain object of a bundle file (`json.loads`) and knows scores, deductions,
completions, lines and ranks, adjustments with a cap, weights, and units without values.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Plain = dict[str, Any]


class ByHand:
    """Totals and ranks of a competition file, exact and as they are announced."""

    def __init__(self, plain: Plain) -> None:
        self.labour: Plain = plain["labour"]
        groups = self.labour.get("groups")
        self.group = groups or {unit["code"]: None for unit in plain["units"]}
        self.units = sorted(self.group)
        self.periods = {period["code"]: period for period in self.labour["periods"]}
        self.indicators = {indicator["code"]: indicator for indicator in self.labour["indicators"]}
        self.values: dict[tuple[str, str, str], Plain] = {}
        for square in self.labour.get("values", ()):
            self.values[square["unit"], square["period"], square["indicator"]] = square

    def parts(self, period: str) -> list[str]:
        return [
            code for code, period_row in self.periods.items() if period_row.get("part_of") == period
        ]

    def asked(self, leaf: str) -> list[str]:
        return [
            code
            for code, indicator in self.indicators.items()
            if not indicator.get("periods") or leaf in indicator["periods"]
        ]

    def score(self, unit: str, leaf: str, code: str) -> Fraction | None:
        """None where there is no value."""
        row = self.values.get((unit, leaf, code))
        if row is None:
            return None
        rule, full = self.indicators[code]["scoring"], _number(self.indicators[code]["max"])
        value = _number(row["value"])
        if rule["type"] == "completion":
            return full * min(value / _number(row["target"]), _number(rule.get("cap", 1)))
        if rule["type"] == "deduction":
            return max(full - value * _number(rule["points"]), Fraction(0))
        if rule["type"] == "linear":
            zero, top = _number(rule["zero_at"]), _number(rule["full_at"])
            return full * min(max((value - zero) / (top - zero), Fraction(0)), Fraction(1))
        if rule["type"] == "rank":
            others = [
                _number(other["value"])
                for (who, period, what), other in self.values.items()
                if (period, what) == (leaf, code) and self.group.get(who, "?") == self.group[unit]
            ]
            lower = rule.get("better") == "lower"
            ahead = sum(other < value if lower else other > value for other in others)
            points = rule["points"]
            return _number(points[ahead]) if ahead < len(points) else Fraction(0)
        return value

    def present(self, unit: str, period: str) -> bool:
        inside = self.parts(period)
        if inside:
            return any(self.present(unit, part) for part in inside)
        return any((unit, period, code) in self.values for code in self.asked(period))

    def adjusted(self, unit: str, period: str) -> Fraction:
        points = [
            _number(adjustment["points"])
            for adjustment in self.labour.get("adjustments", ())
            if (adjustment["unit"], adjustment["period"]) == (unit, period)
        ]
        up = sum((number for number in points if number > 0), Fraction(0))
        cap = self.labour.get("adjust_cap")
        if cap is not None:
            up = min(up, _number(cap))
        return up + sum((number for number in points if number < 0), Fraction(0))

    def exact(self, unit: str, period: str) -> Fraction:
        """The total with nothing rounded on the way; of a unit that is there."""
        inside = [part for part in self.parts(period) if self.present(unit, part)]
        if not inside:
            scores = (self.score(unit, period, code) for code in self.asked(period))
            own = sum((score for score in scores if score is not None), Fraction(0))
        else:
            weights = {part: _number(self.periods[part].get("weight", 1)) for part in inside}
            weighed = sum(weights[part] * self.exact(unit, part) for part in inside)
            own = weighed / sum(weights.values())
        return own + self.adjusted(unit, period)

    def total(self, unit: str, period: str) -> int | None:
        """As announced, in hundredths, each period inside rounded too; None for who is absent."""
        if not self.present(unit, period):
            return None
        inside = [part for part in self.parts(period) if self.present(unit, part)]
        if not inside:
            return rounded(self.exact(unit, period))
        weights = {part: _number(self.periods[part].get("weight", 1)) for part in inside}
        weighed = sum(weights[part] * (self.total(unit, part) or 0) for part in inside)
        own = weighed / sum(weights.values()) / 100
        return rounded(own + self.adjusted(unit, period))

    def rank(self, unit: str, period: str) -> int | None:
        """Within the group, by the announced total alone."""
        mine = self.total(unit, period)
        if mine is None:
            return None
        others = (
            self.total(other, period)
            for other in self.units
            if self.group[other] == self.group[unit]
        )
        return 1 + sum(other is not None and other > mine for other in others)


def rounded(points: Fraction) -> int:
    """Hundredths, a half away from zero."""
    whole = int(abs(points) * 100 + Fraction(1, 2))
    return whole if points >= 0 else -whole


def points_text(hundredths: int) -> str:
    """`93.10`, `-0.05`."""
    sign = "-" if hundredths < 0 else ""
    return f"{sign}{abs(hundredths) // 100}.{abs(hundredths) % 100:02}"


def _number(value: Any) -> Fraction:
    return Fraction(str(value))
