"""Arrivals: the list, its parts that change, and a check-in taken back from the desk."""

from __future__ import annotations

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.schedule.check_in_acts import undo_check_in
from compete.web import guard
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list, sentences
from compete.web.organiser.live_parts import live_parts
from compete.web.organiser.schedule.arrivals.view_model import (
    chosen_of,
    describe_arrivals,
    describe_live,
    whole_list,
)
from compete.web.posted import posted_text
from compete.web.templating import clock

_PARTS = ("counts", "rows")


@face.get("/<code>/arrivals")
@guard.may(Right.CHECK_IN)
def arrivals(competition: Competition) -> ResponseReturnValue:
    """Show who is in, late, not yet expected, absent, by session and station."""
    return describe_arrivals(competition, chosen_of(competition))


@face.get("/<code>/arrivals/list.xlsx")
@guard.may(Right.CHECK_IN)
def arrivals_book(competition: Competition) -> Response:
    """The list as it is shown, of the same session, station and state, with all its pages."""
    heads = (_("状态"), _("检录时间"), _("编号"), _("姓名"), _("单位"))
    rows = [
        [
            *(row["word"], row["time"], who.code, who.name, who.unit.name),
            *(row["session"], row["station"] or None, clock(at) if at else None),
            sentences(text for text, _kind in row["notes"]),
        ]
        for row in whole_list(competition, chosen_of(competition))
        for who, at in [(row["arrival"].entrant, row["arrival"].occasion.starts_at)]
    ]
    last = (_("场次"), _("工位"), _("进场"), _("说明"))
    return send_list(competition, msg("检录"), [*heads, *last], rows)


@face.get("/<code>/arrivals/live")
@guard.only_watches
@guard.may(Right.CHECK_IN)
def arrivals_live(competition: Competition) -> ResponseReturnValue:
    """The parts that change."""
    return live_parts(
        competition,
        "organiser/schedule/arrivals",
        _PARTS,
        lambda: describe_live(competition, chosen_of(competition)),
    )


@face.post("/<code>/arrivals/undo")
@guard.may(Right.CORRECT_CHECK_IN)
@only_once
def undo_arrival(competition: Competition) -> ResponseReturnValue:
    """Take a check-in back; the record of it stays."""
    act = undo_check_in(competition, posted_text("record"), current_user)
    flash(_("%(name)s 的检录撤销了", name=act.entrant.name), "ok")
    return redirect(url_for("organiser.arrivals"))
