"""A competition's own details, set by its organisers; the plan moved along with its days."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import Length, Optional

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.details import (
    DETAILS_SET,
    agree_terms,
    change_details,
    details_of,
    drop_terms,
    last_change,
    undo_details,
    waiting_terms,
    why_not_renamed,
)
from compete.services.competitions.shifted_days import (
    LastMove,
    days_outside,
    days_to_move,
    last_plan_move,
    move_plan,
    undo_plan_move,
)
from compete.services.kernel.detail_fields import Details
from compete.services.kernel.edit_conflicts import BothChangedError
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.fields import Step, fields_of, steps_of
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.schedule.session_plan import why_plan_stays
from compete.web import guard
from compete.web.edit_conflicts import carried, settle, values_on_page, whose
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.asked_cards import asked_terms_card
from compete.web.organiser.blueprint import face
from compete.web.organiser.field_words import value_words
from compete.web.organiser.last_act import LastAct, last_act, undone, when_and_who
from compete.web.organiser.shapes import competition_link
from compete.web.refusals import status_of
from compete.web.setting_forms import SettingForm, form_of
from compete.web.templating import day
from compete.web.typed import is_typed
from compete.web.words import moved_days_words

LONGEST_REASON = 500

DetailsForm = form_of(
    Details,
    why_shorter=StringField(
        _l("为什么要短、要早、要改日期"),
        description=_l(
            "评分开始以后公示少于 3 个工作日、公示期间就发证、缩短申诉、"
            "取消更正后的公示，改递补，改申报条件照着算的开始日期，由两个人定："
            "写明理由，另一位同意了才算"
        ),
        validators=[Optional(), Length(max=LONGEST_REASON, message=_l("最多 %(max)d 个字"))],
    ),
)
"""The form of the details, and why of a change that takes two."""


@face.post("/<code>/details/move-plan")
@guard.may(Right.SET_UP)
@only_once
def move_whole_plan(competition: Competition) -> ResponseReturnValue:
    """Move all sessions by the days that the page offered."""
    days = request.form.get("days", type=int)
    if not days:
        abort(400)
    move_plan(competition, days, current_user)
    flash(_("日程整个移好了，看一遍"), "ok")
    return redirect(url_for("organiser.details", code=competition.code))


@face.post("/<code>/details/move-plan/undo")
@guard.may(Right.SET_UP)
@only_once
def undo_whole_plan(competition: Competition) -> ResponseReturnValue:
    """Put all sessions back on their former days."""
    undo = partial(undo_plan_move, competition)
    return undone(undo, "organiser.details", code=competition.code)


_NAMED_DAYS = 4


def _show_details(competition: Competition, form: SettingForm, **state: Any) -> str:
    """Render the page; it is told a `problem`, `whose` double changes are, and the form's state.

    That is what `was` shown, and `theirs` who changed the same.
    """
    return render_template(
        "organiser/competitions/details/details.html",
        form=form,
        competition=competition_link(competition),
        code=competition.code,
        **state,
        name_stays=why_not_renamed(competition),
        is_labour=competition_kind(competition).has_periods,
        put_away=is_put_away(competition),
        version=competition.format.rpartition("/")[2],
        last=_last(competition),
        asked=asked_terms_card(competition),
        outside=_outside(competition),
        move=_plan_move(competition),
        publication=latest_publication(competition),
    )


def _last(competition: Competition) -> LastAct | None:
    last = last_change(competition)
    if last is None:
        return None
    what = _("、").join(say(fields_of(Details)[name].title) for name in last.fields)
    text = _("%(at)s %(who)s改了%(what)s", **when_and_who(last), what=what)
    return last_act(last, text, url_for("organiser.undo_last_details", code=competition.code))


def _detail_words(details: Details) -> dict[str, str]:
    """Return the details in words."""
    return {
        name: value_words(setting, getattr(details, name)) or "—"
        for name, setting in fields_of(Details).items()
    }


def _plan_move(competition: Competition) -> dict[str, Any] | None:
    outside, last = days_outside(competition), last_plan_move(competition)
    if not outside and last is None:
        return None
    code, days = competition.code, days_to_move(competition) or 0
    why = why_plan_stays(competition)
    return {
        "days": days,
        "label": moved_days_words(days),
        "why_not": (say(why) if why else _("整个移也移不进这几天，到各场去改"))
        if outside and not days
        else None,
        "last": _last_move(last, code) if last else None,
    }


def _last_move(last: LastMove, code: str) -> LastAct:
    what = moved_days_words(last.days)
    text = _("%(at)s %(who)s：%(what)s", **when_and_who(last), what=what)
    return last_act(last, text, url_for("organiser.undo_whole_plan", code=code))


def _outside(competition: Competition) -> str | None:
    days = days_outside(competition)
    if not days:
        return None
    return ngettext(
        "日程里有 %(num)s 场不在这几天：%(days)s。改了日期，场次的时间不自己跟着改。",
        "日程里有 %(num)s 场不在这几天：%(days)s。改了日期，场次的时间不自己跟着改。",
        sum(days.values()),
        days=_("、").join(day(date, with_year=True) for date in list(days)[:_NAMED_DAYS]),
    )


@face.route("/<code>/details", methods=["GET", "POST"])
@guard.may(Right.SET_UP, of=guard.ANY_KIND)
def details(competition: Competition) -> ResponseReturnValue:
    """Show the details that may be set; a refused value stays in its field."""
    form = DetailsForm()
    form.leave_out(_not_asked(competition))
    problem, status, asked, theirs = None, 200, {}, ""
    stands = was = details_of(competition)
    if not form.is_submitted():
        form.show(stands)
    elif form.validate():
        wanted, shown = settle(request.form, form.read(stands))
        was = shown or stands
        try:
            before, why = waiting_terms(competition), form.why_shorter
            changed = change_details(
                competition,
                wanted,
                was,
                current_user,
                None if is_typed() else (why.data or "") if why else "",
            )
            after = waiting_terms(competition)
            if after is not None and (before is None or before.mark != after.mark):
                flash(_("公示和发证的时间提出了，等第二个人同意"), "ok")
            elif not changed:
                flash(_("和原来一样，没有要存的"), "ok")
            if changed:
                flash(_("存下了"), "ok")
            return redirect(url_for("organiser.details", code=competition.code))
        except BothChangedError as both:
            problem, status = say(both.message), status_of(both)
            form.show(both.merged)
            asked = whose(competition, DETAILS_SET, both, _detail_words(both.now))
            was, theirs = values_on_page(both, was), carried(both.now)
        except Refused as refused:
            problem, status = form.mark(refused), status_of(refused)
    else:
        was = settle(request.form, stands)[1] or stands
        status = 400
    state = {"problem": problem, "whose": asked, "was": carried(was), "theirs": theirs}
    return _show_details(competition, form, **state), status


@face.post("/<code>/details/undo")
@guard.may(Right.SET_UP, of=guard.ANY_KIND)
@only_once
def undo_last_details(competition: Competition) -> ResponseReturnValue:
    """Set what stood before the last change again."""
    undo = partial(undo_details, competition)
    return undone(undo, "organiser.details", code=competition.code)


@face.post("/<code>/details/agree")
@guard.may(Right.AGREE)
def agree_asked_terms(competition: Competition) -> ResponseReturnValue:
    """Agree, as the second person, to less time to object, or to earlier certificates."""
    agree_terms(competition, current_user, seen=request.args.get("asked"))
    flash(_("同意了，从现在起照这样"), "ok")
    return redirect(url_for("organiser.results", code=competition.code))


@face.post("/<code>/details/drop")
@guard.may(Right.SET_UP)
def drop_asked_terms(competition: Competition) -> ResponseReturnValue:
    """Drop the asked change: all stays as it is."""
    drop_terms(competition, current_user)
    flash(_("不改了，还和原来一样"), "ok")
    return redirect(url_for("organiser.details", code=competition.code))


def _not_asked(competition: Competition) -> list[str]:
    """The fields that this competition has not, or that stay as they are from now on."""
    steps, fields = steps_of(competition), fields_of(Details)
    names = [
        name
        for name, setting in fields.items()
        if not setting.is_of(competition.kind) or setting.until in steps
    ]
    rules = [rules_of(event) for event in competition.events]
    if not any(event.grades or event.verdict for event in rules):
        names.append("two_approve_grades")
    if Step.OPENED not in steps or competition_kind(competition).has_periods:
        names.append("why_shorter")
    return names
