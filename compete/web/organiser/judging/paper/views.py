"""Paper sheets on the desk: two recorders type them in, the chief judge settles what differs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import Competition, Sheet
from compete.services.closing.conflicting_files import sheets_brought_otherwise
from compete.services.closing.paper_entry import (
    PaperState,
    begun_papers,
    differing_papers,
    enter_paper,
    paper_readings,
    settle_paper,
)
from compete.services.judging.printed_sheets import BLANK_SHEETS
from compete.services.kernel.event_rules import module_of_sheet
from compete.services.kernel.refusal import Refused
from compete.services.sheets.act_rules import OPEN_STATES
from compete.services.sheets.sheet_lookup import sheets_by_label
from compete.services.sheets.values import standing_values
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import is_chief
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.judging.paper.view_model import (
    ReadRow,
    blank_prints,
    entry_form,
    marks_lists,
    otherwise_row,
    sheet_row,
)
from compete.web.organiser.judging.recheck.entry_form import read_fields
from compete.web.organiser.judging.sheets.views import sheet_of
from compete.web.organiser.places import chosen_place, place_label, places_of
from compete.web.pasted_blocks import answer_block
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on


def _read(text: str | None) -> str:
    return _("缺考") if text is None else text


def _chiefs_look(
    competition: Competition, public_id: str, refused: Refused | None = None
) -> ResponseReturnValue:
    sheet = sheet_of(competition, public_id)
    entries = paper_readings(sheet)
    module = module_of_sheet(sheet)
    names = {aspect.code: aspect.name for aspect in module.aspects}
    both = len(entries) == 2
    sent = standing_values([sheet.id])[sheet.id]
    page = render_template(
        "organiser/judging/paper/settle.html",
        sheet=sheet,
        readers=[entry.account.name for entry in entries],
        files=[entry.package is not None for entry in entries],
        sent=bool(sent),
        rows=[
            ReadRow(
                code=code,
                name=names[code],
                differs=both and len({entry.values[code] for entry in entries}) > 1,
                readings=[(entry.id, _read(entry.values[code])) for entry in entries],
                tablet=f"{sent[code]:f}" if code in sent else "",
            )
            for code in names
        ]
        if entries
        else [],
        signed=[entry.signed for entry in entries],
        settle_url=url_for("organiser.settle_paper_sheet", public_id=sheet.public_id)
        if both and sheet.state in OPEN_STATES
        else None,
        reason=posted_reason(),
        problem=problem_of(refused),
        back_url=url_for("organiser.paper"),
    )
    return page, 400 if refused else 200


@face.get("/<code>/paper")
@guard.may(Right.FOLLOW_PAPER)
def paper(competition: Competition) -> ResponseReturnValue:
    """Find a paper sheet by its number; what is entered, and what the two differ on."""
    wanted = request.args.get("number", "").strip()
    prints, no_prints = blank_prints(competition)
    return render_template(
        "organiser/judging/paper/paper.html",
        lists=marks_lists(competition),
        wanted=wanted,
        found=[sheet_row(sheet) for sheet in sheets_by_label(competition, wanted)],
        begun=[sheet_row(sheet) for sheet in begun_papers(competition)],
        differing=[sheet_row(sheet) for sheet in differing_papers(competition)]
        if is_chief(competition)
        else [],
        otherwise=[otherwise_row(sheet) for sheet in sheets_brought_otherwise(competition)]
        if is_chief(competition)
        else [],
        prints=prints,
        no_prints=no_prints,
    )


@face.get("/<code>/paper.pdf")
@guard.may(Right.LEAD)
def blank_sheets(competition: Competition) -> ResponseReturnValue:
    """Print empty sheets of one module, each with its own code; none for people who are out."""
    place = chosen_place(places_of(competition))
    return print_or_follow(
        competition,
        BLANK_SHEETS,
        f"纸质评分表_{place_label(place)}.pdf",
        event=place.event.code,
        stage=place.stage.code,
        module=place.module.code,
    )


def _entry_page(
    competition: Competition,
    public_id: str,
    refused: Refused | None = None,
    faults: Mapping[str, str] = MappingProxyType({}),
) -> ResponseReturnValue:
    sheet = sheet_of(competition, public_id)
    page = entry_form(sheet, request.form, faults, problem_of(refused))
    return page, 400 if faults or refused else 200


@face.route("/<code>/paper/<public_id>", methods=["GET", "POST"])
@guard.may(Right.FOLLOW_PAPER)
@only_once
@refusal_on(_entry_page)
def paper_sheet(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Show one paper sheet: its fields for a recorder, both readings for the chief judge."""
    sheet = sheet_of(competition, public_id)
    if not guard.may_do(Right.READ_AGAIN):
        if is_chief(competition):
            return _chiefs_look(competition, public_id)
        return redirect(url_for("organiser.sheet", public_id=public_id))
    if request.method != "POST":
        return _entry_page(competition, public_id)
    values, faults = read_fields(module_of_sheet(sheet), request.form)
    if faults:
        return _entry_page(competition, public_id, faults=faults)
    state = enter_paper(sheet, values, signed="signed" in request.form, by=current_user)
    _tell(sheet, state)
    if state.word != "differs":
        return redirect(url_for("organiser.paper"))
    return redirect(url_for("organiser.paper_sheet", public_id=public_id))


@face.post("/<code>/paper/blocks")
@guard.may(Right.READ_AGAIN)
def read_paper_block(competition: Competition) -> ResponseReturnValue:
    """Say what of a block pasted into a paper sheet goes where; nothing is written."""
    return answer_block()


@face.post("/<code>/paper/<public_id>/settle")
@guard.may(Right.RULE)
@only_once
@refusal_on(_chiefs_look)
def settle_paper_sheet(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Settle which reading holds, row by row, as the chief judge."""
    sheet = sheet_of(competition, public_id)
    form = request.form
    choice = {
        name.removeprefix("row-"): number
        for name, text in form.items()
        if name and name.startswith("row-") and (number := whole_number(text)) is not None
    }
    settle_paper(sheet, choice, "signed" in form, posted_reason(), current_user)
    flash(_("%(code)s 定下来了", code=sheet.label), "ok")
    return redirect(url_for("organiser.paper"))


def _tell(sheet: Sheet, state: PaperState) -> None:
    if state.settled:
        flash(_("%(code)s 两个人录的一样，算数了", code=sheet.label), "ok")
    elif state.word == "differs":
        flash(_("%(code)s 和另一位录的不一样，照着纸再看一眼", code=sheet.label), "warn")
    else:
        flash(_("%(code)s 存下了，等另一位记分员录", code=sheet.label), "ok")
