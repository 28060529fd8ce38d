"""Choosing a PIN on a device that is signed in already, as by a one-time link."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.web import guard
from compete.web.auth.pins import pin_page, take_pin
from compete.web.auth.views import face, own_path
from compete.web.extensions import limiter
from compete.web.homes import home_of
from compete.web.refusals import refusal_on


@face.route("/pin", methods=["GET", "POST"])
@guard.may(Right.OWN_ACCOUNT)
@limiter.limit("20 per minute", methods=["POST"])
@refusal_on(lambda refused: pin_page(current_user, refused, signed_in=True))
def choose_pin() -> ResponseReturnValue:
    """Choose a PIN before the first signature; `next` is the way back.

    Who has one already is sent on: a forgotten PIN is changed with the card.
    """
    onward = own_path(request.args.get("next")) or home_of(current_user)
    if current_user.pin_hash is not None:
        return redirect(onward)
    if request.method != "POST":
        return pin_page(current_user, signed_in=True)
    take_pin(current_user)
    flash(_("PIN 设好了"), "ok")
    return redirect(onward)
