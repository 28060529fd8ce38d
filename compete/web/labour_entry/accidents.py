"""A unit reports its own accident, with a file if it has one."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, LabourAccident
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find_own
from compete.services.labour.accidents import Report, report_accident
from compete.services.sheets.sent_documents import LARGEST_DOCUMENT
from compete.web import guard
from compete.web.extensions import limiter
from compete.web.labour_entry.accident_lines import reporting_of
from compete.web.labour_entry.notes import send_kept
from compete.web.labour_entry.views import shown_page
from compete.web.labour_entry.writers import entered_leaf, face, writer_of
from compete.web.language import say
from compete.web.refusals import status_of


@face.post("/<code>/<period>/accidents")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("30 per minute", key_func=lambda: f"accidents:{current_user.get_id()}")
def report(competition: Competition, period: str) -> ResponseReturnValue:
    """Keep a report: multipart with `uuid`, `happened`, `text`, `file`."""
    writer = writer_of(competition)
    period = entered_leaf(writer, period)
    if writer.unit is None:
        abort(404)
    sent = request.files.get("file")
    typed = {name: request.form.get(name, "") for name in ("uuid", "happened", "text")}
    wanted = Report(
        **typed,
        filename=(sent.filename or "") if sent is not None else "",
        content=sent.stream.read(LARGEST_DOCUMENT + 1) if sent is not None else b"",
    )
    try:
        report_accident(writer, period, wanted)
    except Refused as refused:
        reporting = reporting_of(writer, period, typed, say(refused.message))
        return shown_page(writer, period, reporting), status_of(refused)
    flash(_("报上去了，组委会核实以前是待核"), "ok")
    return redirect(url_for("labour_entry.page", code=competition.code, period=period))


@face.get("/<code>/accidents/<int:number>/evidence")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
def report_evidence(competition: Competition, number: int) -> Response:
    """The file of a report: to its unit, and to departments."""
    writer = writer_of(competition)
    row = find_own(LabourAccident, competition, number)
    if row is None or (writer.unit is not None and writer.unit.id != row.unit_id):
        abort(404)
    return send_kept(row.document, row.filename, row.media)
