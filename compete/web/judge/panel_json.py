"""What a judge's tablet learns of the panel: nothing until all are in, then everything."""

from __future__ import annotations

from typing import Any

from compete.domain import bundle as b
from compete.domain.values import HANDED_IN
from compete.models import Sheet
from compete.services.judging import as_sent
from compete.services.panels import PanelView, previous_round_values


def describe_panel(view: PanelView | None, sheet: Sheet) -> dict[str, Any]:
    """The keys `panel`, `dispute` and `remark` of a sheet.

    `panel`: null where one judge marks alone, else `{"size", "submitted",
    "revealed", "marks"}`; `marks` is null until all have submitted, then
    `[{"judge": code, "name", "mine": bool, "values": {aspect: value}}]`.
    `dispute`: null, or the first of what is too far apart:
    `{"aspect": code or null for the sums, "name", "limit": text or null where
    all must agree, "values": {judge code: value}, "descriptors": list or null,
    "also": names of what else is}`. `remark`: null, or while something is to be
    marked anew the panel's values of the round before: `{"mine": judge code,
    "limit": as above, "aspects": {aspect: {judge code: value}}}`.
    """
    if view is None:
        return {"panel": None, "dispute": None, "remark": None}
    return {
        "panel": {
            "size": len(view.sheets),
            "submitted": view.submitted,
            "revealed": view.revealed,
            "marks": [_marks(view, panel_sheet, sheet) for panel_sheet in view.sheets]
            if view.revealed
            else None,
        },
        "dispute": describe_dispute(view),
        "remark": _describe_remark(view, sheet),
    }


def describe_dispute(view: PanelView) -> dict[str, Any] | None:
    """The key `dispute` of a sheet: see `describe_panel`."""
    if not view.apart:
        return None
    aspects = {aspect.code: aspect for aspect in view.module.aspects}
    first, *others = view.apart
    aspect = aspects[first.aspect] if first.aspect else None
    return {
        "aspect": first.aspect,
        "name": aspect.name if aspect else None,
        "limit": f"{first.limit:f}" if first.limit is not None else None,
        "values": _values_of(view, aspect) if aspect else None,
        "descriptors": (aspect.extra or {}).get("descriptors") if aspect else None,
        "also": [aspects[spread.aspect].name for spread in others if spread.aspect],
    }


def _describe_remark(view: PanelView, sheet: Sheet) -> dict[str, Any] | None:
    aspects = {} if sheet.state in HANDED_IN else previous_round_values(sheet)
    if not aspects:
        return None
    limit = view.module.panel.max_spread
    return {
        "mine": sheet.judge.code,
        "limit": None if limit is None else f"{limit:f}",
        "aspects": aspects,
    }


def _values_of(view: PanelView, aspect: b.Aspect) -> dict[str, Any]:
    return {
        sheet.judge.code: as_sent(aspect, view.values[sheet.id][aspect.code])
        for sheet in view.sheets
    }


def _marks(view: PanelView, sheet: Sheet, mine: Sheet) -> dict[str, Any]:
    values = view.values[sheet.id]
    return {
        "judge": sheet.judge.code,
        "name": sheet.judge.name,
        "mine": sheet.id == mine.id,
        "values": {
            aspect.code: as_sent(aspect, values[aspect.code])
            for aspect in view.module.aspects
            if aspect.code in values
        },
    }
