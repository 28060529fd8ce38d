"""Practice on a phone: its page, which the link opens to anybody, and the call that draws a set."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from compete.models import Practice
from compete.services.kernel.refusal import Refused
from compete.services.questions.practice import practice_by_link, take_set
from compete.web.assets.packed import packed_data, packed_page
from compete.web.errors import answer
from compete.web.guard import public, public_post
from compete.web.language import say
from compete.web.pages import or_404
from compete.web.script_translations import script_words

face = Blueprint("practice", __name__)


def _practice(link: str) -> Practice:
    return or_404(practice_by_link(link))


@face.get("/practice/<link>")
@public
def page(link: str) -> ResponseReturnValue:
    """Show the frame; a phone keeps it with its set, so it says nothing that changes."""
    words = script_words("practice", "exam", "keeping", "shared")
    html = render_template("exam/practice.html", practice=_practice(link), words=words)
    return packed_page(html)


@face.post("/api/practice/<link>/set")
@public_post("300 per minute")
def take(link: str) -> ResponseReturnValue:
    """Draw a set: questions of the practice pool with their keys, alike for whoever asks."""
    try:
        return packed_data(take_set(_practice(link)))
    except Refused as refused:
        return answer(422, say(refused.message))
