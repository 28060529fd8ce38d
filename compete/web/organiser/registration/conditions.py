"""Conditions of each event for its people: in words, set by forms, and who does not meet them."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.eligibility import Conditions
from compete.domain.grades.ladder import GRADES, grade_label
from compete.domain.registration_columns import fields_offered
from compete.domain.values.kinds import EntrantGroup, Kind
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.rights import Right
from compete.models import Competition, Event, Member
from compete.services.competitions.conditions_undo import last_conditions_change, undo_conditions
from compete.services.competitions.set_up import Part
from compete.services.kernel.competition_settings import asked_fields
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.registration.eligibility import (
    asked_by,
    change_conditions,
    change_entry_fields,
    conditions_of,
    day_of,
    mark_of,
    unfit_in,
)
from compete.services.registration.exemptions import without_exempted
from compete.sheets.texts import typed_parts
from compete.web import guard
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.last_act import LastAct, last_act, undone, when_and_who
from compete.web.organiser.shapes import competition_link
from compete.web.organiser.typed_moments import read_moment, typed_moment
from compete.web.pages import of_code
from compete.web.posted import posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.shapes import Choice, choices
from compete.web.words import group_word

MOST_SHOWN = 100


TypedConditions = dict[str, Any]
"""One event's form by its fields, as it stands or as it was typed."""
_NUMBERS = ("age_from", "age_to", "years", "grade")
_TEXTS = (*_NUMBERS, "age_on", "no_posts", "opens", "closes", "seen")
_TICKS = ("certificate", "not_promoted", "one_event")


def _show_conditions(
    competition: Competition,
    event_code: str | None = None,
    refused: Refused | None = None,
) -> str:
    """Render all events; what was refused stands in the form of the event of the code.

    Without a code it was not an event's: why stands above.
    """
    if refused and event_code is None:
        flash(say(refused.message), "bad")
    stands = conditions_of(competition)
    unfit = without_exempted(unfit_in(competition))
    forms = {event.code: _conditions_typed(stands.get(event.code)) for event in competition.events}
    if event_code is not None:
        forms[event_code] = _typed_conditions()
    fields = fields_offered(Kind(competition.kind))
    return render_template(
        "organiser/registration/conditions.html",
        competition=competition_link(competition),
        code=competition.code,
        day=day_of(competition).isoformat(),
        events=[
            (event, forms[event.code], _grades(event, forms[event.code]))
            for event in competition.events
        ],
        asked_by=asked_by,
        of=event_code,
        problem=problem_of(refused),
        groups=choices({group.value: group_word(group.value) for group in EntrantGroup}),
        unfit=[
            (unmet.holder.entrant if isinstance(unmet.holder, Member) else unmet.holder, unmet)
            for unmet in unfit[:MOST_SHOWN]
        ],
        unfit_total=len(unfit),
        fields=choices({field.value: field.asks.title for field in fields}),
        asked_fields=asked_fields(competition),
        asks=bool(stands),
        places_url=allowed_url("organiser.set_up", code=competition.code, part=Part.EVENTS.value),
        last=_last(competition),
    )


def _last(competition: Competition) -> LastAct | None:
    last = last_conditions_change(competition)
    if last is None:
        return None
    parts = when_and_who(last)
    if last.event is not None:
        text = _("%(at)s %(who)s改了“%(name)s”的条件", **parts, name=last.event.name)
    else:
        text = _("%(at)s %(who)s改了报名还问什么", **parts)
    return last_act(last, text, url_for("organiser.undo_last_conditions", code=competition.code))


def _conditions_typed(conditions: Conditions | None) -> TypedConditions:
    """Return the conditions in force as a form has them; `seen` is the mark of the values."""
    it = conditions or Conditions()
    return {
        **{key: _text(getattr(it, key)) for key in _NUMBERS},
        **{key: getattr(it, key) for key in _TICKS},
        "age_on": it.age_on.isoformat() if it.age_on else "",
        "groups": [group.value for group in it.groups],
        "no_posts": _("、").join(it.no_posts),
        "opens": typed_moment(it.opens),
        "closes": typed_moment(it.closes),
        "seen": mark_of(it),
    }


def _grades(event: Event, typed: TypedConditions) -> list[Choice]:
    """The grades that can be asked, by the event's own names."""
    ladder = ladder_of(event)
    known = {
        grade: _("%(grade)s或以上", grade=say(grade_label(grade, ladder)))
        for grade in GRADES
        if ladder.of_grade(grade) is not None or str(grade) == typed["grade"]
    }
    return choices({"": _("不要求"), **known})


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


_MOST = 9999


@face.get("/<code>/conditions")
@guard.may(Right.REGISTER)
def entry_conditions(competition: Competition) -> ResponseReturnValue:
    """Show the events' conditions, and who does not meet them."""
    return _show_conditions(competition)


@face.post("/<code>/conditions/<event_code>")
@guard.may(Right.REGISTER)
@refusal_on(_show_conditions)
def set_entry_conditions(competition: Competition, event_code: str) -> ResponseReturnValue:
    """Set the conditions of one event; nobody is dropped, those who no longer fit are listed."""
    event = of_code(competition.events, event_code)
    typed, stands = _typed_conditions(), conditions_of(competition).get(event.code, Conditions())
    changed = change_conditions(event, _read(typed, stands), typed["seen"], current_user)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    n = len(without_exempted(unfit_in(competition))) if changed else 0
    if n:
        flash(
            ngettext(
                "名单里有 %(num)s 人不符合，没有动他，在下面",
                "名单里有 %(num)s 人不符合，没有动他们，在下面",
                n,
            ),
            "warn",
        )
    return redirect(url_for("organiser.entry_conditions", code=competition.code))


@face.post("/<code>/entry-fields")
@guard.may(Right.REGISTER)
@refusal_on(_show_conditions)
def set_entry_fields(competition: Competition) -> ResponseReturnValue:
    """Set the further fields of the registration."""
    seen = [key for key in posted_text("seen").split(",") if key]
    fields = request.form.getlist("fields")
    changed = change_entry_fields(competition, fields, seen, current_user)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.entry_conditions", code=competition.code))


@face.post("/<code>/conditions-undo")
@guard.may(Right.REGISTER)
@only_once
def undo_last_conditions(competition: Competition) -> ResponseReturnValue:
    """Ask again what was asked before the last change."""
    undo = partial(undo_conditions, competition)
    return undone(undo, "organiser.entry_conditions", code=competition.code)


def _typed_conditions() -> TypedConditions:
    form = request.form
    return {
        **{key: form.get(key, "").strip() for key in _TEXTS},
        **{key: key in form for key in _TICKS},
        "groups": form.getlist("groups"),
    }


def _read(typed: TypedConditions, stands: Conditions) -> Conditions:
    """Read a form, with the present places, which are set on the event's card.

    Raises `Refused` (INVALID) for what is no number or no day.
    """
    try:
        on = date.fromisoformat(typed["age_on"]) if typed["age_on"] else None
    except ValueError:
        raise invalid(msg("日期写成 2026-05-01")) from None
    groups = {group.value: group for group in EntrantGroup}
    grades = {str(grade): grade for grade in GRADES}
    ages = _number(typed["age_from"], msg("年龄")), _number(typed["age_to"], msg("年龄"))
    return Conditions(
        age_from=ages[0],
        age_to=ages[1],
        age_on=on if any(age is not None for age in ages) else None,
        years=_number(typed["years"], msg("本职业年限")),
        grade=grades.get(typed["grade"]),
        **{key: typed[key] for key in _TICKS},
        groups=tuple(groups[key] for key in groups if key in typed["groups"]),
        no_posts=tuple(dict.fromkeys(typed_parts(typed["no_posts"]))),
        most=stands.most,
        most_of_unit=stands.most_of_unit,
        opens=_moment(typed["opens"]),
        closes=_moment(typed["closes"]),
    )


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text)
    except (ValueError, OverflowError):
        raise invalid(msg("时间写成 2026-09-01 17:00，没有就空着")) from None


def _number(text: str, what: Message) -> int | None:
    number = whole_number(text, _MOST)
    if text and number is None:
        raise invalid(msg("%(what)s写整数，不要求就空着", what=what))
    return number
