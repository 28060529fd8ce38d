"""One entrant's panel side by side, aspect by aspect, with what was ruled."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from compete.domain import bundle as b
from compete.domain.bundle import wanted_value
from compete.domain.values import AspectType, CompetitionState
from compete.models import Competition, Ruling, Sheet, db
from compete.services.judging import as_sent
from compete.services.panels import PanelView
from compete.services.sheets import provisional_total, shown_value
from compete.web.language import say
from compete.web.organiser.progress.to_do import sheet_url, spread_text
from compete.web.organiser.progress.view_model import is_chief
from compete.web.templating import moment


def describe_panel(competition: Competition, sheet: Sheet, view: PanelView) -> dict[str, Any]:
    """What `panel.html` wants: a column a judge, a row an aspect, sums, rulings, the form."""
    code = competition.code
    aspects = {aspect.code: aspect for aspect in view.module.aspects}
    apart = {
        spread.aspect: spread_text(view, spread, aspects.get(spread.aspect or ""))
        for spread in view.apart
    }
    may_rule = (
        bool(view.apart) and is_chief(competition) and competition.state is CompetitionState.JUDGING
    )
    event = sheet.entrant.event
    return {
        "competition": {"name": competition.name, "url": url_for("organiser.overview", code=code)},
        "code": sheet.label,
        "module": view.module.name,
        "revealed": view.revealed,
        "submitted": view.submitted,
        "judges": [
            {
                "code": panel_sheet.judge.code,
                "name": panel_sheet.judge.name,
                "state": panel_sheet.state.value,
                "url": sheet_url(competition, panel_sheet),
                "total": provisional_total(view.module, view.values[panel_sheet.id])
                if view.revealed
                else None,
            }
            for panel_sheet in view.sheets
        ],
        "rows": [_row(view, aspect, apart, may_rule) for aspect in view.module.aspects],
        "sums": apart.get(None),
        "rulings": [_ruling(ruling, aspects) for ruling in _rulings(sheet)],
        "rule_url": url_for("organiser.panel_page", code=code, public_id=sheet.public_id)
        if may_rule
        else None,
        "reason": request.form.get("reason", ""),
        "urls": {
            "back": url_for(
                "organiser.progress",
                code=code,
                module=f"{event.code}|{sheet.stage}|{sheet.module}",
            )
        },
    }


def _row(
    view: PanelView, aspect: b.Aspect, apart: dict[str | None, str], may_rule: bool
) -> dict[str, Any]:
    values = [view.values[sheet.id].get(aspect.code) for sheet in view.sheets]
    judged = aspect.type is AspectType.JUDGEMENT
    words = (aspect.extra or {}).get("descriptors") or []
    row: dict[str, Any] = {
        "code": aspect.code,
        "name": aspect.name,
        "values": [
            shown_value(aspect, as_sent(aspect, value), _) if value is not None else "—"
            for value in values
        ]
        if view.revealed
        else ["" for _value in values],
        "apart": apart.get(aspect.code),
    }
    if not may_rule or (apart.get(aspect.code) is None and None not in apart):
        return row
    field: dict[str, Any] = {
        "hint": say(wanted_value(aspect)),
        "value": request.form.get(f"value-{aspect.code}", ""),
        "options": None,
    }
    if judged:
        field["options"] = [
            {"value": str(rung), "label": f"{rung} {words[rung]}" if rung < len(words) else rung}
            for rung in range(aspect.scale + 1)
        ]
    elif aspect.type is AspectType.MEASUREMENT and not aspect.bands:
        field["options"] = [
            {"value": "yes", "label": _("合格")},
            {"value": "no", "label": _("不合格")},
        ]
    return row | {"field": field}


def _rulings(sheet: Sheet) -> list[Ruling]:
    return (
        db.session.query(Ruling)
        .filter_by(entrant_id=sheet.entrant_id, stage=sheet.stage, module=sheet.module)
        .order_by(Ruling.id.desc())
        .all()
    )


def _ruling(ruling: Ruling, aspects: dict[str, b.Aspect]) -> dict[str, Any]:
    aspect = aspects.get(ruling.aspect)
    before = "、".join(f"{judge} {value}" for judge, value in ruling.before.items())
    return {
        "what": aspect.name if aspect else ruling.aspect,
        "value": shown_value(aspect, as_sent(aspect, ruling.value), _)
        if aspect
        else f"{ruling.value:f}",
        "before": before,
        "who": ruling.judge.name,
        "at": moment(ruling.ruled_at),
        "reason": ruling.reason,
    }
