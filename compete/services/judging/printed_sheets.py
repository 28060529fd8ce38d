"""A sheet on paper: to write on, or as it was marked and signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from compete.documents.dates import chinese_time
from compete.documents.lists import Stamp
from compete.documents.score_sheet import ScoreRow, ScoreSheet, Signed, render_score_sheets
from compete.domain import bundle as b
from compete.domain.values import AspectType, msg
from compete.models import Competition, Event, Sheet, SignedSheet, db, utc_now
from compete.services.judging.drawn_signature import kept_drawing
from compete.services.judging.signed_content import last_act, sheet_content
from compete.services.judging.signing import signed_content_of, standing_signature
from compete.services.kernel import Refused, fonts, local_zone, module_of, public_url, rules_of
from compete.services.sheets import aspect_unit, rule_text, shown_marks, shown_value


def print_sheet(sheet: Sheet) -> bytes:
    """One sheet with its marks as PDF; what was signed, with its four words in the foot."""
    signed = standing_signature(sheet)
    content = signed_content_of(signed) if signed else sheet_content(sheet, last_act(sheet))
    digest = bytes.fromhex(signed.sha256) if signed else None
    stamp = Stamp(printed_at=_local(utc_now()), digest=digest)
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
        stamp=Stamp(printed_at=_local(utc_now())),
        fonts=fonts(),
    )


def _competition(sheet: Sheet) -> Competition:
    return db.session.get_one(Competition, sheet.competition_id)


def _face(sheet: Sheet) -> tuple[Event, b.Module, dict[str, Any]]:
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
        if signed.method == "paper":
            note = msg("评分记录打印件，裁判签在纸质评分表上").render()
    return ScoreSheet(
        rows=[_row(aspect, lines[aspect.code]) for aspect in module.aspects],
        scored=content["total"] or "",
        working_time=_time(content["working_time"]),
        note=note,
        signed=_signed(sheet, signed) if signed else None,
        **face,
    )


def _signed(sheet: Sheet, signed: SignedSheet) -> Signed:
    """The judge's hand, or the name that was typed; nothing where it stands on the paper sheet."""
    drawing = kept_drawing(signed.drawing) if signed.drawing else None
    return Signed(
        at=chinese_time(_local(signed.signed_at)),
        path=drawing.path if drawing else "",
        box=(drawing.width, drawing.height) if drawing else (0, 0),
        name=sheet.judge.name if signed.method == "typed" else "",
    )


def _local(at: datetime) -> datetime:
    return at.astimezone(local_zone())


def _row(aspect: b.Aspect, line: dict[str, Any] | None = None) -> ScoreRow:
    face = {
        "criterion": aspect.criterion or "",
        "aspect": aspect.name,
        "points": _plain(str(aspect.max * aspect.factor)),
        "standard": rule_text(aspect),
    }
    if line is None:
        return ScoreRow(unit=_to_write(aspect), **face)
    marks = shown_marks(line["marks"])
    return ScoreRow(
        record=shown_value(aspect, line["value"]),
        deducted=_lost(aspect, marks) if aspect.type is AspectType.DEDUCTION else "",
        scored=marks,
        **face,
    )


def _to_write(aspect: b.Aspect) -> str:
    """What stands small in the empty cell: the unit, or the two words of which one is ringed."""
    if aspect.type is AspectType.MEASUREMENT and not aspect.bands:
        return msg("合格 / 不合格").render()
    return aspect_unit(aspect)


def _lost(aspect: b.Aspect, marks: str) -> str:
    return shown_marks(str(aspect.max * aspect.factor - Decimal(marks))) if marks else ""


def _time(seconds: str | None) -> str:
    return msg("%(seconds)s 秒", seconds=seconds).render() if seconds else ""


def _plain(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
