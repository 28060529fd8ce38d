"""The round before: what a panel had given before the chief judge asked for it anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

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
    rows = _since_last_in(sheet, "recall")
    found: dict[str, dict[str, Any]] = {}
    mine: set[str] = set()
    for act, of in rows:
        assert act.aspect is not None
        found.setdefault(act.aspect, {})[of.judge.code] = (act.extra or {}).get("was")
        if of.id == sheet.id:
            mine.add(act.aspect)
    return {aspect: values for aspect, values in found.items() if aspect in mine}


def previous_round_totals(sheet: Sheet) -> dict[str, str | None]:
    """The total of each sheet, by judge's code, when the panel was sent back over its sums.

    Empty where it was not, and once the sheet is in again.
    """
    return {
        of.judge.code: (act.extra or {}).get("was") for act, of in _since_last_in(sheet, TOTAL_KIND)
    }


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
