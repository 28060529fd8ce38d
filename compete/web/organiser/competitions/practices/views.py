"""A practice at the desk: everybody's tries as they come in, the codes of mentors and pupils."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Entrant, Judge, utc_now
from compete.services.accounts.access import may
from compete.services.accounts.accounts import known_account_of
from compete.services.accounts.sign_in_cards import one_time_card
from compete.services.competitions.practices import (
    PupilFields,
    Try,
    add_pupils,
    best_try,
    pupils_of,
    renew_mentor_code,
    tries_of,
)
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act
from compete.web.shapes import Chip
from compete.web.templating import moment


@dataclass(frozen=True, slots=True)
class _Row:
    """A pupil, the tries, and the best of those that are in."""

    pupil: Entrant
    tries: Sequence[Try]
    best: Try | None


@face.get("/<code>/practice")
@guard.may(Right.SEE, of=guard.PRACTICES)
def practised_tries(competition: Competition) -> ResponseReturnValue:
    """Show what everybody got in each try."""
    tries = tries_of(competition)
    return render_template(
        "organiser/competitions/practices/tries.html",
        competition=competition,
        event=competition.events[0],
        mentors=[judge.name for judge in competition.judges],
        rows=[
            _Row(pupil, tries[pupil.code], best_try(tries[pupil.code]))
            for pupil in pupils_of(competition)
        ],
        most=max((len(row) for row in tries.values()), default=0),
        done=sum(it.score is not None for row in tries.values() for it in row),
    )


def _codes_page(competition: Competition, refused: Refused | None = None) -> str:
    return render_template(
        "organiser/competitions/practices/codes.html",
        competition=competition,
        mentors=[(judge, *_card(judge)) for judge in competition.judges],
        pupils=[
            (pupil, public_url("public.contestant", token=pupil.badge_token))
            for pupil in pupils_of(competition)
        ],
        more=act_form(PupilFields, refused)
        if may(current_user, competition, Right.REGISTER)
        else None,
        problem=problem_of(refused),
    )


@face.get("/<code>/practice/codes")
@guard.may(Right.GIVE_CARDS, of=guard.PRACTICES)
def practice_codes(competition: Competition) -> ResponseReturnValue:
    """Show the codes: a mentor's signs in once, a pupil's opens the own page for good."""
    return _codes_page(competition)


@face.post("/<code>/practice/pupils")
@guard.may(Right.REGISTER, of=guard.PRACTICES)
@only_once
@refusal_on(_codes_page)
def add_practice_pupils(competition: Competition) -> ResponseReturnValue:
    """Let more people practise; their codes stand on the page."""
    added = add_pupils(competition, typed_act(PupilFields), current_user)
    names = _("、").join(pupil.name for pupil in added)
    flash(_("%(names)s 可以练了，码在下面", names=names), "ok")
    return redirect(url_for("organiser.practice_codes", code=competition.code))


@face.post("/<code>/practice/codes/<judge>")
@guard.may(Right.GIVE_CARDS, of=guard.PRACTICES)
@only_once
def renew_practice_code(competition: Competition, judge: str) -> ResponseReturnValue:
    """Make another code for a mentor; the tablet of the code before it is signed out."""
    mentor = renew_mentor_code(competition, judge, current_user)
    flash(_("%(name)s 换了新码，旧码登录的平板退出了，评过的分都在", name=mentor.name), "ok")
    return redirect(url_for("organiser.practice_codes", code=competition.code))


def _card(mentor: Judge) -> tuple[str | None, Chip]:
    """The address to scan, None where it was used or is over, and how the code stands."""
    account = known_account_of(mentor)
    card = one_time_card(account) if account is not None else None
    if card is not None and card.used_at is not None:
        text = _("%(at)s 扫过", at=moment(card.used_at))
        return None, Chip(text=text, kind="ok", icon="check-circle")
    if card is None or (card.expires_at is not None and card.expires_at <= utc_now()):
        return None, Chip(text=_("码过期了"), kind="warn", icon="clock")
    address = public_url("auth.use_link", token=card.token)
    return address, Chip(text=_("还没人扫"), kind="", icon="dashed-circle")
