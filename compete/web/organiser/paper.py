"""Paper sheets on the desk: two recorders type them in, the chief judge settles what differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from compete.models import Competition, PaperEntry, Sheet, db
from compete.services.closing import (
    READING_ROLES,
    PaperState,
    differing_papers,
    enter_paper,
    module_of_sheet,
    paper_state,
    readings,
    settle_paper,
)
from compete.services.judging import print_blank_sheets
from compete.services.kernel import Refused
from compete.services.panels import module_sheets
from compete.services.sheets import OPEN, excused_sheets
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.organiser import face
from compete.web.organiser.board import chosen_place, is_chief, place_key, places_of
from compete.web.organiser.recheck_form import field_row, read_fields
from compete.web.organiser.sheets import sheet_of
from compete.web.templating import state_word

_WORDS = {"none": "not_begun", "open": "begun", "waits": "complete", "settled": "submitted"}


@face.get("/<code>/paper")
@guard.checkers
def paper(competition: Competition) -> ResponseReturnValue:
    """Find a paper sheet by its number; what is entered, and what the two differ on."""
    code = competition.code
    wanted = request.args.get("number", "").strip()
    return render_template(
        "organiser/paper.html",
        competition=_head(competition),
        recheck_url=url_for("organiser.recheck", code=code),
        handover_url=url_for("organiser.handover", code=code),
        wanted=wanted,
        found=[_row(competition, sheet) for sheet in _by_label(competition, wanted)],
        begun=[_row(competition, sheet) for sheet in _begun(competition)],
        differing=[_row(competition, sheet) for sheet in differing_papers(competition)]
        if is_chief(competition)
        else [],
        prints=[
            {
                "label": place.module.name,
                "url": url_for("organiser.blank_sheets", code=code, module=place_key(place)),
            }
            for place in places_of(competition)
        ]
        if guard.may_open("organiser.blank_sheets")
        else [],
    )


@face.get("/<code>/paper.pdf")
@guard.heads
def blank_sheets(competition: Competition) -> Response:
    """Empty sheets of one module to write on, each with its own code; none for who is out."""
    place = chosen_place(places_of(competition))
    out = excused_sheets(competition)
    sheets = [
        sheet
        for sheet in module_sheets(place.event, place.stage.code, place.module.code)
        if sheet.state in OPEN and sheet.id not in out
    ]
    return send_pdf(print_blank_sheets(competition, sheets), f"纸质评分表_{place.module.name}.pdf")


@face.route("/<code>/paper/<public_id>", methods=["GET", "POST"])
@guard.checkers
def paper_sheet(competition: Competition, public_id: str) -> ResponseReturnValue:
    """One paper sheet: its fields for a recorder, both readings for the chief judge."""
    sheet = sheet_of(competition, public_id)
    if not _is_recorder():
        if is_chief(competition):
            return _chiefs_look(competition, sheet)
        return redirect(url_for("organiser.sheet", code=competition.code, public_id=public_id))
    typed: Mapping[str, str] = request.form
    faults: dict[str, str] = {}
    problem = None
    if request.method == "POST":
        values, faults = read_fields(module_of_sheet(sheet), typed)
        if not faults:
            try:
                state = enter_paper(sheet, values, signed="signed" in typed, by=current_user)
            except Refused as refused:
                problem = say(refused.message)
            else:
                _tell(sheet, state)
                if state.word != "differs":
                    return redirect(url_for("organiser.paper", code=competition.code))
                return redirect(
                    url_for("organiser.paper_sheet", code=competition.code, public_id=public_id)
                )
        sheet = sheet_of(competition, public_id)
    page = render_template(
        "organiser/paper_sheet.html", **_form(competition, sheet, typed, faults), problem=problem
    )
    return page, 400 if faults or problem else 200


@face.post("/<code>/paper/<public_id>/settle")
@guard.chief
def settle_paper_sheet(competition: Competition, public_id: str) -> ResponseReturnValue:
    """The chief judge says whose reading holds, row by row."""
    sheet = sheet_of(competition, public_id)
    form = request.form
    choice = {
        name.removeprefix("row-"): int(text)
        for name, text in form.items()
        if name.startswith("row-") and text.isascii() and text.isdigit() and len(text) < 18
    }
    try:
        settle_paper(sheet, choice, "signed" in form, form.get("reason", ""), current_user)
    except Refused as refused:
        return _chiefs_look(competition, sheet_of(competition, public_id), say(refused.message))
    flash(_("%(code)s 定下来了", code=sheet.label), "ok")
    return redirect(url_for("organiser.paper", code=competition.code))


def _is_recorder() -> bool:
    return g.membership is not None and g.membership.role in READING_ROLES


def _head(competition: Competition) -> dict[str, Any]:
    return {
        "name": competition.name,
        "url": guard.door("organiser.overview", code=competition.code),
    }


def _tell(sheet: Sheet, state: PaperState) -> None:
    if state.settled:
        flash(_("%(code)s 两个人录的一样，算数了", code=sheet.label), "ok")
    elif state.word == "differs":
        flash(_("%(code)s 和另一位录的不一样，照着纸再看一眼", code=sheet.label), "warn")
    else:
        flash(_("%(code)s 存下了，等另一位记分员录", code=sheet.label), "ok")


def _by_label(competition: Competition, wanted: str) -> list[Sheet]:
    if not wanted:
        return []
    return list(
        db.session.scalars(
            select(Sheet)
            .where(Sheet.competition_id == competition.id, Sheet.label == wanted[:80])
            .order_by(Sheet.module, Sheet.judge_id)
        )
    )


def _begun(competition: Competition) -> list[Sheet]:
    """Sheets that somebody is reading from paper, the newest first."""
    newest = (
        select(PaperEntry.sheet_id)
        .where(PaperEntry.settled_at.is_(None))
        .order_by(PaperEntry.id.desc())
        .limit(200)
    )
    numbers = list(dict.fromkeys(db.session.scalars(newest)))
    rows = {
        sheet.id: sheet
        for sheet in db.session.scalars(
            select(Sheet).where(Sheet.id.in_(numbers), Sheet.competition_id == competition.id)
        )
    }
    return [rows[number] for number in numbers if number in rows]


def _row(competition: Competition, sheet: Sheet) -> dict[str, Any]:
    state = paper_state(sheet, current_user)
    words = {
        "none": state_word(sheet.state),
        "open": _("另一位录了，等你录"),
        "waits": _("你录了，等另一位"),
        "differs": _("两个人录的不一样"),
        "settled": _("录完了"),
    }
    shut = state.word == "none" and sheet.state not in OPEN
    return {
        "code": sheet.label,
        "module": module_of_sheet(sheet).name,
        "judge": f"{sheet.judge.code} {sheet.judge.name}",
        "key": sheet.state.value if shut else _WORDS.get(state.word, "returned"),
        "word": words[state.word],
        "url": None
        if shut or state.settled
        else url_for("organiser.paper_sheet", code=competition.code, public_id=sheet.public_id),
    }


def _form(
    competition: Competition, sheet: Sheet, typed: Mapping[str, str], faults: Mapping[str, str]
) -> dict[str, Any]:
    """The recorder's fields, with what this recorder wrote before; never the other's."""
    state = paper_state(sheet, current_user)
    mine = state.mine
    if not typed and mine is not None:
        typed = {f"v-{code}": text for code, text in mine.values.items()}
        if mine.signed:
            typed = {**typed, "signed": "yes"}
    module = module_of_sheet(sheet)
    other = _("和另一位录的不一样，照着纸再看一眼")
    return {
        "competition": _head(competition),
        "code": sheet.label,
        "module": module.name,
        "judge": f"{sheet.judge.code} {sheet.judge.name}",
        "fields": [
            field_row(
                aspect,
                typed,
                faults.get(aspect.code) or (other if aspect.code in state.differs else None),
            )
            for aspect in module.aspects
        ],
        "signed": "signed" in typed,
        "signature_differs": state.signature_differs,
        "faults": len(faults),
        "differs": len(state.differs) + state.signature_differs,
        "waits": state.word == "waits",
        "shut": sheet.state not in OPEN,
        "url": url_for("organiser.paper_sheet", code=competition.code, public_id=sheet.public_id),
        "back_url": url_for("organiser.paper", code=competition.code),
    }


def _chiefs_look(
    competition: Competition, sheet: Sheet, problem: str | None = None
) -> ResponseReturnValue:
    entries = readings(sheet)
    module = module_of_sheet(sheet)
    names = {aspect.code: aspect.name for aspect in module.aspects}
    both = len(entries) == 2
    page = render_template(
        "organiser/paper_settle.html",
        competition=_head(competition),
        code=sheet.label,
        module=module.name,
        judge=f"{sheet.judge.code} {sheet.judge.name}",
        readers=[one.account.name for one in entries],
        rows=[
            {
                "code": code,
                "name": names[code],
                "differs": both and len({one.values[code] for one in entries}) > 1,
                "readings": [{"entry": one.id, "value": one.values[code]} for one in entries],
            }
            for code in names
        ]
        if entries
        else [],
        signed=[one.signed for one in entries],
        settle_url=url_for(
            "organiser.settle_paper_sheet", code=competition.code, public_id=sheet.public_id
        )
        if both and sheet.state in OPEN
        else None,
        reason=request.form.get("reason", ""),
        problem=problem,
        back_url=url_for("organiser.paper", code=competition.code),
    )
    return page, 400 if problem else 200
