"""Who wrote what into which square of a labour competition: by unit, period, indicator."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.values import Right, msg
from compete.models import Competition
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour_changes.view_model import changes_page, whole_list
from compete.web.organiser.list_book import send_list
from compete.web.pages import fields_of


@face.get("/<code>/labour/changes")
@guard.of_labour
@guard.may(Right.SEE)
def labour_changes(competition: Competition) -> ResponseReturnValue:
    """The changes, newest first; those that the filters ask for."""
    page = changes_page(competition)
    return render_template("organiser/labour_changes/changes.html", **fields_of(page))


@face.get("/<code>/labour/changes.xlsx")
@guard.of_labour
@guard.may(Right.SEE)
def labour_changes_book(competition: Competition) -> Response:
    """The changes that the filters ask for, with all pages."""
    heads = (_("什么时候"), _("谁"), _("怎么填的"), _("单位"), _("哪一期"), _("哪一项"))
    rows = [
        [
            *(row.when, row.who, row.source, row.unit, row.period, row.indicator),
            *(row.was, row.now, row.why),
        ]
        for row in whole_list(competition)
    ]
    last = (_("原来"), _("改成"), _("为什么"))
    return send_list(competition, msg("改数记录"), [*heads, *last], rows)
