"""The big screen and the data it fetches. No cookie, no sign-in; a random link."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from compete.domain.values import sealed_text, short_mark
from compete.models import HallBoard
from compete.services.hall import find_board
from compete.web import guard
from compete.web.extensions import limiter
from compete.web.hall.describe import describe_hall

face = Blueprint("hall", __name__, url_prefix="/hall")


@face.get("/<code>/<token>")
@guard.public
@limiter.limit("600 per minute")
def board(code: str, token: str) -> ResponseReturnValue:
    """The screen as it is at this moment; its script keeps it so."""
    found = _board(code, token)
    return render_template("hall/board.html", board=describe_hall(found))


@face.get("/<code>/<token>/data")
@guard.public
@limiter.limit("1200 per minute")
def data(code: str, token: str) -> ResponseReturnValue:
    """The same as JSON. Asked again with what it had, an unchanged screen gets a 304."""
    told = asdict(describe_hall(_board(code, token)))
    # The clock moves by itself: it is no reason to draw anything anew.
    lasting = {key: value for key, value in told.items() if key != "now"}
    response = Response(sealed_text(told), mimetype="application/json")
    response.set_etag(short_mark(lasting))
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


def _board(code: str, token: str) -> HallBoard:
    found = find_board(code, token)
    if found is None:
        abort(404)
    return found
