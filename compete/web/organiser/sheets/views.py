"""One judge's sheet on the desk: what it says, who signed it, and whether that still holds."""

from __future__ import annotations

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _

from compete.domain.values.rights import Right
from compete.models import Competition, Sheet
from compete.services.closing.files_otherwise import brought_otherwise
from compete.services.judging.printed_sheets import print_sheet
from compete.services.judging.signed_content import last_act, sheet_content
from compete.services.judging.signing import signatures, signed_content_of
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.sheets.finding import sheet_by_id
from compete.services.sheets.provenance import brought_marks
from compete.services.sheets.totals import is_only_compared
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.guard import may_do
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import board_link, is_chief
from compete.web.organiser.doubt_words import doubts_on
from compete.web.organiser.shapes import competition_link
from compete.web.organiser.sheets.shapes import SheetHead, SheetUrls
from compete.web.organiser.sheets.view_model import (
    aspect_rows,
    describe_field_record,
    describe_photos,
    describe_signature,
    describe_time,
    module_of_sheet,
    way_to_panel,
    way_to_return,
)
from compete.web.pages import or_404


def sheet_of(competition: Competition, public_id: str) -> Sheet:
    """The sheet of that id in the competition; else 404."""
    return or_404(sheet_by_id(competition, public_id))


@face.get("/<code>/sheets/<public_id>")
@guard.may(Right.SEE)
def sheet(competition: Competition, public_id: str) -> ResponseReturnValue:
    """What a sheet says, its signatures, and whether they hold."""
    found = sheet_of(competition, public_id)
    module = module_of_sheet(found)
    signed = signatures(found)
    content = (
        signed_content_of(signed[0])
        if signed and signed[0].superseded_at is None
        else sheet_content(found, last_act(found))
    )
    code = competition.code
    return render_template(
        "organiser/sheets/sheet.html",
        competition=competition_link(competition),
        sheet=SheetHead(
            code=found.label,
            state=found.state.value,
            module=module_title(found.entrant.event, found.stage, found.module),
            judge=_("裁判 %(code)s %(name)s", code=found.judge.code, name=found.judge.name),
            reason=found.return_reason,
        ),
        rows=aspect_rows(
            module,
            content,
            {judge.code: judge.name for judge in competition.judges},
            brought_marks([found.id]).get(found.id),
            brought_otherwise(found) if is_chief(competition) else (),
        ),
        total="—" if is_only_compared(module) else content["total"] or "—",
        doubts=doubts_on(found) if may_do(Right.LEAD) else [],
        working_time=describe_time(found, module),
        notes=[note["text"] for note in content["notes"]],
        photos=describe_photos(competition, found, module),
        signatures=[describe_signature(signature) for signature in signed],
        record=describe_field_record(found),
        urls=SheetUrls(
            back=board_link(
                competition, module_key(found.entrant.event, found.stage, found.module)
            ),
            print=url_for("organiser.sheet_pdf", code=code, public_id=public_id),
            send_back=way_to_return(competition, found),
            panel=way_to_panel(competition, found, module),
        ),
    )


@face.get("/<code>/sheets/<public_id>.pdf")
@guard.may(Right.SEE)
def sheet_pdf(competition: Competition, public_id: str) -> Response:
    """The sheet on paper, with the words of what was signed in its foot."""
    found = sheet_of(competition, public_id)
    return send_pdf(print_sheet(found, gettext), f"评分表_{found.label}_{found.judge.code}.pdf")
