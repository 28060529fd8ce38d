"""Doubts: values and totals that lie outside, and those that the chief judge found right.

A tablet asks once before it keeps 0.9 s of a run of eight minutes. Paper, a file and a
program that calls the interface ask nobody: so the chief judge is shown what lies outside.
A hint, never a verdict, and nothing is refused for it.

Which were found right (`judging/accepted_doubts.py`) the chain's records alone say: each goes with
the value that was looked at, so that another value is doubtful again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.models import AuditEntry, Competition, db
from compete.services.sheets.values import ruled_aspects

_MANY = 60
"""From so many on one value more or less among the others moves no bound that matters."""

_FEWEST = 5
"""With fewer other sheets of a judge nothing is said of their totals."""

_FAR = 3
"""Standard deviations of the judge's other totals."""

_LEAST_SHARE = Decimal("0.1")
"""And at least so much of full marks: where all totals lie close, small steps are not odd."""

FOUND_RIGHT, TAKEN_BACK = "doubt.right", "doubt.again"
LOOKED = frozenset({FOUND_RIGHT, TAKEN_BACK})
Doubt = tuple[int, str | None]
"""A sheet's row and the code of an aspect; None for the sheet's total."""


@dataclass(frozen=True)
class Implausible:
    """A sheet's value of an aspect, and between what its judge's others let expect it."""

    sheet: int
    aspect: Aspect
    number: Decimal
    least: Decimal
    most: Decimal

    @property
    def key(self) -> tuple[int, str]:
        """The key of the doubt: the sheet's aspect."""
        return self.sheet, self.aspect.code


def implausible_values(
    values: Mapping[int, Mapping[str, Decimal]], module: Module
) -> list[Implausible]:
    """List one judge's implausible values of the module, by sheet: held against the others'."""
    doubts = []
    for aspect in module.aspects:
        given = {sheet: row[aspect.code] for sheet, row in values.items() if aspect.code in row}
        kind, everything = kind_of(aspect), list(given.values())
        bounds = kind.plausible(everything)
        for place, (sheet, value) in enumerate(given.items()):
            if len(everything) < _MANY:
                bounds = kind.plausible([*everything[:place], *everything[place + 1 :]])
            if bounds is not None and not bounds[0] <= value <= bounds[1]:
                doubts.append(Implausible(sheet, aspect, value, *bounds))
    return doubts


def not_ruled(doubts: Mapping[int, Sequence[Implausible]]) -> dict[int, list[Implausible]]:
    """The doubts on values that a judge recorded: the chief judge's rulings raise no question."""
    doubtful = {doubt.sheet for values in doubts.values() for doubt in values}
    rulings = ruled_aspects(sorted(doubtful))
    return {
        judge: [doubt for doubt in values if (doubt.sheet, doubt.aspect.code) not in rulings]
        for judge, values in doubts.items()
    }


class Total(NamedTuple):
    """A sheet's row, whose it is, and its total in hundredths."""

    sheet: int
    entrant: int
    cents: int


@dataclass(frozen=True)
class Outlier:
    """A sheet's row with its total, and the mean of the judge's other totals."""

    sheet: int
    number: Decimal
    mean: Decimal

    @property
    def key(self) -> tuple[int, None]:
        """The key of the doubt: the sheet's total."""
        return self.sheet, None


def odd_totals(totals: Sequence[Total], module: Module) -> list[Outlier]:
    """The odd ones among one judge's sheets.

    Each is held against the mean and deviation of the others, all in whole numbers:
    with n totals t of sum S and sum of squares Q, and m = n - 1 others,

        off = |n t - S| / m,   variance = (m (Q - t²) - (S - t)²) / (m (m - 1))
    """
    count, others = len(totals), len(totals) - 1
    if others < _FEWEST:
        return []
    whole = sum(total.cents for total in totals)
    squares = sum(total.cents**2 for total in totals)
    least = module.full * _LEAST_SHARE * 100 * others
    outliers = []
    for total in totals:
        cents = total.cents
        off = abs(count * cents - whole)
        if off <= least:
            continue
        spread = others * (squares - cents**2) - (whole - cents) ** 2
        if off**2 * (others - 1) > _FAR**2 * others * spread:
            mean = Decimal(whole - cents) / 100 / others
            outliers.append(Outlier(total.sheet, Decimal(cents) / 100, round(mean, 2)))
    return outliers


@dataclass(frozen=True)
class LookedAt:
    """A value that is right: who says so, and when."""

    sheet: int
    aspect: str | None
    value: Decimal
    who: str
    at: datetime


def looked_at(competition: Competition) -> dict[Doubt, LookedAt]:
    """The accepted doubts of the competition."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.action.in_(LOOKED))
        .order_by(AuditEntry.seq)
    )
    looks: dict[Doubt, LookedAt] = {}
    follow_looks(looks, db.session.scalars(query))
    return looks


def follow_looks(looks: dict[Doubt, LookedAt], records: Iterable[AuditEntry]) -> None:
    """Bring what stands up to date with the records since."""
    for record in records:
        after = record.after
        if record.action not in LOOKED or not isinstance(after, dict):
            continue
        doubt = after["row"], after["aspect"]
        if record.action == TAKEN_BACK:
            looks.pop(doubt, None)
        else:
            value = Decimal(after["value"])
            looks[doubt] = LookedAt(*doubt, value, record.actor, record.at)
