"""Switching on that people enter themselves, the address to post, and its poster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.clock import local_zone
from compete.services.kernel.competition_settings import SelfEntry
from compete.services.kernel.refusal import Refused
from compete.services.registration.self_entry.entry_poster import print_poster
from compete.services.registration.self_entry.flood_clearing import (
    NO_UNIT,
    Flood,
    clear_unseen,
    count_unseen,
)
from compete.services.registration.self_entry.settings import (
    change_self_entry,
    count_own,
    self_entry_of,
    why_nobody_can_enter,
)
from compete.services.registration.units.links import links_of
from compete.services.registration.window import window_of
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.shapes import CompetitionLink, competition_link
from compete.web.pages import fields_of
from compete.web.refusals import status_of
from compete.web.shapes import Choice
from compete.web.templating import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfEntryUrls:
    """The links of the page."""

    save: str
    poster: str
    window: str
    """The page that sets the time of registration, and lists those who came."""
    units: str
    fields: str
    self: str
    clear: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearForm:
    """The people to clear, as typed; `count` once it was asked how many they are."""

    units: Sequence[Choice]
    unit: str
    since: str
    until: str
    reason: str
    count: int | None
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfEntryPage:
    """The values of `organiser/self_entry/self_entry.html`."""

    competition: CompetitionLink
    open: bool
    other_units: bool
    crews: bool
    why_shut: str | None
    """Why nobody can enter now although it is open."""
    opens: str | None
    closes: str | None
    address: str
    drawing: Markup
    came: int
    unconfirmed: int
    units: int
    contacts: int
    """The number of units with a contact who confirms."""
    problem: str | None
    clear: ClearForm | None
    """None while nobody waits unseen."""
    urls: SelfEntryUrls


def _asked_flood() -> Flood:
    """Return the people that the form means; a time that can't be read is none."""
    return Flood(
        unit=request.values.get("unit", ""),
        since=_typed_moment(request.values.get("since", "")),
        until=_typed_moment(request.values.get("until", "")),
    )


def _typed_moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.replace(tzinfo=local_zone()) if 1971 <= at.year < 9999 else None


def _clear_form(competition: Competition, problem: str) -> ClearForm | None:
    if not count_unseen(competition, Flood(unit="", since=None, until=None)):
        return None
    values = request.values
    return ClearForm(
        units=[
            Choice(value="", label=_("全部单位")),
            Choice(value=NO_UNIT, label=_("单位不在名单里的")),
            *(Choice(value=unit.code, label=unit.name) for unit in competition.units),
        ],
        unit=values.get("unit", ""),
        since=values.get("since", ""),
        until=values.get("until", ""),
        reason=values.get("reason", ""),
        count=count_unseen(competition, _asked_flood()) if "since" in values else None,
        problem=problem,
    )


def _self_entry_page(
    competition: Competition,
    typed: SelfEntry | None = None,
    problem: str | None = None,
    clear_problem: str = "",
) -> SelfEntryPage:
    """The page; what was ticked stands where it was ticked."""
    code, now = competition.code, self_entry_of(competition)
    shown, window = typed or now, window_of(competition)
    why = why_nobody_can_enter(competition) if now.open else None
    address, count = public_url("public.enter", code=code), count_own(competition)
    return SelfEntryPage(
        competition=competition_link(competition),
        open=shown.open,
        other_units=shown.other_units,
        crews=shown.crews,
        why_shut=say(why) if why is not None else None,
        opens=moment(window.opens) if window.opens else None,
        closes=moment(window.closes) if window.closes else None,
        address=address,
        drawing=Markup(qr_svg(address, _("个人报名"))),
        came=count.came,
        unconfirmed=count.unconfirmed,
        units=len(competition.units),
        contacts=sum(link.standing for link in links_of(competition).values()),
        problem=problem,
        clear=_clear_form(competition, clear_problem),
        urls=SelfEntryUrls(
            save=url_for("organiser.set_self_entry", code=code),
            poster=url_for("organiser.self_entry_poster", code=code),
            window=url_for("organiser.applications", code=code),
            units=url_for("organiser.units", code=code),
            fields=url_for("organiser.entry_conditions", code=code),
            self=url_for("organiser.self_entry", code=code),
            clear=url_for("organiser.clear_self_entry", code=code),
        ),
    )


@face.get("/<code>/self-entry")
@guard.may(Right.REGISTER)
def self_entry(competition: Competition) -> str:
    """Show whether it is on, and what is to be posted."""
    page = _self_entry_page(competition)
    return render_template("organiser/self_entry/self_entry.html", **fields_of(page))


@face.post("/<code>/self-entry")
@guard.may(Right.REGISTER)
def set_self_entry(competition: Competition) -> ResponseReturnValue:
    """Switch it on or off."""
    form = request.form
    wanted = SelfEntry(
        open="open" in form, other_units="other_units" in form, crews="crews" in form
    )
    try:
        changed = change_self_entry(competition, wanted, current_user)
    except Refused as refused:
        page = _self_entry_page(competition, wanted, say(refused.message))
        html = render_template("organiser/self_entry/self_entry.html", **fields_of(page))
        return html, status_of(refused)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.self_entry", code=competition.code))


@face.post("/<code>/self-entry/clear")
@guard.may(Right.REGISTER)
def clear_self_entry(competition: Competition) -> ResponseReturnValue:
    """Clear the people whom nobody has seen yet, as many as were shown."""
    form = request.form
    try:
        done = clear_unseen(
            competition,
            _asked_flood(),
            form.get("count", -1, type=int),
            form.get("reason", ""),
            current_user,
        )
    except Refused as refused:
        page = _self_entry_page(competition, clear_problem=say(refused.message))
        html = render_template("organiser/self_entry/self_entry.html", **fields_of(page))
        return html, status_of(refused)
    flash(ngettext("清掉了 %(num)s 人", "清掉了 %(num)s 人", done), "ok")
    return redirect(url_for("organiser.self_entry", code=competition.code))


@face.get("/<code>/self-entry/poster.pdf")
@guard.may(Right.REGISTER)
def self_entry_poster(competition: Competition) -> Response:
    """An A4 page with the code, to be hung up."""
    return send_pdf(print_poster(competition, gettext), f"个人报名海报_{competition.name}.pdf")
