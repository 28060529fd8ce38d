"""Until when each period is entered, and who is missing."""

from __future__ import annotations

from datetime import datetime

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.competition_settings import EntryDeadline
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.labour.cells import leaves_of
from compete.services.labour.deadlines import carried_on, first_open_leaf, set_deadlines
from compete.services.labour.reminders import remind
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.deadlines.view_model import late_page, late_workbook
from compete.web.refusals import status_of
from compete.web.templating import zone

_MONTHS = frozenset(str(n) for n in range(1, 13))


@face.get("/<code>/labour/late")
@guard.of_labour
@guard.may(Right.SEE)
def late(competition: Competition) -> ResponseReturnValue:
    """Departments and units that lack something in a leaf period, and the deadlines of all."""
    return late_page(competition, _leaf(competition))


@face.get("/<code>/labour/late.xlsx")
@guard.of_labour
@guard.may(Right.SEE)
def late_book(competition: Competition) -> Response:
    """Whom to remind of what, as a workbook."""
    leaf = _leaf(competition)
    name = {each.code: each.name for each in labour_of(competition).periods}[leaf]
    return send_workbook(
        late_workbook(competition, leaf), f"谁还没交_{competition.name}_{name}.xlsx"
    )


@face.post("/<code>/labour/late/remind")
@guard.of_labour
@guard.may(Right.SET_UP)
@only_once
def remind_late(competition: Competition) -> ResponseReturnValue:
    """Tell everybody who lacks something in the period, on their own page of entry."""
    leaf = _leaf(competition)
    count = remind(competition, leaf, current_user)
    flash(ngettext("催了 %(num)s 家", "催了 %(num)s 家", count), "ok")
    return redirect(url_for("organiser.late", code=competition.code, period=leaf))


@face.post("/<code>/labour/deadlines")
@guard.of_labour
@guard.may(Right.SET_UP)
def save_deadlines(competition: Competition) -> ResponseReturnValue:
    """Set the deadlines of all leaf periods as typed; `carry` fills in the empty ones."""
    leaf = _leaf(competition)
    try:
        wanted = {
            each: EntryDeadline(own=_moment(f"own:{each}"), sign=_moment(f"sign:{each}"))
            for each in leaves_of(labour_of(competition))
        }
        if "carry" in request.form:
            months = request.form.get("months", "")
            wanted = carried_on(competition, wanted, int(months) if months in _MONTHS else 0)
        changed = set_deadlines(competition, wanted, current_user)
    except ValueError:
        problem, status = _("截止写成年月日和几点几分"), 400
    except Refused as refused:
        problem, status = say(refused.message), status_of(refused)
    else:
        flash(_("截止定好了") if changed else _("没有改动"), "ok")
        return redirect(url_for("organiser.late", code=competition.code, period=leaf))
    return late_page(competition, leaf, typed=request.form, problem=problem), status


def _moment(name: str) -> datetime | None:
    text = request.form.get(name, "").strip()
    return datetime.fromisoformat(text).replace(tzinfo=zone()) if text else None


def _leaf(competition: Competition) -> str:
    """The leaf period that is asked for, by default what is entered now; else 404."""
    wanted = request.args.get("period")
    if wanted is None:
        return first_open_leaf(competition)
    if wanted not in leaves_of(labour_of(competition)):
        abort(404)
    return wanted
