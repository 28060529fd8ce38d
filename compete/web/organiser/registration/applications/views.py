"""Deciding about those who were handed in, and setting when people are entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.edit_conflicts import BothChangedError
from compete.services.kernel.refusal import Refused
from compete.services.registration.acceptance import return_people
from compete.services.registration.acceptance_undo import undo_accepting
from compete.services.registration.applications import unit_name_of
from compete.services.registration.portraits import portrait_of_application
from compete.services.registration.self_entry.confirmation import assign_unit, find_own_application
from compete.services.registration.substitution.accepting import accept_with_replacements
from compete.services.registration.ticked_people import Left
from compete.services.registration.window import WINDOW_SET, Window, change_window, window_of
from compete.web import guard
from compete.web.edit_conflicts import carried, settle, still_seen, whose
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.list_book import APPLICATIONS_BOOK
from compete.web.organiser.registration.applications.view_model import (
    WindowForm,
    list_filters,
    show_applications,
    typed_window,
    window_words,
)
from compete.web.organiser.registration.self_entry.new_link import give_new_link
from compete.web.organiser.shapes import Link
from compete.web.organiser.typed_moments import read_moment
from compete.web.pages import or_404
from compete.web.portraits import send_kept
from compete.web.refusals import status_of
from compete.web.selection import seen_versions

_TOLD = 5


@face.get("/<code>/applications")
@guard.may(Right.REGISTER)
def applications(competition: Competition) -> ResponseReturnValue:
    """List the people who wait for a decision, and what became of the others."""
    return show_applications(competition)


@face.get("/<code>/applications/list.xlsx")
@guard.may(Right.REGISTER)
def applications_book(competition: Competition) -> ResponseReturnValue:
    """The list as it is shown, of the same state and unit, with all its pages."""
    name = f"{say(msg('单位和个人报名'))}_{competition.name}.xlsx"
    return print_or_follow(competition, APPLICATIONS_BOOK, name, **list_filters())


@face.post("/<code>/applications/accept")
@guard.may(Right.REGISTER)
@only_once
def accept_applications(competition: Competition) -> ResponseReturnValue:
    """Take those who were ticked on the list."""
    try:
        done = accept_with_replacements(
            competition,
            seen_versions("who"),
            current_user,
            exempted_for=request.form.get("exempted_for", ""),
        )
    except Refused as refused:
        return _again(competition, refused)
    if done.entrants:
        n = len(done.entrants)
        flash(ngettext("收下 %(num)s 人，在名单里了", "收下 %(num)s 人，在名单里了", n), "ok")
    if done.waiting:
        n = len(done.waiting)
        flash(ngettext("名额满了，%(num)s 人排候补", "名额满了，%(num)s 人排候补", n), "warn")
    return _left(competition, done.left, _not_taken)


@face.post("/<code>/applications/return")
@guard.may(Right.REGISTER)
def return_applications(competition: Competition) -> ResponseReturnValue:
    """Give those who were ticked back to their units, with a reason."""
    seen = seen_versions("who")
    try:
        done = return_people(competition, seen, request.form.get("reason", ""), current_user)
    except Refused as refused:
        return _again(competition, refused)
    n = len(seen) - len(done.left)
    if n:
        flash(ngettext("退回了 %(num)s 人", "退回了 %(num)s 人", n), "ok")
    return _left(competition, done.left, _not_given_back)


@face.post("/<code>/applications/undo")
@guard.may(Right.REGISTER)
@only_once
def undo_accepted(competition: Competition) -> ResponseReturnValue:
    """Take those who were ticked out of the list again, where nothing hangs on them yet."""
    try:
        back, left = undo_accepting(competition, seen_versions("who"), current_user)
    except Refused as refused:
        return _again(competition, refused)
    if back:
        n = len(back)
        flash(ngettext("撤回了 %(num)s 人，又等着收", "撤回了 %(num)s 人，又等着收", n), "ok")
    return _left(competition, left, _kept_on_the_list)


@face.get("/<code>/applications/<public_id>/photo.jpg")
@guard.may(Right.REGISTER)
def application_photo(competition: Competition, public_id: str) -> Response:
    """The photo of somebody who was handed in; drafts are the units' own affair."""
    return send_kept(portrait_of_application(competition, public_id))


@face.post("/<code>/applications/<public_id>/unit")
@guard.may(Right.REGISTER)
def application_unit(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Set the unit of a person who wrote one that is not on the list."""
    application = or_404(find_own_application(competition, public_id))
    wanted, seen = request.form.get("unit", ""), request.form.get("version", type=int)
    try:
        unit = assign_unit(application, wanted, seen if seen is not None else -1, current_user)
    except Refused as refused:
        return _again(competition, refused)
    flash(_("%(name)s 是%(unit)s的了", name=application.name, unit=unit.name), "ok")
    return redirect(_here(competition))


@face.post("/<code>/applications/<public_id>/link")
@guard.may(Right.REGISTER)
@only_once
def new_own_link(competition: Competition, public_id: str) -> ResponseReturnValue:
    """Make another link for somebody who entered themselves and lost theirs."""
    application = or_404(find_own_application(competition, public_id))
    try:
        return give_new_link(application, Link(label=_("单位和个人报名"), url=_here(competition)))
    except Refused as refused:
        return _again(competition, refused)


@face.post("/<code>/applications/window")
@guard.may(Right.REGISTER)
def registration_window(competition: Competition) -> ResponseReturnValue:
    """Set from when until when units enter people, and how many each."""
    typed = {key: request.form.get(key, "").strip() for key in ("opens", "closes", "quota")}
    wanted, errors = _window(typed)
    if wanted is None:
        stands = window_of(competition)
        was = settle(request.form, stands)[1] or stands
        form = WindowForm(typed=typed, was=carried(was), errors=errors)
        return show_applications(competition, window=form), 400
    wanted, shown = settle(request.form, wanted)
    try:
        change_window(competition, wanted, current_user, shown)
    except BothChangedError as both:
        form = WindowForm(
            typed=typed_window(both.merged),
            was=carried(still_seen(both, shown or wanted)),
            errors={"": say(both.message)},
            whose=whose(competition, WINDOW_SET, both, window_words(both.now)),
            theirs=carried(both.now),
        )
        return show_applications(competition, window=form), status_of(both)
    except Refused as refused:
        late = wanted.opens and wanted.closes and wanted.opens >= wanted.closes
        errors = {"closes" if late else "quota": say(refused.message)}
        stood = carried(shown or window_of(competition))
        form = WindowForm(typed=typed_window(wanted), was=stood, errors=errors)
        return show_applications(competition, window=form), status_of(refused)
    flash(_("存下了"), "ok")
    return redirect(url_for("organiser.applications", code=competition.code))


def _window(typed: Mapping[str, str]) -> tuple[Window | None, dict[str, str]]:
    """Read the typed window, or None with the faults by field."""
    errors, times, quota = {}, {}, None
    for key in ("opens", "closes"):
        try:
            times[key] = read_moment(typed[key])
        except (ValueError, OverflowError):
            errors[key] = _("时间写成 2026-09-01 17:00，没定就空着")
    try:
        quota = int(typed["quota"]) if typed["quota"] else None
    except ValueError:
        errors["quota"] = _("名额写整数；不限就空着")
    return (None if errors else Window(times["opens"], times["closes"], quota)), errors


def _not_taken(more: int) -> str:
    return ngettext("还有 %(num)s 人没收", "还有 %(num)s 人没收", more)


def _not_given_back(more: int) -> str:
    return ngettext("还有 %(num)s 人没退回", "还有 %(num)s 人没退回", more)


def _kept_on_the_list(more: int) -> str:
    return ngettext("还有 %(num)s 人没撤回", "还有 %(num)s 人没撤回", more)


def _tell_left(left: Sequence[Left], others: Callable[[int], str]) -> None:
    told = [
        _(
            "%(unit)s %(name)s：%(why)s",
            unit=unit_name_of(each.application),
            name=each.application.name,
            why=say(each.why),
        )
        for each in left[:_TOLD]
    ]
    if len(left) > _TOLD:
        told.append(others(len(left) - _TOLD))
    for sentence in told:
        flash(sentence, "warn")


def _left(
    competition: Competition, left: Sequence[Left], others: Callable[[int], str]
) -> ResponseReturnValue:
    """Show the list again; those left see why, and stay ticked with what was typed."""
    _tell_left(left, others)
    if not left:
        return redirect(_here(competition))
    stayed = {each.application.public_id for each in left}
    ticks = [
        tick
        for tick in request.form.getlist("who")
        if not stayed.isdisjoint(each.partition(":")[0] for each in tick.split())
    ]
    return _with_typed(competition, ticks)


def _again(competition: Competition, refused: Refused) -> ResponseReturnValue:
    page = _with_typed(competition, request.form.getlist("who"), say(refused.message))
    return page, status_of(refused)


def _with_typed(competition: Competition, ticked: Sequence[str], problem: str | None = None) -> str:
    return show_applications(
        competition,
        ticked=ticked,
        reason=request.form.get("reason", ""),
        exempted_for=request.form.get("exempted_for", ""),
        problem=problem,
    )


def _here(competition: Competition) -> str:
    return url_for(
        "organiser.applications",
        code=competition.code,
        show=request.args.get("show") or None,
        unit=request.args.get("unit") or None,
    )
