"""One judge's sheet on the desk: what it says, who signed it, and whether that still holds."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from compete.domain import bundle as b
from compete.domain.values import CompetitionState, SheetState
from compete.models import Competition, Event, Sheet, SignedSheet, db
from compete.services.judging import (
    content_of,
    drawing_of,
    facts_of,
    faults_of,
    kept_drawing,
    last_act,
    print_sheet,
    sheet_content,
    signatures,
    standing_record,
    words_of,
)
from compete.services.kernel import module_of, rules_of
from compete.services.sheets import photos_of, shown_marks, shown_value
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.guard import door
from compete.web.language import say
from compete.web.organiser import face
from compete.web.templating import moment


def sheet_of(competition: Competition, public_id: str) -> Sheet:
    """The sheet of that id in the competition; else 404."""
    sheet = db.session.scalar(
        select(Sheet).where(Sheet.public_id == public_id, Sheet.competition_id == competition.id)
    )
    if sheet is None:
        abort(404)
    return sheet


def module_of_sheet(sheet: Sheet) -> b.Module:
    """The rules of the sheet's module."""
    event = db.session.get_one(Event, sheet.entrant.event_id)
    return module_of(rules_of(event), sheet.stage, sheet.module)


@face.get("/<code>/sheets/<public_id>")
@guard.officials
def sheet(competition: Competition, public_id: str) -> ResponseReturnValue:
    """What a sheet says, its signatures, and whether they hold."""
    found = sheet_of(competition, public_id)
    module = module_of_sheet(found)
    signed = signatures(found)
    content = (
        content_of(signed[0])
        if signed and signed[0].superseded_at is None
        else sheet_content(found, last_act(found))
    )
    code = competition.code
    return render_template(
        "organiser/sheet.html",
        competition={"name": competition.name, "url": url_for("organiser.overview", code=code)},
        sheet={
            "code": found.label,
            "state": found.state.value,
            "module": module.name,
            "judge": _("裁判 %(code)s %(name)s", code=found.judge.code, name=found.judge.name),
            "reason": found.return_reason,
        },
        rows=_rows(module, content),
        total=content["total"] or "—",
        notes=[note["text"] for note in content["notes"]],
        photos=_photos(competition, found, module),
        signatures=[_signature(one) for one in signed],
        record=_field(found),
        urls={
            "back": url_for(
                "organiser.progress",
                code=code,
                module=f"{found.entrant.event.code}|{found.stage}|{found.module}",
            ),
            "print": url_for("organiser.sheet_pdf", code=code, public_id=public_id),
            "send_back": _way_to_return(competition, found),
        },
    )


@face.get("/<code>/sheets/<public_id>.pdf")
@guard.officials
def sheet_pdf(competition: Competition, public_id: str) -> Response:
    """The sheet on paper, with the words of what was signed in its foot."""
    found = sheet_of(competition, public_id)
    return send_pdf(print_sheet(found), f"评分表_{found.label}_{found.judge.code}.pdf")


def _rows(module: b.Module, content: dict[str, Any]) -> list[dict[str, Any]]:
    lines = {line["code"]: line for line in content["aspects"]}
    rows = []
    for aspect in module.aspects:
        line = lines[aspect.code]
        ruled = line.get("ruled")
        rows.append(
            {
                "criterion": aspect.criterion or "",
                "name": aspect.name,
                "value": shown_value(aspect, line["value"], _) or "—",
                "marks": shown_marks(line["marks"]) or "—",
                "ruled": _("%(who)s裁定：%(why)s", who=ruled["ruled_by"], why=ruled["reason"])
                if ruled
                else "",
            }
        )
    return rows


def _photos(competition: Competition, sheet: Sheet, module: b.Module) -> list[dict[str, Any]]:
    names = {aspect.code: aspect.name for aspect in module.aspects}
    return [
        {
            "url": url_for(
                "organiser.photo",
                code=competition.code,
                public_id=sheet.public_id,
                uuid=photo.uuid,
            ),
            "what": names.get(photo.aspect or "", _("整张表")),
            "at": moment(photo.held_at),
            "width": photo.width,
            "height": photo.height,
        }
        for photo in photos_of(sheet)
    ]


def _signature(one: SignedSheet) -> dict[str, Any]:
    drawing = kept_drawing(one.drawing) if one.drawing else None
    return {
        "who": one.judge.name,
        "at": moment(one.signed_at),
        "words": words_of(one.sha256),
        "hash": one.sha256,
        "path": drawing.path if drawing else None,
        "box": f"0 0 {drawing.width} {drawing.height}" if drawing else None,
        "paper": one.method == "paper",
        "typed": one.method == "typed",
        "superseded": _(
            "%(at)s 作废：%(why)s", at=moment(one.superseded_at), why=one.superseded_why or ""
        )
        if one.superseded_at
        else "",
        "faults": [say(fault) for fault in faults_of(one)],
    }


def _field(sheet: Sheet) -> dict[str, Any] | None:
    """The field record that the contestant signed, if there is one."""
    record = standing_record(sheet)
    if record is None:
        return None
    drawing = drawing_of(record)
    return {
        **facts_of(record),
        "at": moment(record.signed_at),
        "words": words_of(record.sha256),
        "path": drawing.path,
        "box": f"0 0 {drawing.width} {drawing.height}",
    }


def _way_to_return(competition: Competition, sheet: Sheet) -> str | None:
    """Where a sheet that is in goes back to its judge, while marks are open."""
    if competition.state is not CompetitionState.JUDGING:
        return None
    if sheet.state not in (SheetState.SUBMITTED, SheetState.SIGNED):
        return None
    return door("organiser.send_back", code=competition.code, public_id=sheet.public_id)
