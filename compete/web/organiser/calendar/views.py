"""Looking at the working days that are known, and entering a year's."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.services.kernel.refusal import Refused
from compete.services.publication.working_calendar import enter_year
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.calendar.view_model import YearForm, describe_calendar
from compete.web.refusals import status_of

_LARGEST = 20_000


@face.route("/calendar", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
def calendar() -> ResponseReturnValue:
    """The years that are known; a post enters one, typed or as a text file."""
    if request.method == "GET":
        return describe_calendar(request.args.get("year", ""))
    year, source = request.form.get("year", "").strip(), request.form.get("source", "")
    days = request.form.get("days", "")
    file = request.files.get("file")
    if file is not None and file.filename:
        days = file.stream.read(_LARGEST).decode("utf-8-sig", errors="replace")
    number = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0
    try:
        enter_year(number, days[:_LARGEST], source, current_user)
    except Refused as refused:
        typed = YearForm(year=year, source=source, days=days, problem=say(refused.message))
        return describe_calendar(refused=typed), status_of(refused)
    flash(_("%(year)s 年的放假安排存好了，以后的公示照它算", year=number), "ok")
    return redirect(url_for("organiser.calendar"))
