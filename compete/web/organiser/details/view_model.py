"""What the page of a competition's details says beside its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from compete.models import Competition
from compete.services.competitions.details import Details, why_not_renamed
from compete.services.competitions.details_back import last_change
from compete.services.competitions.moving_days import days_outside
from compete.services.competitions.moving_plan import LastMove, days_to_move, last_plan_move
from compete.services.competitions.putting_away import is_put_away
from compete.services.kernel.clock import read_wall_clock
from compete.services.publication.snapshots import latest_publication
from compete.services.schedule.session_plan import why_plan_stays
from compete.web.language import say
from compete.web.meanwhile import Whose
from compete.web.organiser.details.asked import asked_terms_card
from compete.web.organiser.details.forms import DetailsForm
from compete.web.organiser.details.words import DETAIL_WORDS, detail_value
from compete.web.organiser.last_act import LastAct, last_act, when_and_who
from compete.web.organiser.shapes import competition_link
from compete.web.templating import day, moment
from compete.web.words import moved_days_words

_NAMED_DAYS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMove:
    """By how many days the plan can be moved along (0: it cannot, `why_not`), and its last move."""

    days: int
    label: str
    why_not: str | None
    last: LastAct | None


def show_details(
    competition: Competition,
    form: DetailsForm,
    problem: str | None,
    whose: Mapping[str, Whose],
    was: str,
    theirs: str,
) -> str:
    """The page; `whose` asks of what two set, by field; `was` and `theirs` the form carries."""
    return render_template(
        "organiser/details/details.html",
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


def detail_words(details: Details) -> dict[str, str]:
    """Each of them in words."""
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
