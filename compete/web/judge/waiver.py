"""放弃 on the judge's tablet: a contestant does not want a further attempt."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.services.closing.attempt_waivers import waive_attempt, why_not_waive
from compete.services.judging.tablet_view import find_sheet
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.guard import judge_mark
from compete.web.judge.views import face, this_judge
from compete.web.language import say
from compete.web.once import only_once
from compete.web.pages import or_404
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on


def _page(public_id: str, refused: Refused | None = None) -> ResponseReturnValue:
    judge = this_judge()
    sheet = or_404(find_sheet(judge, public_id))
    why = why_not_waive(sheet)
    page = render_template(
        "judge/waiver.html",
        judge_id=judge_mark(judge),
        sheet=sheet,
        module=module_title(sheet.entrant.event, sheet.stage, sheet.module),
        reason=posted_reason(),
        waives=why is None,
        problem=problem_of(refused) or say(why),
    )
    return page, 400 if refused else 200


@face.route("/sheets/<public_id>/waive", methods=["GET", "POST"])
@guard.may(Right.MARK)
@only_once
@refusal_on(_page)
def waive(public_id: str) -> ResponseReturnValue:
    """Record with a reason that the contestant waives this attempt: nobody marks it."""
    if request.method != "POST":
        return _page(public_id)
    sheet = or_404(find_sheet(this_judge(), public_id))
    label, module = sheet.label, module_title(sheet.entrant.event, sheet.stage, sheet.module)
    waive_attempt(sheet, posted_reason(), current_user)
    flash(_("%(code)s 放弃了“%(module)s”", code=label, module=module), "ok")
    return redirect(url_for("judge.home"))
