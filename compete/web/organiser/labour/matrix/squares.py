"""The squares of a leaf period as figures: scores, self-assessments, what is between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from statistics import median

from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Indicator
from compete.domain.bundle.results import LabourRow
from compete.domain.explanation.labour_moves import signed
from compete.domain.labour.totals import PLACES
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import round_half_up, show
from compete.models import Competition
from compete.services.kernel.competition_settings import settings_of
from compete.services.labour.squares import grid_of
from compete.services.scoring.live_labour import LabourLive


class Shown(StrEnum):
    """The kind of value in the squares."""

    SCORE = "score"
    OWN = "own"
    GAP = "gap"
    SHARE = "share"


SHOWN_WORDS: Mapping[Shown, Message] = {
    Shown.SCORE: msg("考评分"),
    Shown.OWN: msg("自评分"),
    Shown.GAP: msg("差多少"),
    Shown.SHARE: msg("得分率"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The address's choices; `cell` is a unit and an indicator with a colon between."""

    group: str | None
    shown: Shown
    by_rank: bool
    cell: str = ""

    def address(self, **other: str) -> dict[str, str]:
        """Return the choices as an address says them, with other values."""
        order = "rank" if self.by_rank else "unit"
        found = {"group": self.group or "", "show": str(self.shown), "order": order, **other}
        return {key: value for key, value in found.items() if value}


class Matrix:
    """A leaf period's squares of one group, each worked out once."""

    def __init__(
        self, competition: Competition, live: LabourLive, period: str, asked: Asked
    ) -> None:
        """`period` is a leaf."""
        self.competition, self.live, self.period, self.asked = competition, live, period, asked
        self.low = settings_of(competition).low_share
        self.grid = grid_of(competition, period)
        self.numbers = {unit.code: unit.id for unit in self.grid.units}
        self.scores = self.grid.scores()
        self.own = self.grid.scores(own=True)
        order = {unit.code: place for place, unit in enumerate(self.grid.units)}
        rows = [row for row in live.standings[period] if asked.group in (None, row.group)]
        self.rows: Sequence[LabourRow] = (
            rows if asked.by_rank else sorted(rows, key=lambda row: order[row.unit])
        )

    @property
    def indicators(self) -> Sequence[Indicator]:
        """The columns."""
        return self.grid.indicators

    def value(self, unit: str, indicator: Indicator) -> Fraction | None:
        """Value of a square; None if there can be none."""
        square = self.numbers[unit], indicator.code
        score, own = self.scores.get(square), self.own.get(square)
        match self.asked.shown:
            case Shown.OWN:
                return own
            case Shown.GAP:
                return None if score is None or own is None else score - own
            case Shown.SHARE:
                return None if score is None else score / Fraction(indicator.max) * 100
            case _:
                return score

    def text(self, value: Fraction | None, indicator: Indicator) -> str:
        """The same in figures, with as many decimals as its column needs."""
        if value is None:
            return "—"
        if self.asked.shown is Shown.GAP:
            return signed(round_half_up(value, 1, PLACES))
        places = self._places[indicator.code]
        return show(round_half_up(value, 1, places), places)

    @cached_property
    def _places(self) -> dict[str, int]:
        if self.asked.shown is Shown.SHARE:
            return {each.code: 0 for each in self.indicators}
        return {each.code: _places(self.values(each)) for each in self.indicators}

    def values(self, indicator: Indicator) -> list[Fraction]:
        """List the values of a column, without missing ones."""
        found = (self.value(row.unit, indicator) for row in self.rows)
        return [each for each in found if each is not None]

    def median(self, indicator: Indicator) -> str:
        """The middle of a column."""
        known = self.values(indicator)
        return self.text(median(known) if known else None, indicator)

    def median_total(self) -> str:
        """The middle of the totals."""
        totals = [Decimal(row.total) for row in self.rows if row.total is not None]
        return f"{median(totals):.{PLACES}f}" if totals else "—"

    def kind(self, row: LabourRow, indicator: Indicator) -> str:
        """Return `low`, `lacking` or `away` for a square; empty if nothing is to be said of it."""
        square = self.numbers[row.unit], indicator.code
        if row.unit in self.live.away[self.period] or row.unit in self._later:
            return "away"
        if not self.grid.filled(square):
            return "lacking" if self.asked.shown is not Shown.OWN else ""
        score = (self.own if self.asked.shown is Shown.OWN else self.scores).get(square)
        low = score is not None and score * 100 < self.low * Fraction(indicator.max)
        return "low" if low else ""

    @cached_property
    def _later(self) -> frozenset[str]:
        return frozenset(unit.code for unit in self.grid.units if unit.joined is not None)

    def figure(self, row: LabourRow, indicator: Indicator) -> str:
        """Text of a square: a figure, that it is lacking, or that the unit takes no part."""
        if self.kind(row, indicator) == "lacking":
            return _("缺")
        return self.text(self.value(row.unit, indicator), indicator)


def _places(values: Sequence[Fraction]) -> int:
    """Return the fewest decimals that write every value exactly, at most two."""
    return next(
        (n for n in range(PLACES) if all((value * 10**n).denominator == 1 for value in values)),
        PLACES,
    )
