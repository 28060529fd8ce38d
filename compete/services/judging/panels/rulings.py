"""Rulings that stand, read: what the chief judge set beside what the judges gave.

They are made in `judging/disputes.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from compete.models import Act, Ruling, Sheet, db
from compete.services.kernel.module_keys import same_place
from compete.services.sheets.values import SETTLING_KINDS


@dataclass(frozen=True)
class StandingRuling:
    """A ruling that stands on a sheet; `own` is what its judge gave, None for nothing."""

    aspect: str
    value: Decimal
    own: Decimal | None
    reason: str


def standing_rulings(sheet_ids: Sequence[int]) -> dict[int, list[StandingRuling]]:
    """The rulings that stand, by sheet; sheets without one are not in it.

    A ruling stands until the judge marks the aspect again. Of several the last
    counts, and `own` is still the judge's value.
    """
    if not sheet_ids:
        return {}
    with_ruling = db.session.scalars(
        select(Act.sheet_id).where(Act.sheet_id.in_(sheet_ids), Act.kind == "ruling").distinct()
    ).all()
    if not with_ruling:
        return {}
    own: dict[tuple[int, str], Decimal | None] = {}
    standing: dict[tuple[int, str], StandingRuling] = {}
    acts = select(Act).where(Act.sheet_id.in_(with_ruling), Act.kind.in_(SETTLING_KINDS))
    for act in db.session.scalars(acts.order_by(Act.id)):
        assert act.aspect is not None
        key = act.sheet_id, act.aspect
        if act.kind == "ruling":
            assert act.value is not None
            standing[key] = StandingRuling(act.aspect, act.value, own.get(key), act.note or "")
        else:
            own[key] = act.value
            standing.pop(key, None)
    rulings: dict[int, list[StandingRuling]] = {}
    for (sheet_id, _aspect), value in standing.items():
        rulings.setdefault(sheet_id, []).append(value)
    return rulings


def rulings_on(sheet: Sheet) -> list[Ruling]:
    """List the chief judge's rulings on the entrant in the sheet's module, the newest first."""
    query = select(Ruling).where(*same_place(Ruling, sheet))
    return list(db.session.scalars(query.order_by(Ruling.id.desc())))
