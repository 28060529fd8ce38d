"""Appeals as a workbook: the list, with the times and the end of each."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.appeals.appeal_states import appeals_of, deadline_of
from compete.web import guard
from compete.web.appeal_form.view_model import chip_of, outcome_text, what_of
from compete.web.organiser.appeals.view_model import who_of
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list
from compete.web.templating import moment


@face.get("/<code>/appeals/list.xlsx")
@guard.may(Right.SEE_APPEALS)
def appeals_book(competition: Competition) -> Response:
    """The list in the order of the page; by code alone where names are not to be known."""
    heads = (_("编号"), _("选手"), _("申诉什么"), _("收到"), _("答复期限"), _("状态"), _("结果"))
    rows = []
    for appeal in appeals_of(competition):
        deadline = deadline_of(appeal)
        rows.append(
            [
                *(f"{appeal.number:02}", who_of(appeal), what_of(appeal)),
                moment(appeal.filed_at),
                moment(deadline) if deadline else None,
                *(chip_of(appeal).text, outcome_text(appeal)),
            ]
        )
    return send_list(competition, msg("申诉"), heads, rows)
