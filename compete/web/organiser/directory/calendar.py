"""Looking at the working days that are known, and entering a year's."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import WorkingYear
from compete.services.kernel.clock import local_today
from compete.services.kernel.refusal import Refused
from compete.services.kernel.working_calendar import (
    brought_days,
    brought_years,
    days_text,
    enter_year,
    entered_years,
)
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import day

_SHOWN = 3


def _describe_calendar(refused: Refused | None = None) -> str:
    """The page, with the year of the address to be filled in, or what was typed and not taken."""
    entered = {row.year: row for row in entered_years()}
    known = [*entered, *(year for year in brought_years() if year not in entered)]
    today = local_today()
    years = sorted((year for year in known if year >= today.year - _SHOWN + 1), reverse=True)
    missing = [year for year in (today.year, today.year + 1) if year not in known]
    rows = [_row(year, entered.get(year)) for year in years]
    asked = request.args.get("year", "")
    wanted = next((row for row in rows if str(row["year"]) == asked), None)
    if refused is not None:
        form = _typed_year()
    elif wanted is not None:
        own = entered.get(wanted["year"])
        form = {"year": asked, "source": own.source if own else "", "days": wanted["text"]}
    else:
        form = {"year": str(missing[0] if missing else ""), "source": "", "days": ""}
    return render_template(
        "organiser/directory/calendar.html",
        years=rows,
        missing=_("%(year)s 年的放假安排还没有，按周一到周五算", year=missing[0])
        if missing
        else None,
        form=form,
        problem=problem_of(refused),
    )


def _row(year: int, entered: WorkingYear | None) -> dict[str, Any]:
    off = len(entered.off) if entered else len(brought_days(year).off)
    worked = len(entered.worked) if entered else len(brought_days(year).worked)
    if entered is not None:
        source = _("%(source)s，%(at)s 录入", source=entered.source,
                   at=day(entered.entered_at, with_year=True))  # fmt: skip
        text = "\n".join(
            f"{day} {word}"
            for day, word in sorted(
                [(free_day, "休") for free_day in entered.off]
                + [(work_day, "班") for work_day in entered.worked]
            )
        )
    else:
        source, text = _("程序自带，照国务院办公厅的通知"), days_text(brought_days(year))
    return {
        "year": year,
        "source": source,
        "counts": _("休 %(off)s 天，调休上班 %(worked)s 天", off=off, worked=worked),
        "text": text,
    }


_LARGEST = 20_000


def _typed_year() -> dict[str, str]:
    """Return the form's values; a text file stands for the days that were typed."""
    year, source, days = (request.form.get(key, "") for key in ("year", "source", "days"))
    file = request.files.get("file")
    if file is not None and file.filename:
        file.stream.seek(0)
        days = file.stream.read(_LARGEST).decode("utf-8-sig", errors="replace")
    return {"year": year.strip(), "source": source, "days": days}


@face.route("/calendar", methods=["GET", "POST"])
@guard.may(Right.ADMINISTER)
@refusal_on(_describe_calendar)
def calendar() -> ResponseReturnValue:
    """The years that are known; a post enters one, typed or as a text file."""
    if request.method != "POST":
        return _describe_calendar()
    typed = _typed_year()
    number = whole_number(typed["year"]) or 0
    enter_year(number, typed["days"][:_LARGEST], typed["source"], current_user)
    flash(_("%(year)s 年的放假安排存好了，以后的公示照它算", year=number), "ok")
    return redirect(url_for("organiser.calendar"))
