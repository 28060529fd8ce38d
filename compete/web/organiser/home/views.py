"""The desk's home: what waits for who looks, then the competitions, also as a workbook."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.services.accounts.access import competitions_for
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.home.view_model import competition_rows, describe_home
from compete.web.organiser.list_book import send_list
from compete.web.templating import day


@face.get("/")
@guard.may(Right.OPEN_DESK)
def competitions() -> ResponseReturnValue:
    """What waits for this account in all its competitions, and their list."""
    return describe_home(competitions_for(current_user), request.args.get("by", ""))


@face.get("/list.xlsx")
@guard.may(Right.OPEN_DESK)
def competitions_book() -> Response:
    """Every competition this account has a part in, those that were put away last."""
    rows, gone = competition_rows(competitions_for(current_user))
    lines = [
        [
            *(row.competition.name, row.competition.code, row.level or "—"),
            *(day(row.competition.starts, with_year=True), row.competition.venue or "—"),
            *(row.entrants or "—", row.units or "—", row.state.text),
        ]
        for row in (*rows, *gone)
    ]
    heads = (_("竞赛"), _("竞赛编号"), _("级别"), _("日期"), _("地点"), _("参赛"), _("单位"))
    return send_list(None, msg("竞赛名单"), [*heads, _("状态")], lines)
