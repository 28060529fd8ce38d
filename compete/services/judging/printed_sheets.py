"""A sheet on paper, with the code that leads to it: to write on, or as it was marked and signed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from compete.documents.dates import printed_time
from compete.documents.lists import Stamp
from compete.documents.score_sheet import ScoreRow, ScoreSheet, Signed, render_score_sheets
from compete.documents.typesetting import PrintedFile
from compete.domain.aspects.clock_times import told_time
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.values.equations import shortened
from compete.domain.values.kinds import Combine
from compete.domain.values.messages import Message, Translate, msg
from compete.models import Competition, Event, Sheet, SignedSheet, db, utc_now
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.judging.drawn_signature import kept_drawing
from compete.services.judging.own_times import known_time
from compete.services.judging.panels.judge_progress import module_sheets
from compete.services.judging.panels.rulings import standing_rulings
from compete.services.judging.signed_content import last_act, sheet_content
from compete.services.judging.signing import signed_content_of, standing_signature
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_of, own_module_name, rules_of
from compete.services.kernel.installation import Page, address_of, fonts
from compete.services.kernel.refusal import Refused
from compete.services.sheets.absences import excused_sheets
from compete.services.sheets.act_rules import OPEN_STATES
from compete.services.sheets.totals import is_only_compared, sum_words
from compete.services.sheets.wording import aspect_unit, rule_text, shown_marks, shown_value
from compete.services.sheets.working_times import time_sentence

BLANK_SHEETS = "blank_sheets"


def print_sheet(sheet: Sheet, translate: Translate | None = None) -> PrintedFile:
    """Print one sheet with its marks as PDF; if signed, with its four words in the foot."""
    competition = _competition(sheet)
    signed = standing_signature(sheet)
    content = signed_content_of(signed) if signed else sheet_content(sheet, last_act(sheet))
    digest = bytes.fromhex(signed.sha256) if signed else None
    return _printed(competition, [_filled(sheet, content, signed, translate)], digest, translate)


def print_signed_sheets(
    competition: Competition, numbers: Sequence[int], translate: Translate | None = None
) -> PrintedFile:
    """Print signed sheets by their rows' numbers, in this order, each as it was signed."""
    query = select(SignedSheet).where(
        SignedSheet.sheet_id.in_(numbers), SignedSheet.superseded_at.is_(None)
    )
    standing = {row.sheet_id: row for row in db.session.scalars(query.order_by(SignedSheet.id))}
    filled = [
        _filled(signed.sheet, signed_content_of(signed), signed, translate)
        for signed in (standing[number] for number in numbers)
    ]
    return _printed(competition, filled, None, translate)


def _open_sheets(asked: Asked) -> list[int]:
    """List one module's sheets that are not in, none for who is out, in the order of their pile."""
    event = next(event for event in asked.competition.events if event.code == asked.of["event"])
    out = excused_sheets(asked.competition)
    return [
        sheet.id
        for sheet in module_sheets(event, asked.of["stage"], asked.of["module"])
        if sheet.state in OPEN_STATES and sheet.id not in out
    ]


@printed_as(BLANK_SHEETS, at_once=150, portion=250, keys=_open_sheets)
def _print_blank_sheets(asked: Asked, rows: Sequence[int]) -> PrintedFile:
    """Print sheets to be filled in by hand, each with a code for those who type it in."""
    competition, translate = asked.competition, asked.translate
    query = select(Sheet).where(Sheet.id.in_(rows), Sheet.state.in_(OPEN_STATES))
    sheets = db.session.scalars(query.order_by(Sheet.judge_id, Sheet.label)).all()
    if not sheets:
        raise Refused(msg("没有没交的评分表，不用打印空白表"))
    return _printed(competition, [_blank(sheet, translate) for sheet in sheets], None, translate)


def _printed(
    competition: Competition,
    sheets: Sequence[ScoreSheet],
    digest: bytes | None,
    translate: Translate | None,
) -> PrintedFile:
    return render_score_sheets(
        sheets,
        competition=competition.name,
        has_chief=not settings_of(competition).small,
        stamp=Stamp(printed_at=local_time(utc_now()), digest=digest),
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
    )


def _competition(sheet: Sheet) -> Competition:
    return db.session.get_one(Competition, sheet.competition_id)


def _face(sheet: Sheet) -> tuple[Module, dict[str, Any]]:
    event = db.session.get_one(Event, sheet.entrant.event_id)
    module = module_of(rules_of(event), sheet.stage, sheet.module)
    competition = _competition(sheet)
    # In a small contest alone, where the judges' phones say it too.
    named = settings_of(competition).small and not event.blind
    share = module.panel.size if module.panel.combine is Combine.SUM else 1
    return (
        module,
        {
            "event": event.name,
            "module": own_module_name(rules_of(event), sheet.stage, module.code),
            "code": sheet.label,
            "judge": sheet.judge.code,
            "name": sheet.entrant.name if named else "",
            "sheet_url": address_of(Page.SHEET, code=competition.code, public_id=sheet.public_id),
            "total": sum_words(module),
            "points": shortened(str(module.full / share)),
        },
    )


def _blank(sheet: Sheet, translate: Translate | None) -> ScoreSheet:
    module, face = _face(sheet)
    return ScoreSheet(rows=[_row(aspect, translate) for aspect in module.aspects], **face)


def _filled(
    sheet: Sheet, content: dict[str, Any], signed: SignedSheet | None, translate: Translate | None
) -> ScoreSheet:
    module, face = _face(sheet)
    lines = {line["code"]: line for line in content["aspects"]}
    own = {ruling.aspect: ruling.own for ruling in standing_rulings([sheet.id]).get(sheet.id, ())}
    note = msg("评分记录打印件，还没签名").render(translate)
    if signed is not None:
        note = msg("评分记录打印件，裁判已签名").render(translate)
        if signed.method == "paper":
            note = msg("评分记录打印件，裁判签在纸质评分表上").render(translate)
    whole = _whole_time(sheet)
    if whole is not None:
        note = msg("%(note)s。模块用时：%(time)s", note=note, time=whole).render(translate)
    return ScoreSheet(
        rows=[
            _row(aspect, translate, lines[aspect.code], own.get(aspect.code))
            for aspect in module.aspects
        ],
        # What was signed says 0.00 where marks come from comparing alone.
        scored="" if is_only_compared(module) else content["total"] or "",
        working_time=_time(content["working_time"], translate),
        note=note,
        signed=_signed(sheet, signed, translate) if signed else None,
        **face,
    )


def _whole_time(sheet: Sheet) -> Message | None:
    """The module's time, where it is not simply what this judge read."""
    taken = known_time(sheet)
    readings = [*taken.readings.values(), *taken.aside.values()]
    alone = all(set(values) == {sheet.judge.code} for values in readings)
    if alone and taken.ruling is None and not taken.aspect_rulings:
        return None
    return time_sentence(taken)


def _signed(sheet: Sheet, signed: SignedSheet, translate: Translate | None) -> Signed:
    """The judge's hand, or the name that was typed; nothing where it stands on the paper sheet."""
    drawing = kept_drawing(signed.drawing) if signed.drawing else None
    return Signed(
        at=printed_time(local_time(signed.signed_at), translate),
        path=drawing.path if drawing else "",
        box=(drawing.width, drawing.height) if drawing else (0, 0),
        name=sheet.judge.name if signed.method == "typed" else "",
    )


def _row(
    aspect: Aspect,
    translate: Translate | None,
    line: dict[str, Any] | None = None,
    own: Decimal | None = None,
) -> ScoreRow:
    """An aspect; where the chief judge ruled, what the judge gave stands first as `own`."""
    face = {
        "criterion": aspect.criterion or "",
        "aspect": aspect.name,
        "points": shortened(str(aspect.max * aspect.factor)),
        "standard": rule_text(aspect, translate),
    }
    if line is None:
        return ScoreRow(unit=_to_write(aspect, translate), **face)
    marks = shown_marks(line["marks"])
    shown = shown_value(aspect, line["value"], translate)
    ruling = ""
    if line.get("ruled"):
        ruling = msg("裁定 %(value)s", value=shown).render(translate)
        shown = _own(aspect, own, translate)
    return ScoreRow(
        record=shown,
        ruling=ruling,
        deducted=_lost(aspect, marks) if kind_of(aspect).counts_faults else "",
        scored=marks,
        **face,
    )


def _own(aspect: Aspect, own: Decimal | None, translate: Translate | None) -> str:
    if own is None:
        return "—"
    given = kind_of(aspect).judge_value(own)
    return shown_value(aspect, given if isinstance(given, bool) else f"{given:f}", translate)


def _to_write(aspect: Aspect, translate: Translate | None) -> str:
    """The small print in the empty cell: the unit, or the two words of which one is ringed."""
    if kind_of(aspect).is_yes_no:
        return msg("合格 / 不合格").render(translate)
    return aspect_unit(aspect)


def _lost(aspect: Aspect, marks: str) -> str:
    return shown_marks(str(aspect.max * aspect.factor - Decimal(marks))) if marks else ""


def _time(seconds: str | None, translate: Translate | None) -> str:
    return told_time(Decimal(seconds)).render(translate) if seconds else ""
