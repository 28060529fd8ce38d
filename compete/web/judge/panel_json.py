"""What a judge's tablet learns of the panel: nothing until all are in, then everything."""

from __future__ import annotations

from typing import TypedDict

from compete.domain.aspects.types import Aspect
from compete.domain.values.states import HANDED_IN
from compete.models import Sheet
from compete.services.judging.tablet_data import Value
from compete.services.judging.tablet_view import as_sent
from compete.services.panels.previous_round import previous_round_totals, previous_round_values
from compete.services.panels.reveal import PanelView
from compete.services.sheets.totals import provisional_total


class JudgeMarks(TypedDict):
    """What one judge of a revealed panel gave, by aspect; `mine` of who asks."""

    judge: str
    name: str
    mine: bool
    values: dict[str, Value]


class PanelJson(TypedDict):
    """A panel of several; `marks` is null until all have submitted."""

    size: int
    submitted: int
    revealed: bool
    marks: list[JudgeMarks] | None


class DisputeJson(TypedDict):
    """The first of what is too far apart."""

    aspect: str | None
    """Null for the sums."""
    name: str | None
    limit: str | None
    """How far apart they may be; null where all must agree."""
    values: dict[str, Value]
    """By judge; of the sums, what each sheet comes to."""
    descriptors: list[str] | None
    also: list[str]
    """The names of what else is."""


class RemarkJson(TypedDict):
    """What is to be marked anew, without what others gave: each looks again for himself."""

    limit: str | None
    aspects: list[str]
    total: Value
    """What the own sheet came to, where the sums lay too far apart; else null."""


class PanelKeys(TypedDict):
    """What a sheet says of its panel; each null where there is nothing to say."""

    panel: PanelJson | None
    dispute: DisputeJson | None
    remark: RemarkJson | None


def describe_panel(view: PanelView | None, sheet: Sheet) -> PanelKeys:
    """What a sheet's own judge learns; `panel` is null where one judge marks alone."""
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


def describe_dispute(view: PanelView) -> DisputeJson | None:
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
        "values": _values_of(view, aspect) if aspect else _totals_of(view),
        "descriptors": (aspect.extra or {}).get("descriptors") if aspect else None,
        "also": [aspects[spread.aspect].name for spread in others if spread.aspect],
    }


def _describe_remark(view: PanelView, sheet: Sheet) -> RemarkJson | None:
    if sheet.state in HANDED_IN:
        return None
    aspects, totals = previous_round_values(sheet), previous_round_totals(sheet)
    if not aspects and not totals:
        return None
    limit = view.module.panel.max_spread
    return {
        "limit": None if limit is None else f"{limit:f}",
        "aspects": list(aspects),
        "total": totals.get(sheet.judge.code),
    }


def _values_of(view: PanelView, aspect: Aspect) -> dict[str, Value]:
    return {
        sheet.judge.code: as_sent(aspect, view.values[sheet.id][aspect.code])
        for sheet in view.sheets
    }


def _totals_of(view: PanelView) -> dict[str, Value]:
    return {
        sheet.judge.code: provisional_total(view.module, view.values[sheet.id])
        for sheet in view.sheets
    }


def _marks(view: PanelView, sheet: Sheet, mine: Sheet) -> JudgeMarks:
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
