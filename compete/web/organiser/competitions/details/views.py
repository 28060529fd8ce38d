"""A competition's own details, set by its organisers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import Competition
from compete.services.competitions.archive import is_put_away
from compete.services.competitions.details import (
    DETAILS_SET,
    UNTIL_JUDGING,
    Details,
    NotThisDetailError,
    change_details,
    details_of,
    why_not_renamed,
)
from compete.services.competitions.details_undo import last_change, undo_details
from compete.services.competitions.shifted_days import days_outside
from compete.services.competitions.shifted_plan import LastMove, days_to_move, last_plan_move
from compete.services.competitions.shorter_terms import agree_terms, drop_terms, waiting_terms
from compete.services.kernel.clock import read_wall_clock
from compete.services.kernel.edit_conflicts import BothChangedError
from compete.services.kernel.refusal import Refused
from compete.services.results.snapshots import latest_publication
from compete.services.schedule.session_plan import why_plan_stays
from compete.web import guard
from compete.web.edit_conflicts import Whose, carried, settle, still_seen, whose
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.asked_terms import asked_terms_card
from compete.web.organiser.blueprint import face
from compete.web.organiser.competitions.details.forms import OF_LABOUR, OF_PEOPLE, DetailsForm
from compete.web.organiser.detail_words import DETAIL_WORDS, detail_value
from compete.web.organiser.last_act import LastAct, last_act, undone, when_and_who
from compete.web.organiser.shapes import competition_link
from compete.web.refusals import status_of
from compete.web.templating import day, moment
from compete.web.typed import is_typed
from compete.web.words import moved_days_words

_NAMED_DAYS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMove:
    """The days by which the plan can be moved (0: it cannot, `why_not`), and its last move."""

    days: int
    label: str
    why_not: str | None
    last: LastAct | None


def _show_details(
    competition: Competition,
    form: DetailsForm,
    problem: str | None,
    whose: Mapping[str, Whose],
    was: str,
    theirs: str,
) -> str:
    """Render the page; `whose` asks about double changes; the form has `was` and `theirs`."""
    return render_template(
        "organiser/competitions/details/details.html",
        form=form,
        competition=competition_link(competition),
        code=competition.code,
        problem=problem,
        whose=whose,
        was=was,
        theirs=theirs,
        name_stays=why_not_renamed(competition),
        is_labour=competition.kind == "labour",
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
    what = _("、").join(str(DETAIL_WORDS[name]) for name in last.fields)
    said = _("%(at)s %(who)s改了%(what)s", **when_and_who(last), what=what)
    return last_act(last, said, url_for("organiser.undo_last_details", code=competition.code))


def _detail_words(details: Details) -> dict[str, str]:
    """Return the details in words."""
    found = {}
    for part in fields(Details):
        stands = detail_value(part.name, getattr(details, part.name))
        if part.name == "check_in_items":
            stands = _("、").join(stands) or None
        elif part.name == "notice_closes" and stands is not None:
            stands = stands.isoformat("minutes")
        elif part.name == "results_at" and stands is not None:
            stands = moment(read_wall_clock(stands))
        found[part.name] = "—" if stands is None else str(stands)
    return found


def _plan_move(competition: Competition) -> PlanMove | None:
    outside, last = days_outside(competition), last_plan_move(competition)
    if not outside and last is None:
        return None
    code, days = competition.code, days_to_move(competition) or 0
    why = why_plan_stays(competition)
    return PlanMove(
        days=days,
        label=moved_days_words(days),
        why_not=(say(why) if why else _("整个移也移不进这几天，到各场去改"))
        if outside and not days
        else None,
        last=_last_move(last, code) if last else None,
    )


def _last_move(last: LastMove, code: str) -> LastAct:
    what = moved_days_words(last.days)
    said = _("%(at)s %(who)s：%(what)s", **when_and_who(last), what=what)
    return last_act(last, said, url_for("organiser.undo_whole_plan", code=code))


def _outside(competition: Competition) -> str | None:
    days = days_outside(competition)
    if not days:
        return None
    return ngettext(
        "日程里有 %(num)s 场不在这几天：%(days)s。改了日期，场次的时间不自己跟着改。",
        "日程里有 %(num)s 场不在这几天：%(days)s。改了日期，场次的时间不自己跟着改。",
        sum(days.values()),
        days=_("、").join(day(each, with_year=True) for each in list(days)[:_NAMED_DAYS]),
    )


@face.route("/<code>/details", methods=["GET", "POST"])
@guard.may(Right.SET_UP, of=guard.ANY_KIND)
def details(competition: Competition) -> ResponseReturnValue:
    """Show the details that may be set; a refused value stays in its field."""
    form = DetailsForm()
    form.offer_levels()
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
            was, theirs = still_seen(both, was), carried(both.now)
        except NotThisDetailError as wrong:
            problem, status = form.mark(wrong.field, say(wrong.message)), status_of(wrong)
        except Refused as refused:
            problem, status = say(refused.message), status_of(refused)
    else:
        was = settle(request.form, stands)[1] or stands
        status = 400
    page = _show_details(competition, form, problem, asked, carried(was), theirs)
    return page, status


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
    names = ["name"] if why_not_renamed(competition) is not None else []
    if competition.state is not CompetitionState.REGISTERING:
        names += UNTIL_JUDGING
    else:
        names.append("why_shorter")
    return [
        *names,
        *set(OF_PEOPLE if competition.kind == "labour" else OF_LABOUR).difference(names),
    ]
