"""A sheet on paper: to write on, or as it was marked and signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from compete.documents.lists import Stamp
from compete.documents.score_sheet import ScoreRow, ScoreSheet, render_score_sheets
from compete.domain import bundle as b
from compete.domain.checks.values import wanted_value
from compete.domain.kinds import AspectType
from compete.domain.messages import msg
from compete.models import Competition, Event, Sheet, SignedSheet, db, utc_now
from compete.services.errors import Refused
from compete.services.printing import fonts, public_url
from compete.services.rules import module_of, rules_of
from compete.services.sheet_content import last_act, sheet_content
from compete.services.signing import content_of, standing_signature


def print_sheet(sheet: Sheet) -> bytes:
    """One sheet with its marks as PDF; what was signed, with its four words in the foot."""
    signed = standing_signature(sheet)
    content = content_of(signed) if signed else sheet_content(sheet, last_act(sheet))
    stamp = Stamp(printed_at=utc_now(), digest=bytes.fromhex(signed.sha256) if signed else None)
    return render_score_sheets(
        [_filled(sheet, content, signed)],
        competition=_competition(sheet).name,
        stamp=stamp,
        fonts=fonts(),
    )


def print_blank_sheets(competition: Competition, sheets: Sequence[Sheet]) -> bytes:
    """Sheets to be filled in by hand, each with a code for those who type it in."""
    if not sheets:
        raise Refused(msg("还没有评分表"))
    return render_score_sheets(
        [_blank(sheet) for sheet in sheets],
        competition=competition.name,
        stamp=Stamp(printed_at=utc_now()),
        fonts=fonts(),
    )


def _competition(sheet: Sheet) -> Competition:
    return db.session.get_one(Competition, sheet.competition_id)


def _face(sheet: Sheet) -> tuple[Event, b.Module, dict[str, str]]:
    event = db.session.get_one(Event, sheet.entrant.event_id)
    module = module_of(rules_of(event), sheet.stage, sheet.module)
    competition = _competition(sheet)
    return (
        event,
        module,
        {
            "event": event.name,
            "module": module.name,
            "code": sheet.label,
            "judge": sheet.judge.code,
            "sheet_url": public_url(
                "organiser.paper_sheet", code=competition.code, public_id=sheet.public_id
            ),
            "points": _plain(str(module.full / _share(module))),
        },
    )


def _share(module: b.Module) -> int:
    return module.panel.size if module.panel.combine.value == "sum" else 1


def _blank(sheet: Sheet) -> ScoreSheet:
    _event, module, face = _face(sheet)
    return ScoreSheet(rows=[_row(aspect) for aspect in module.aspects], **face)


def _filled(sheet: Sheet, content: dict[str, Any], signed: SignedSheet | None) -> ScoreSheet:
    _event, module, face = _face(sheet)
    lines = {line["code"]: line for line in content["aspects"]}
    note = msg("评分记录打印件，还没签名").render()
    if signed is not None:
        note = msg("评分记录打印件，裁判已签名").render()
    return ScoreSheet(
        rows=[_row(aspect, lines[aspect.code]) for aspect in module.aspects],
        scored=content["total"] or "",
        working_time=_time(content["working_time"]),
        note=note,
        **face,
    )


def _row(aspect: b.Aspect, line: dict[str, Any] | None = None) -> ScoreRow:
    extra = aspect.extra or {}
    value = shown_value(aspect, line["value"]) if line else ""
    deducted = value if aspect.type is AspectType.DEDUCTION else ""
    return ScoreRow(
        criterion=aspect.criterion or "",
        aspect=aspect.name,
        points=_plain(str(aspect.max * aspect.factor)),
        standard=str(extra.get("hint") or wanted_value(aspect).render()),
        deducted=deducted,
        scored=(line["marks"] or value) if line else "",
    )


def shown_value(aspect: b.Aspect, value: str | bool | None) -> str:
    """A value as people read it: 合格, 3 次, 12.5; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return msg("合格").render() if value else msg("不合格").render()
    unit = (aspect.extra or {}).get("unit")
    return f"{value} {unit}" if unit else value


def _time(seconds: str | None) -> str:
    return msg("%(seconds)s 秒", seconds=seconds).render() if seconds else ""


def _plain(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
