"""What a judge usually gives: of the module's other sheets, for the tablet to doubt the odd."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from sqlalchemy import select

from compete.domain import bundle as b
from compete.domain.aspects import Reckoning, kind_of
from compete.domain.values import plain
from compete.models import Sheet, db
from compete.services.sheets import standing_values

_ENOUGH = 3
"""Fewer sheets say nothing of what is odd."""


def means(
    aspects: Sequence[b.Aspect], others: Mapping[str, Sequence[Decimal]]
) -> dict[str, Decimal]:
    """The mean of this judge's values of each aspect on the other sheets, wild ones left out.

    Where bands give the marks the middle one of their sizes: one wild reading would put
    the mean beyond all bands, and half above and half below is no deviation of nought.
    """
    found = {}
    for aspect in aspects:
        values = others.get(aspect.code, [])
        if len(values) < _ENOUGH:
            continue
        if aspect.bands:
            found[aspect.code] = sorted(map(abs, values))[len(values) // 2]
            continue
        least, most = kind_of(aspect).plausible(values) or (min(values), max(values))
        usual = [value for value in values if least <= value <= most]
        found[aspect.code] = round(sum(usual, Decimal(0)) / len(usual), 4)
    return found


def plausible(aspect: b.Aspect, others: Sequence[Decimal]) -> dict[str, dict[str, str]]:
    """The key `plausible`: outside of it the tablet asks once. Not where anything is."""
    bounds = kind_of(aspect).plausible(others)
    if bounds is None:
        return {}
    if kind_of(aspect).reckoning is Reckoning.TIME:
        # As a watch shows it.
        least, most = (f"{round(bound, 1):f}" for bound in bounds)
    else:
        least, most = map(plain, bounds)
    return {"plausible": {"least": least, "most": most}}


def own_others(judge_id: int, stage: str, module: str, *, but: int) -> dict[str, list[Decimal]]:
    """This judge's standing values of each aspect on the other sheets of the module."""
    others = db.session.scalars(
        select(Sheet.id).where(
            Sheet.judge_id == judge_id,
            Sheet.stage == stage,
            Sheet.module == module,
            Sheet.id != but,
            Sheet.version > 0,
        )
    ).all()
    gathered: dict[str, list[Decimal]] = {}
    for values in standing_values(others).values():
        for aspect, value in values.items():
            gathered.setdefault(aspect, []).append(value)
    return gathered
