"""The big screen and the data it fetches. No cookie, no sign-in; a random link."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from compete.models import HallBoard
from compete.services.hall.board_acts import find_board
from compete.web import guard
from compete.web.extensions import limiter
from compete.web.hall.screens import clock_now, kept_screen
from compete.web.pages import or_404

face = Blueprint("hall", __name__, url_prefix="/hall")


@face.get("/<code>/<token>")
@guard.public
@limiter.limit("600 per minute")
def board(code: str, token: str) -> ResponseReturnValue:
    """Show the screen as it is at this moment; its script keeps it so."""
    screen = kept_screen(_board(code, token)).screen
    return render_template("hall/board.html", board={**screen, "now": clock_now()})


@face.get("/<code>/<token>/data")
@guard.public
@limiter.limit("1200 per minute")
def data(code: str, token: str) -> ResponseReturnValue:
    """Return the same as JSON. An unchanged screen gets a 304 if asked again by its version."""
    kept = kept_screen(_board(code, token))
    # The clock moves by itself: it is no reason to draw anything anew.
    response = Response(kept.told(clock_now()), mimetype="application/json")
    response.set_etag(kept.tag)
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)


def _board(code: str, token: str) -> HallBoard:
    return or_404(find_board(code, token))
