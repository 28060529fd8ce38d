"""Called-back aspects: a sheet is to be marked anew on those called back since it was in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from compete.domain.bundle.event_types import Module
from compete.domain.values.states import HANDED_IN
from compete.models import Act, Sheet, db


def previous_values(sheet: Sheet, module: Module) -> dict[str, str | bool | None]:
    """The judge's values in the round before, of the aspects that were called back since."""
    submitted = (
        db.session.scalar(
            select(func.max(Act.id)).where(Act.sheet_id == sheet.id, Act.kind == "submit")
        )
        or 0
    )
    recalled = db.session.scalars(
        select(Act)
        .where(Act.sheet_id == sheet.id, Act.kind == "recall", Act.id > submitted)
        .order_by(Act.id)
    )
    known = {aspect.code for aspect in module.aspects}
    return {act.aspect: (act.extra or {}).get("was") for act in recalled if act.aspect in known}


def called_back_on(sheets: Sequence[Sheet]) -> set[int]:
    """The numbers of those sheets, not handed in, of which something was ever called back."""
    still_open = [sheet.id for sheet in sheets if sheet.state not in HANDED_IN and sheet.version]
    rows = select(Act.sheet_id).where(Act.sheet_id.in_(still_open), Act.kind == "recall")
    return set(db.session.scalars(rows.distinct())) if still_open else set()
