"""Usual values: the bounds between which a judge's values are plausible, by the other sheets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.values.numerals import plain
from compete.models import Sheet, db
from compete.services.sheets.values import standing_values


def plausible(aspect: Aspect, others: Sequence[Decimal]) -> dict[str, dict[str, str]]:
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
    """The judge's standing values of each aspect on the other sheets of the module."""
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
