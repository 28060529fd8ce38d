"""Shares of a total, indicator by indicator, and what moved it since the period before.

Shares add up to the announced total exactly: what rounding added on the way up is a
share of its own. Two periods compare by what was got of what both asked: what one of them
alone asks moves nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import msgspec

from compete.domain.bundle.labour_types import Indicator, Labour
from compete.domain.labour.outcome import Outcome
from compete.domain.labour.period_kinds import alike
from compete.domain.labour.totals import PLACES, PeriodStanding
from compete.domain.values.kinds import ScoringType


class Shares(msgspec.Struct, frozen=True):
    """A total in parts, in points. `total` is announced: it has `PLACES` decimals."""

    indicators: Mapping[str, Fraction]
    adjusted: Fraction
    rounded: Fraction
    """The part that rounding the total and the totals inside it added, mostly some thousandths."""
    lost: Mapping[str, Fraction]
    """By indicator: what the most that it gives would have added."""

    @property
    def total(self) -> Fraction:
        """All parts together."""
        return sum(self.indicators.values(), self.adjusted + self.rounded)

    @property
    def full(self) -> Fraction:
        """The most that the indicators give together."""
        return sum(self.indicators.values(), sum(self.lost.values(), Fraction(0)))


class ShareMove(msgspec.Struct, frozen=True):
    """The share got of an indicator before and now; `code` None: of points up and down.

    `asked` is how many points it could bring in either period, `moved` what it added to the
    share of the whole. Points up and down are shares of all that was asked in both.
    """

    code: str | None
    was: Fraction
    now: Fraction
    asked: tuple[Fraction, Fraction]
    moved: Fraction


class Movement(msgspec.Struct, frozen=True):
    """A unit's move from one period to another; `parts` add up to `now` less `was` exactly.

    `once` are the codes of indicators that one of the two alone asks, `full` the full marks of
    either with them.
    """

    parts: tuple[ShareMove, ...]
    once: tuple[str, ...]
    was: Fraction
    now: Fraction
    full: tuple[Fraction, Fraction]

    @property
    def moved(self) -> Fraction:
        """The move of the whole share."""
        return self.now - self.was


def shares_of(outcome: Outcome, period: str, unit: str) -> Shares | None:
    """The parts of a unit's total in a period; None where it has no total there."""
    announced = outcome.totals[period, unit].total
    if announced is None:
        return None
    most = {indicator.code: _most_of(indicator) for indicator in outcome.field.labour.indicators}
    indicators: defaultdict[str, Fraction] = defaultdict(Fraction)
    lost: defaultdict[str, Fraction] = defaultdict(Fraction)
    adjusted = Fraction(0)
    for part, weight in _weights(outcome, period, unit).items():
        adjusted += weight * outcome.field.adjusted.get((part, unit), Fraction(0))
        if outcome.field.tree.is_leaf(part):
            for code in outcome.field.asked[part]:
                score = outcome.scores.get((unit, part, code), Fraction(0))
                indicators[code] += weight * score
                lost[code] += weight * (most[code] - score)
    exact = sum(indicators.values(), adjusted)
    return Shares(dict(indicators), adjusted, Fraction(announced, 10**PLACES) - exact, dict(lost))


def moved_since(outcome: Outcome, before: str, period: str, unit: str) -> Movement | None:
    """Explain a unit's share moving from one period to another; None without both totals.

    An indicator weighs as many of the points that both ask as it has of them in both together:
    so it moves the whole up where its own share went up, and down where that went down.
    None too where they ask nothing alike.
    """
    then, now = shares_of(outcome, before, unit), shares_of(outcome, period, unit)
    return None if then is None or now is None else _moved(outcome, then, now)


def moved_between_halves(outcome: Outcome, period: str, unit: str) -> Movement | None:
    """Explain a unit's share moving from the first half of a whole to its second.

    Of the parts in which it was there, each as heavy as in the whole's total; None without any
    in either half.
    """
    parts = outcome.field.tree.parts[period]
    middle = (len(parts) + 1) // 2
    halves = (parts[:middle], parts[middle:])
    then, now = (_shares_together(outcome, half, unit) for half in halves)
    return None if then is None or now is None else _moved(outcome, then, now)


def _shares_together(outcome: Outcome, parts: Sequence[str], unit: str) -> Shares | None:
    """The parts of the mean of several totals; None where none of them is there."""
    weighed = [
        (Fraction(outcome.field.tree.periods[part].weight), shares)
        for part in parts
        if (shares := shares_of(outcome, part, unit)) is not None
    ]
    whole = sum((weight for weight, _shares in weighed), Fraction(0))
    got: defaultdict[str, Fraction] = defaultdict(Fraction)
    lost: defaultdict[str, Fraction] = defaultdict(Fraction)
    for weight, shares in weighed:
        for code, points in shares.indicators.items():
            got[code] += weight / whole * points
            lost[code] += weight / whole * shares.lost[code]
    if not weighed:
        return None
    adjusted = sum((weight / whole * it.adjusted for weight, it in weighed), Fraction(0))
    return Shares(dict(got), adjusted, Fraction(0), dict(lost))


def _moved(outcome: Outcome, then: Shares, now: Shares) -> Movement | None:
    first = first_codes(outcome.field.labour)
    gained, asked = _by_first(then, first), _by_first(now, first)
    both = [code for code in asked if code in gained]
    if not both:
        return None
    full = (
        sum((gained[code][1] for code in both), Fraction(0)),
        sum((asked[code][1] for code in both), Fraction(0)),
    )
    parts, was = [], Fraction(0)
    for code in both:
        (had, could), (has, can) = gained[code], asked[code]
        weight = (could + can) / sum(full)
        was += weight * had / could
        parts.append(
            ShareMove(
                code, had / could, has / can, (could, can), weight * (has / can - had / could)
            )
        )
    ups = then.adjusted / full[0], now.adjusted / full[1]
    parts.append(ShareMove(None, *ups, full, ups[1] - ups[0]))
    was += ups[0]
    moved = sum((part.moved for part in parts), Fraction(0))
    return Movement(
        tuple(parts),
        tuple(code for code in {**gained, **asked} if code not in both),
        was,
        was + moved,
        (then.full, now.full),
    )


def _by_first(shares: Shares, first: Mapping[str, str]) -> dict[str, tuple[Fraction, Fraction]]:
    """What was got, and what could be got, by the first code of each name that was asked."""
    got: defaultdict[str, Fraction] = defaultdict(Fraction)
    most: defaultdict[str, Fraction] = defaultdict(Fraction)
    for code, points in shares.indicators.items():
        got[first[code]] += points
        most[first[code]] += points + shares.lost[code]
    return {code: (got[code], points) for code, points in most.items() if points > 0}


def full_marks(outcome: Outcome, leaf: str) -> Fraction:
    """The most that the indicators asked in a leaf give together."""
    asked = set(outcome.field.asked[leaf])
    return sum(
        (_most_of(row) for row in outcome.field.labour.indicators if row.code in asked),
        Fraction(0),
    )


def first_codes(labour: Labour) -> dict[str, str]:
    """The first code of each indicator of the same name.

    An indicator scored otherwise from a period on is two in the rules and one to readers.
    """
    first: dict[tuple[str | None, str], str] = {}
    return {
        indicator.code: first.setdefault((indicator.heading, indicator.name), indicator.code)
        for indicator in labour.indicators
    }


def before_of(outcome: Outcome, period: str) -> str | None:
    """The period before this one: the last of its kind that stands before it."""
    tree = outcome.field.tree
    comparable = [
        code
        for code in alike(tree, period, list(tree.periods))
        if _asks_alike(outcome, code, period)
    ]
    place = comparable.index(period)
    return comparable[place - 1] if place else None


def _most_of(indicator: Indicator) -> Fraction:
    """The most points that an indicator gives."""
    rule = indicator.scoring
    if rule.type is ScoringType.COMPLETION:
        return Fraction(indicator.max) * Fraction(rule.cap)
    if rule.type is ScoringType.RANK:
        points = rule.points if isinstance(rule.points, tuple) else (rule.points or Decimal(0),)
        return Fraction(max(points))
    return Fraction(indicator.max)


def _weights(outcome: Outcome, period: str, unit: str) -> dict[str, Fraction]:
    """The weight in its total of a point in each period inside this one, and in itself."""
    tree = outcome.field.tree
    weights = {period: Fraction(1)}
    order = [period]
    for code in order:
        present = [
            part
            for part in tree.parts[code]
            if outcome.totals[part, unit].standing is not PeriodStanding.ABSENT
        ]
        whole = sum((Fraction(tree.periods[part].weight) for part in present), Fraction(0))
        for part in present:
            weights[part] = weights[code] * Fraction(tree.periods[part].weight) / whole
        order.extend(present)
    return weights


def _asks_alike(outcome: Outcome, period: str, other: str) -> bool:
    """True if two periods share an indicator: a month is not held against an inspection.

    Not all need be the same: rules change within a year, and some are asked in some months only.
    """
    asked, others = _asked_inside(outcome, period), _asked_inside(outcome, other)
    return asked == others or not asked.isdisjoint(others)


def _asked_inside(outcome: Outcome, period: str) -> frozenset[str]:
    tree = outcome.field.tree
    inside, codes = [period], set[str]()
    for code in inside:
        inside.extend(tree.parts[code])
        codes.update(outcome.field.asked.get(code, ()))
    return frozenset(codes)
