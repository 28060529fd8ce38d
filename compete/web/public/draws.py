"""Draws that anybody can check: the check and the sealing of a share, in the visitor's browser.

The pages are the same for everybody and set no cookie. What is typed or chosen on them
stays in the browser.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.values import state_words
from compete.models import DrawCeremony
from compete.services.kernel import competition_by_code, find_own
from compete.services.schedule import published_draws
from compete.web import guard
from compete.web.downloads import send_json
from compete.web.language import say
from compete.web.script_words import script_words
from compete.web.templating import near_day

face = Blueprint("draws", __name__, url_prefix="/draw")


_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDraw:
    """A draw of this site that can be checked."""

    name: str
    note: str
    url: str


@face.get("/check")
@guard.public
def check() -> ResponseReturnValue:
    """Work a draw out again in the browser; `?file=` names one that this site published."""
    return render_template(
        "public/draw_check.html",
        words=script_words("draw", "public/draw"),
        published=[_published(ceremony) for ceremony in published_draws(_SHOWN)],
    )


def _published(ceremony: DrawCeremony) -> PublishedDraw:
    competition = ceremony.event.competition
    file = url_for("draws.file", code=competition.code, number=ceremony.id)
    return PublishedDraw(
        name=ceremony.name,
        note=_("、").join(
            (
                competition.name,
                near_day(ceremony.drawn_at or ceremony.ended_at),
                say(state_words(ceremony.state)),
            )
        ),
        url=url_for("draws.check", file=file),
    )


@face.get("/<code>/<int:number>.json")
@guard.public
def file(code: str, number: int) -> Response:
    """The draw file as it was last published, byte for byte."""
    competition = competition_by_code(code)
    ceremony = find_own(DrawCeremony, competition, number) if competition else None
    if ceremony is None or ceremony.file is None:
        abort(404)
    return send_json(ceremony.file.encode(), f"{code}-draw-{number}.json")


@face.get("/seal")
@guard.public
def seal() -> ResponseReturnValue:
    """Seal a share on the party's own device."""
    return render_template("public/draw_seal.html", words=script_words("draw", "public/draw"))
