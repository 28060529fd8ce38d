"""Switching on that people enter themselves, the address to post, and its poster."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.competition_settings import SelfEntry
from compete.services.kernel.refusal import Refused
from compete.services.self_entry.clearing import clear_unseen
from compete.services.self_entry.entry_poster import print_poster
from compete.services.self_entry.opening import change_self_entry
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.self_entry.view_model import asked_flood, self_entry_page
from compete.web.pages import fields_of
from compete.web.refusals import status_of


@face.get("/<code>/self-entry")
@guard.may(Right.REGISTER)
def self_entry(competition: Competition) -> str:
    """Whether it is on, and what is to be posted."""
    page = self_entry_page(competition)
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
        page = self_entry_page(competition, wanted, say(refused.message))
        html = render_template("organiser/self_entry/self_entry.html", **fields_of(page))
        return html, status_of(refused)
    flash(_("存下了") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.self_entry", code=competition.code))


@face.post("/<code>/self-entry/clear")
@guard.may(Right.REGISTER)
def clear_self_entry(competition: Competition) -> ResponseReturnValue:
    """Clear those whom nobody has seen yet, as many as were shown."""
    form = request.form
    try:
        done = clear_unseen(
            competition,
            asked_flood(),
            form.get("count", -1, type=int),
            form.get("reason", ""),
            current_user,
        )
    except Refused as refused:
        page = self_entry_page(competition, clear_problem=say(refused.message))
        html = render_template("organiser/self_entry/self_entry.html", **fields_of(page))
        return html, status_of(refused)
    flash(ngettext("清掉了 %(num)s 人", "清掉了 %(num)s 人", done), "ok")
    return redirect(url_for("organiser.self_entry", code=competition.code))


@face.get("/<code>/self-entry/poster.pdf")
@guard.may(Right.REGISTER)
def self_entry_poster(competition: Competition) -> Response:
    """An A4 page with the code, to be hung up."""
    return send_pdf(print_poster(competition, gettext), f"个人报名海报_{competition.name}.pdf")
