"""Conditions of each event for its people: set, and checked against everybody registered."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.eligibility import Conditions
from compete.domain.values.kinds import EntrantGroup
from compete.domain.values.rights import Right
from compete.models import Competition, Event
from compete.services.competitions.conditions_undo import undo_conditions
from compete.services.kernel.refusal import Refused
from compete.services.registration.eligibility import change_conditions, conditions_of, unfit_in
from compete.services.registration.entry_fields import change_entry_fields
from compete.services.registration.exemptions import without_exempted
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.last_act import undone
from compete.web.organiser.registration.conditions.view_model import (
    TypedConditions,
    show_conditions,
)
from compete.web.organiser.typed_moments import read_moment
from compete.web.pages import or_404
from compete.web.refusals import status_of

_MOST_DIGITS = 4


@face.get("/<code>/conditions")
@guard.may(Right.REGISTER)
def entry_conditions(competition: Competition) -> ResponseReturnValue:
    """Show the events' conditions, and who does not meet them."""
    return show_conditions(competition)


@face.post("/<code>/conditions/<event_code>")
@guard.may(Right.REGISTER)
def set_entry_conditions(competition: Competition, event_code: str) -> ResponseReturnValue:
    """Set the conditions of one event; nobody is dropped, those who no longer fit are listed."""
    event = _event(competition, event_code)
    typed = _typed()
    try:
        stands = conditions_of(competition).get(event.code, Conditions())
        changed = change_conditions(event, _read(typed, stands), typed.seen, current_user)
    except ValueError as error:
        return show_conditions(competition, event_code, typed, str(error)), 400
    except Refused as refused:
        page = show_conditions(competition, event_code, typed, say(refused.message))
        return page, status_of(refused)
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
def set_entry_fields(competition: Competition) -> ResponseReturnValue:
    """Set the further fields of the registration."""
    seen = [key for key in request.form.get("seen", "").split(",") if key]
    try:
        changed = change_entry_fields(
            competition, request.form.getlist("fields"), seen, current_user
        )
    except Refused as refused:
        flash(say(refused.message), "bad")
        return show_conditions(competition), status_of(refused)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.entry_conditions", code=competition.code))


@face.post("/<code>/conditions-undo")
@guard.may(Right.REGISTER)
@only_once
def undo_last_conditions(competition: Competition) -> ResponseReturnValue:
    """Ask again what was asked before the last change."""
    undo = partial(undo_conditions, competition)
    return undone(undo, "organiser.entry_conditions", code=competition.code)


def _typed() -> TypedConditions:
    form = request.form
    return TypedConditions(
        age_from=form.get("age_from", "").strip(),
        age_to=form.get("age_to", "").strip(),
        age_on=form.get("age_on", "").strip(),
        years=form.get("years", "").strip(),
        grade=form.get("grade", ""),
        certificate="certificate" in form,
        groups=form.getlist("groups"),
        no_posts=form.get("no_posts", ""),
        not_promoted="not_promoted" in form,
        one_event="one_event" in form,
        opens=form.get("opens", "").strip(),
        closes=form.get("closes", "").strip(),
        seen=form.get("seen", ""),
    )


def _read(typed: TypedConditions, stands: Conditions) -> Conditions:
    """Read a form, with the present places, which are set on the event's card.

    Raises `ValueError` with the sentence for what is no number or no day.
    """
    try:
        on = date.fromisoformat(typed.age_on) if typed.age_on else None
    except ValueError:
        raise ValueError(_("日期写成 2026-05-01")) from None
    groups = {group.value: group for group in EntrantGroup}
    grades = {str(grade): grade for grade in range(1, 6)}
    posts = re.split(r"[、,，;；\n]", typed.no_posts)
    ages = _number(typed.age_from, _("年龄")), _number(typed.age_to, _("年龄"))
    return Conditions(
        age_from=ages[0],
        age_to=ages[1],
        age_on=on if any(age is not None for age in ages) else None,
        years=_number(typed.years, _("本职业年限")),
        grade=grades.get(typed.grade),
        certificate=typed.certificate,
        groups=tuple(groups[key] for key in groups if key in typed.groups),
        no_posts=tuple(dict.fromkeys(" ".join(post.split()) for post in posts if post.strip())),
        not_promoted=typed.not_promoted,
        one_event=typed.one_event,
        most=stands.most,
        most_of_unit=stands.most_of_unit,
        opens=_moment(typed.opens),
        closes=_moment(typed.closes),
    )


def _moment(text: str) -> datetime | None:
    try:
        return read_moment(text)
    except (ValueError, OverflowError):
        raise ValueError(_("时间写成 2026-09-01 17:00，没有就空着")) from None


def _number(text: str, what: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise ValueError(_("%(what)s写整数，不要求就空着", what=what))
    return int(text)


def _event(competition: Competition, code: str) -> Event:
    return or_404(next((event for event in competition.events if event.code == code), None))
