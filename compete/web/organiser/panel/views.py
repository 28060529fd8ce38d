"""One entrant's panel side by side, and the chief judge's ruling on what is too far apart."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.aspects.kinds import kind_of
from compete.domain.values.rights import Right
from compete.models import Competition, Sheet
from compete.services.judging.remarking import rule_dispute
from compete.services.judging.time_rulings import lift_time_ruling, rule_time
from compete.services.kernel.refusal import Refused
from compete.services.panels.reveal import panel_of
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.board_link import is_chief, sheet_url
from compete.web.organiser.panel.view_model import describe_panel
from compete.web.organiser.sheets.views import sheet_of


@face.route("/<code>/panels/<public_id>", methods=["GET", "POST"])
@guard.may(Right.SEE)
@only_once
def panel_page(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Every judge's values of one entrant in one module; the chief judge rules by a POST."""
    sheet = sheet_of(competition, public_id)
    problem = None
    if request.method == "POST":
        if not is_chief(competition):
            abort(404)
        try:
            rulings = rule_dispute(
                sheet, _given(sheet), request.form.get("reason", ""), current_user
            )
        except Refused as refused:
            problem = say(refused.message)
        else:
            flash(_("裁定了 %(n)s 项，各张评分表都按裁定算", n=len(rulings)), "ok")
            return redirect(url_for("organiser.panel_page", public_id=public_id))
        sheet = sheet_of(competition, public_id)
    return _page(competition, sheet, problem)


@face.post("/<code>/panels/<public_id>/time")
@guard.may(Right.SEE)
@only_once
def rule_on_time(competition: Competition, public_id: str) -> ResponseReturnValue:
    """The chief judge rules on the working time, or takes the ruling back."""
    sheet = sheet_of(competition, public_id)
    if not is_chief(competition):
        abort(404)
    reason = request.form.get("reason", "")
    try:
        if "lift" in request.form:
            lift_time_ruling(sheet, reason, current_user)
            flash(_("撤回了用时裁定，按裁判读数算"), "ok")
        else:
            rule_time(sheet, request.form.get("seconds", ""), reason, current_user)
            flash(_("用时按裁定算了"), "ok")
    except Refused as refused:
        return _page(competition, sheet_of(competition, public_id), say(refused.message))
    return redirect(url_for("organiser.panel_page", public_id=public_id))


def _page(competition: Competition, sheet: Sheet, problem: str | None) -> ResponseReturnValue:
    view = panel_of(sheet)
    if view is None:
        return redirect(sheet_url(competition, sheet))
    return describe_panel(competition, sheet, view, problem), 400 if problem else 200


def _given(sheet: Sheet) -> dict[str, str | bool]:
    """The fields that were filled in; yes and no are words in a form."""
    view = panel_of(sheet)
    flags = {
        aspect.code for aspect in (view.module.aspects if view else ()) if kind_of(aspect).is_yes_no
    }
    return {
        name.removeprefix("value-"): (
            text == "yes" if name.removeprefix("value-") in flags else text
        )
        for name, text in request.form.items()
        if name and name.startswith("value-") and text.strip()
    }
