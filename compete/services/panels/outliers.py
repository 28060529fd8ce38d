"""Sheets whose total lies far from the same judge's others. A hint, never a verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compete.domain import bundle as b
from compete.models import Sheet
from compete.services.panels.judge_progress import HANDED_IN
from compete.services.panels.reveal import PanelKey, PanelView, panel_key_of
from compete.services.sheets import provisional_total, standing_values

FEWEST = 5
"""With fewer sheets of a judge nothing is said."""

FAR = 3
"""Standard deviations of the judge's other totals."""

LEAST_SHARE = Decimal("0.1")
"""And at least so much of full marks: where all totals lie close, small steps are not odd."""


@dataclass(frozen=True)
class Outlier:
    """One sheet with its total, and the mean of the judge's other totals."""

    sheet: Sheet
    total: Decimal
    mean: Decimal


def outlying_sheets(
    module: b.Module, sheets: Sequence[Sheet], views: Mapping[PanelKey, PanelView]
) -> list[Outlier]:
    """The odd ones among submitted sheets of one module, the furthest off first.

    Sheets of a panel (`views`: `reveal.panels_of` them) that is not all in yet
    are left out: nobody learns from this how one judge marked before the rest.
    """
    there = [
        sheet
        for sheet in sheets
        if sheet.state in HANDED_IN
        and (panel_key_of(sheet) not in views or views[panel_key_of(sheet)].revealed)
    ]
    values = standing_values([sheet.id for sheet in there])
    by_judge: dict[int, list[tuple[Sheet, Decimal]]] = defaultdict(list)
    for sheet in there:
        total = provisional_total(module, values[sheet.id])
        if total is not None:
            by_judge[sheet.judge_id].append((sheet, Decimal(total)))
    least = module.full * LEAST_SHARE
    found = [odd for rows in by_judge.values() for odd in _of_judge(rows, least)]
    return sorted(found, key=lambda outlier: -abs(outlier.total - outlier.mean))


def _of_judge(rows: list[tuple[Sheet, Decimal]], least: Decimal) -> list[Outlier]:
    found = []
    for place, (sheet, total) in enumerate(rows):
        others = [other for n, (_sheet, other) in enumerate(rows) if n != place]
        if len(others) < FEWEST:
            return []
        mean = sum(others, Decimal(0)) / len(others)
        squares = sum(((total - mean) ** 2 for total in others), Decimal(0))
        spread = (squares / (len(others) - 1)).sqrt()
        off = abs(total - mean)
        if off > least and off > FAR * spread:
            found.append(Outlier(sheet, total, round(mean, 2)))
    return found
