"""The round before: what a panel had given before the chief judge asked for it anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from compete.domain.bundle.event_types import Module
from compete.domain.values.states import HANDED_IN
from compete.models import Act, Sheet, db
from compete.services.kernel.module_keys import same_place

TOTAL_KIND = "total"
"""An act that keeps what a sheet came to when its panel was sent back over the sums; it
settles no aspect."""


def previous_round_values(sheet: Sheet) -> dict[str, dict[str, Any]]:
    """The values called back since the sheet was last in, by aspect and judge's code.

    Empty where nothing is to be marked anew. The panel had been revealed when
    they were called back, so each judge may see the others' of that round.
    """
    former: dict[str, dict[str, Any]] = {}
    mine: set[str] = set()
    for act, of in _since_last_in(sheet, "recall"):
        assert act.aspect is not None
        former.setdefault(act.aspect, {})[of.judge.code] = _was(act)
        if of.id == sheet.id:
            mine.add(act.aspect)
    return {aspect: values for aspect, values in former.items() if aspect in mine}


def previous_round_totals(sheet: Sheet) -> dict[str, str | None]:
    """The total of each sheet, by judge's code, when the panel was sent back over its sums.

    Empty where it was not, and once the sheet is in again.
    """
    return {of.judge.code: _was(act) for act, of in _since_last_in(sheet, TOTAL_KIND)}


def previous_values(sheet: Sheet, module: Module) -> dict[str, str | bool | None]:
    """The judge's values in the round before, of the aspects that were called back since."""
    known = {aspect.code for aspect in module.aspects}
    return {
        act.aspect: _was(act)
        for act, of in _since_last_in(sheet, "recall")
        if of.id == sheet.id and act.aspect in known
    }


def called_back_on(sheets: Sequence[Sheet]) -> set[int]:
    """The numbers of those sheets, not handed in, of which something was ever called back."""
    still_open = [sheet.id for sheet in sheets if sheet.state not in HANDED_IN and sheet.version]
    rows = select(Act.sheet_id).where(Act.sheet_id.in_(still_open), Act.kind == "recall")
    return set(db.session.scalars(rows.distinct())) if still_open else set()


def _since_last_in(sheet: Sheet, kind: str) -> list[tuple[Act, Sheet]]:
    """The acts of that kind on the sheets of the panel since this one was last in."""
    submitted = db.session.scalar(
        select(func.max(Act.id)).where(Act.sheet_id == sheet.id, Act.kind == "submit")
    )
    rows = db.session.execute(
        select(Act, Sheet)
        .join(Sheet, Sheet.id == Act.sheet_id)
        .where(*same_place(Sheet, sheet), Act.kind == kind, Act.id > (submitted or 0))
        .order_by(Act.id)
    )
    return list(rows.tuples())


def _was(act: Act) -> Any:
    """What stood before it was called back."""
    return (act.extra or {}).get("was")
