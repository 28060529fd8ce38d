"""Development of units by period: lines over the shortest periods, and places won or lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Labour, Period
from compete.domain.bundle.results import LabourRow
from compete.domain.labour.period_kinds import commonest
from compete.domain.labour.shares import before_of
from compete.services.scoring.live_labour import LabourLive
from compete.web.drawing.trends import Series, spark, trend
from compete.web.words import stretch_words

LINES_DRAWN = 5
"""The most units of a group that get a line of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A few words, and how they are marked.

    A move is `up`, `down` or `same`; a result is `flag`, `bad`, `warn` or empty.
    """

    text: str
    kind: str


@dataclass(frozen=True)
class Development:
    """The totals and ranks of one group's units, read once for the page."""

    labour: Labour
    steps: Sequence[Period]
    """The shortest periods up to the end of the one that is shown, in order."""
    totals: dict[str, dict[str, Decimal]]
    """The totals by period and unit."""
    before: dict[str, int]
    """Ranks in the period before this one, by unit; empty in the first."""

    def spark(self, unit: str) -> list[str]:
        """The unit's small line."""
        return spark(self._values(unit))

    def move(self, row: LabourRow) -> Marked | None:
        """Places won or lost since the period before, or None where there is nothing to compare."""
        was = self.before.get(row.unit)
        if was is None or row.rank is None:
            return None
        won = was - row.rank
        if won == 0:
            return Marked(text=_("不变"), kind="same")
        if won > 0:
            return Marked(text=_("升 %(n)s", n=won), kind="up")
        return Marked(text=_("降 %(n)s", n=-won), kind="down")

    def drawn(
        self, rows: Sequence[LabourRow], names: dict[str, str], only: str | None = None
    ) -> dict[str, object] | None:
        """The trend of the first of a group, or of one unit, with the group's median.

        None for a single step, and where nobody has a rank yet whose line could be drawn.
        """
        first = [row.unit for row in rows if row.rank is not None][:LINES_DRAWN]
        if only is not None:
            first = [only]
        if len(self.steps) < 2 or not first:
            return None
        series = [Series(names[unit], self._values(unit)) for unit in first]
        middle = [self._median([row.unit for row in rows], step.code) for step in self.steps]
        series.append(Series(_("中位数"), middle, "median"))
        flags = self.labour.flags
        limit = (_("红旗线 %(least)s", least=f"{flags.min:f}"), flags.min) if flags else None
        shape = trend([step.name for step in self.steps], series, limit)
        if shape is None:
            return None
        stretch = stretch_words(self.steps[0].name, self.steps[-1].name)
        return {
            "title": _("%(stretch)s的走势", stretch=stretch),
            "note": _("得分") if only else _("得分，前 %(n)s 名", n=len(first)),
            "side": _("灰线是全组中位数"),
            "shape": shape,
        }

    def _values(self, unit: str) -> list[Decimal | None]:
        return [self.totals[step.code].get(unit) for step in self.steps]

    def _median(self, units: Sequence[str], step: str) -> Decimal | None:
        known = [self.totals[step][unit] for unit in units if unit in self.totals[step]]
        return round(median(known), 2) if known else None


def development(live: LabourLive, period: str) -> Development:
    """Show the way to the standings of `period`."""
    before = live.standings.get(before_of(live.outcome, period) or "", ())
    return Development(
        live.labour,
        _steps(live, period),
        {
            code: {row.unit: Decimal(row.total) for row in rows if row.total is not None}
            for code, rows in live.standings.items()
        },
        {row.unit: row.rank for row in before if row.rank is not None},
    )


def _steps(live: LabourLive, code: str) -> list[Period]:
    """The deepest periods up to the last one inside `code`; none where it holds none of them.

    Months alone, where inspections lie as deep.
    """
    tree = live.outcome.field.tree
    depths = {period: len(list(tree.around(period))) for period in tree.periods}
    deepest = max(depths.values())
    steps = commonest(tree, [period for period, depth in depths.items() if depth == deepest])
    inside = [place for place, step in enumerate(steps, 1) if code in tree.around(step)]
    return [tree.periods[step] for step in steps[: inside[-1]]] if inside else []
