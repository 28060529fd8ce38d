"""The candidate's page in a hall: the frame; all else comes by the calls of `/api/exam`."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from compete.services.kernel.rows_by_number import competition_by_code
from compete.web.assets.packed import packed_page
from compete.web.guard import public
from compete.web.pages import or_404
from compete.web.script_translations import script_words

face = Blueprint("exam", __name__, url_prefix="/exam")


@face.get("/<code>")
@public
def page(code: str) -> ResponseReturnValue:
    """Show the page at which a candidate sits down; nothing of anybody is in it."""
    competition = or_404(competition_by_code(code))
    words = script_words("exam", "keeping", "shared")
    return packed_page(render_template("exam/page.html", competition=competition, words=words))
