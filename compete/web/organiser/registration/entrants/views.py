"""The list of contestants, the registration workbook and the badges."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, Entrant
from compete.services.kernel.refusal import Refused
from compete.services.registration.badges import BADGES
from compete.services.registration.preview import offer_of
from compete.services.registration.printed_forms import FORM_TITLES, PEOPLE_FORM
from compete.services.registration.waiting_list import next_in_line
from compete.services.registration.withdrawals import Stayed, return_people_to_list, withdraw_people
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.list_book import ENTRANTS_BOOK
from compete.web.organiser.registration.entrants.view_model import show_entrants
from compete.web.organiser.registration.person.finding import list_filters
from compete.web.organiser.registration.person.withdrawing import tell_beside
from compete.web.refusals import status_of

_TOLD = 5


@face.get("/<code>/entrants")
@guard.may(Right.REGISTER)
def entrants(competition: Competition) -> ResponseReturnValue:
    """List the contestants: searched, filtered, sorted and paged in the database."""
    return show_entrants(competition, ticked=request.args.get("ticked", "").split())


@face.post("/<code>/entrants/withdraw")
@guard.may(Right.REGISTER)
def withdraw_ticked(competition: Competition) -> ResponseReturnValue:
    """Withdraw the ticked people, for one reason."""
    codes, reason = request.form.getlist("who"), request.form.get("reason", "")
    try:
        done, stayed = withdraw_people(competition, codes, reason, current_user)
    except Refused as refused:
        return _again(competition, refused)
    if done:
        n = len(done)
        flash(
            ngettext(
                "%(num)s 人退赛了，还勾着，按错了可以撤回",
                "%(num)s 人退赛了，还勾着，按错了可以撤回",
                n,
            ),
            "ok",
        )
    _tell_stayed(stayed)
    if not done:
        # Ticks and reason stay as they were.
        return show_entrants(competition, ticked=codes, reason=reason)
    if next_in_line(competition):
        flash(_("空出名额了，候补的人可以递补：在“单位和个人报名”里"), "info")
    return redirect(_here(competition, done))


@face.post("/<code>/entrants/return")
@guard.may(Right.REGISTER)
def return_ticked(competition: Competition) -> ResponseReturnValue:
    """Take back the withdrawals of the ticked people; name those who have their places."""
    codes = request.form.getlist("who")
    try:
        done, stayed, beside = return_people_to_list(competition, codes, current_user)
    except Refused as refused:
        return _again(competition, refused)
    if done:
        n = len(done)
        flash(ngettext("%(num)s 人回到名单了", "%(num)s 人回到名单了", n), "ok")
    _tell_stayed(stayed)
    tell_beside(beside)
    return redirect(_here(competition))


def _tell_stayed(stayed: Sequence[Stayed]) -> None:
    for each in stayed[:_TOLD]:
        who, why = f"{each.entrant.code} {each.entrant.name}", say(each.why)
        flash(_("%(who)s：%(why)s", who=who, why=why), "warn")
    if len(stayed) > _TOLD:
        more = len(stayed) - _TOLD
        flash(ngettext("还有 %(num)s 人没有动", "还有 %(num)s 人没有动", more), "warn")


def _here(competition: Competition, ticked: Sequence[Entrant] = ()) -> str:
    """Address of the list as it was asked for, with those ticked who can be taken back."""
    asked = list_filters() | {"page": request.args.get("page", "")}
    asked["ticked"] = " ".join(each.code for each in ticked)
    kept = {key: text for key, text in asked.items() if text}
    here = url_for("organiser.entrants", code=competition.code)
    return f"{here}?{urlencode(kept)}" if kept else here


def _again(competition: Competition, refused: Refused) -> ResponseReturnValue:
    """The page with the ticks and the reason as they were."""
    page = show_entrants(
        competition,
        ticked=request.form.getlist("who"),
        reason=request.form.get("reason", ""),
        problem=say(refused.message),
    )
    return page, status_of(refused)


@face.get("/<code>/entrants/list.xlsx")
@guard.may(Right.REGISTER)
def entrants_book(competition: Competition) -> ResponseReturnValue:
    """The list as it is shown, searched, filtered and sorted, with all its pages."""
    name = f"{say(msg('选手'))}_{competition.name}.xlsx"
    return print_or_follow(competition, ENTRANTS_BOOK, name, **list_filters())


@face.get("/<code>/entrants/workbook.xlsx")
@guard.may(Right.REGISTER)
def workbook(competition: Competition) -> Response:
    """The empty registration workbook of this competition."""
    from compete.sheets.registration.template import write_registration_workbook

    content = write_registration_workbook(offer_of(competition))
    return send_workbook(content, f"报名表_{competition.name}.xlsx")


@face.get("/<code>/badges.pdf")
@guard.may(Right.REGISTER)
def badges(competition: Competition) -> ResponseReturnValue:
    """Everybody's badge, eight on a page."""
    return print_or_follow(competition, BADGES, f"参赛证_{competition.name}.pdf")


@face.get("/<code>/forms/<form>.pdf")
@guard.may(Right.REGISTER)
def people_form(competition: Competition, form: str) -> ResponseReturnValue:
    """A form to sign on at the venue."""
    if form not in FORM_TITLES:
        abort(404)
    filename = f"{say(FORM_TITLES[form])}_{competition.name}.pdf"
    return print_or_follow(competition, PEOPLE_FORM, filename, form=form)
