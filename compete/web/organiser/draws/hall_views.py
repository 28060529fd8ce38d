"""The big screen of a draw, for the machine in the hall at which the organiser has signed in."""

from __future__ import annotations

from dataclasses import asdict

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.draws.hall_model import describe_screen
from compete.web.organiser.draws.views import find_ceremony


@face.get("/<code>/draws/<int:number>/hall")
@guard.may(Right.DRAW)
def draw_hall(competition: Competition, number: int) -> ResponseReturnValue:
    """The five steps, the shares, and names that fall into their places one by one."""
    screen = describe_screen(find_ceremony(competition, number))
    return render_template("hall/draw.html", screen=screen)


@face.get("/<code>/draws/<int:number>/hall/data")
@guard.may(Right.DRAW)
def draw_hall_data(competition: Competition, number: int) -> ResponseReturnValue:
    """The same as JSON, asked for until everybody is drawn."""
    return jsonify(asdict(describe_screen(find_ceremony(competition, number))))
