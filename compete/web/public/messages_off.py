"""Wanting no more messages: by the link in each, with one press, without signing in."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from compete.services.outbox.channels import CHANNEL_WORDS
from compete.services.outbox.message_acts import (
    address_by_token,
    want_again,
    want_no_more,
)
from compete.web import guard
from compete.web.extensions import limiter
from compete.web.language import say
from compete.web.public.blueprint import face


@face.get("/m/<token>")
@guard.public
@limiter.limit("30 per minute")
def messages_off(token: str) -> ResponseReturnValue:
    """Ask once whether messages are to stop; the page shows neither name nor address."""
    row = address_by_token(token)
    if row is None:
        abort(404)
    way = say(CHANNEL_WORDS[row.channel])
    return render_template(
        "public/messages_off.html", off_token=token, is_off=row.off_at is not None, way=way
    )


# It needs no session: the link stands in the message alone, and all it does is to stop them.
@face.post("/m/<token>")
@guard.public_post("10 per minute")
def stop_own_messages(token: str) -> ResponseReturnValue:
    """Send nothing more to the address of the link, or again."""
    act = want_again if request.form.get("again") else want_no_more
    if not act(token):
        abort(404)
    return redirect(url_for("public.messages_off", token=token))
