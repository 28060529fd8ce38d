"""Who wrote what into which square of a labour competition: by unit, period, indicator."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from compete.domain.values import Right
from compete.models import Competition
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour_changes.view_model import changes_page
from compete.web.pages import fields_of


@face.get("/<code>/labour/changes")
@guard.of_any_kind
@guard.may(Right.SEE)
def labour_changes(competition: Competition) -> ResponseReturnValue:
    """The changes, newest first; those that the filters ask for."""
    if competition.kind != "labour":
        abort(404)
    page = changes_page(competition)
    return render_template("organiser/labour_changes/changes.html", **fields_of(page))
