"""A unit reports how many of its workers take part."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refused
from compete.services.labour.head_counts import read_people, report_heads
from compete.web import guard
from compete.web.extensions import limiter
from compete.web.labour_entry.accident_lines import reporting_of
from compete.web.labour_entry.heads import own_heads
from compete.web.labour_entry.views import shown_page
from compete.web.labour_entry.writers import entered_leaf, face, writer_of
from compete.web.language import say
from compete.web.refusals import status_of


@face.post("/<code>/<period>/heads")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("30 per minute", key_func=lambda: f"heads:{current_user.get_id()}")
def report_people(competition: Competition, period: str) -> ResponseReturnValue:
    """Take the number of a leaf period down; an empty field takes it back."""
    writer = writer_of(competition)
    period = entered_leaf(writer, period)
    if writer.unit is None:
        abort(404)
    typed = request.form.get("people", "")
    try:
        changed = report_heads(writer, period, read_people(typed))
    except Refused as refused:
        heads = own_heads(writer, period, typed, say(refused.message))
        return shown_page(writer, period, reporting_of(writer, period), heads), status_of(refused)
    flash(_("人数报上去了") if changed else _("没有改动"), "ok")
    return redirect(url_for("labour_entry.page", code=competition.code, period=period))
