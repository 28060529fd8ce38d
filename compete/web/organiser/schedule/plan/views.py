"""The plan of the days at the desk: sessions and rooms, drawn seats, a room that falls out."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import Competition, Job
from compete.services.kernel.event_rules import module_key, module_title
from compete.services.schedule.day_plan import (
    DayLayout,
    lay_out_days,
    modules_to_draw,
    seat_the_rest,
)
from compete.services.schedule.drawing_jobs import draw_days_or_ask
from compete.services.schedule.overseers import set_overseer
from compete.services.schedule.room_moves import move_room, undo_last_change
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.organiser.last_act import undone
from compete.web.organiser.schedule.plan.view_model import describe_plan
from compete.web.posted import posted_numbers, posted_reason, posted_text
from compete.web.refusals import refusal_on
from compete.web.setting_forms import typed_act


@face.get("/<code>/plan")
@guard.may(Right.DRAW)
def day_plan(competition: Competition) -> ResponseReturnValue:
    """Show rooms by sessions: who sits where, what is lacking, what comes next."""
    if not competition.events:
        flash(_("先设赛项，再排赛场"), "info")
        return redirect(url_for("organiser.events"))
    return describe_plan(competition)


@face.post("/<code>/plan/layout")
@guard.may(Right.DRAW)
@only_once
@refusal_on(describe_plan)
def lay_out_day_plan(competition: Competition) -> ResponseReturnValue:
    """Lay out sessions and rooms for modules of one name."""
    wanted = typed_act(DayLayout)
    group, rooms, seen = posted_text("group"), posted_numbers("room"), posted_text("seen")
    lay_out_days(competition, group, rooms, wanted, current_user, seen)
    return redirect(url_for("organiser.day_plan"))


@face.post("/<code>/plan/undo")
@guard.may(Right.DRAW)
@only_once
@refusal_on(describe_plan)
def undo_day_plan(competition: Competition) -> ResponseReturnValue:
    """Take the last change back: rooms laid out, or a room that was left."""
    reason = _("撤销换赛场")
    return undone(
        lambda seen, by: undo_last_change(competition, seen, reason, by), "organiser.day_plan"
    )


@face.post("/<code>/plan/draw")
@guard.may(Right.DRAW)
@only_once
@refusal_on(describe_plan)
def draw_day_plan(competition: Competition) -> ResponseReturnValue:
    """Publish the lists of all that is laid out, and draw."""
    names = {
        module_key(*module): _(
            "%(competition)s %(module)s抽签",
            competition=competition.code,
            module=module_title(*module),
        )
        for module in modules_to_draw(competition)
    }
    seen, why = posted_text("seen"), posted_reason()
    made = draw_days_or_ask(competition, names, current_user, seen, why)
    if isinstance(made, Job):
        return redirect(job_url(made))
    flash(_("座位都抽好了"), "ok")
    return redirect(url_for("organiser.day_plan"))


@face.post("/<code>/plan/rest")
@guard.may(Right.DRAW)
@only_once
@refusal_on(describe_plan)
def seat_day_plan(competition: Competition) -> ResponseReturnValue:
    """Give everybody without a seat a free one."""
    for words in seat_the_rest(competition, posted_reason(), current_user):
        flash(say(words), "ok")
    return redirect(url_for("organiser.day_plan"))


@face.post("/<code>/plan/room")
@guard.may(Right.DRAW)
@only_once
@refusal_on(describe_plan)
def move_day_plan(competition: Competition) -> ResponseReturnValue:
    """Move everybody of a room in a session to another room, or to free seats."""
    room, _bar, session = posted_text("cell").partition("|")
    to = whole_number(posted_text("to"))
    reason = posted_reason()
    n = move_room(competition, whole_number(room) or 0, session, to, reason, current_user)
    flash(_("%(n)s 人换了，座位表、门贴和参赛证要重印", n=n), "ok")
    return redirect(url_for("organiser.day_plan"))


@face.post("/<code>/plan/overseers")
@guard.may(Right.DRAW)
@only_once
@refusal_on(describe_plan)
def oversee_day_plan(competition: Competition) -> ResponseReturnValue:
    """Let somebody oversee a session, or nobody."""
    changed = set_overseer(
        competition, posted_text("session"), posted_text("overseer"), current_user
    )
    flash(_("存下了") if changed else _("和原来一样"), "ok")
    return redirect(url_for("organiser.day_plan"))
