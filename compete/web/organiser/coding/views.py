"""Blind codes: for the coder, who keeps them, and for the organiser, who had them drawn."""

from __future__ import annotations

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from compete.domain.values import Right
from compete.models import Competition
from compete.services.sheets import print_coding_form, show_codes
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.organiser.blueprint import face
from compete.web.organiser.coding.view_model import coding_page
from compete.web.pages import fields_of


@face.route("/<code>/coding", methods=["GET", "POST"])
@guard.may(Right.CODE)
def coding(competition: Competition) -> ResponseReturnValue:
    """How many codes are drawn; the list itself at the press of a button, which is recorded."""
    shown = show_codes(competition, current_user) if request.method == "POST" else None
    page = coding_page(competition, shown)
    return render_template("organiser/coding/coding.html", **fields_of(page))


@face.post("/<code>/coding/form.pdf")
@guard.may(Right.CODE)
def coding_form(competition: Competition) -> Response:
    """The record to sign and seal; asked for by a press, since each look is recorded."""
    wanted = request.args.get("event", "")
    event = next((known for known in competition.events if known.code == wanted), None)
    if event is None or not event.blind:
        abort(404)
    content = print_coding_form(event, current_user, gettext)
    return send_pdf(content, f"加密记录_{competition.name}.pdf")
