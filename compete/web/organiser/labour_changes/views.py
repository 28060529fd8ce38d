"""Changes of the squares of a labour competition: by unit, period, indicator."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.labour_changes.view_model import changes_page, list_filters
from compete.web.organiser.list_book import CHANGES_BOOK
from compete.web.pages import fields_of


@face.get("/<code>/labour/changes")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_changes(competition: Competition) -> ResponseReturnValue:
    """The changes, newest first; those that the filters ask for."""
    page = changes_page(competition)
    return render_template("organiser/labour_changes/changes.html", **fields_of(page))


@face.get("/<code>/labour/changes.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_changes_book(competition: Competition) -> ResponseReturnValue:
    """The changes that the filters ask for, with all pages."""
    name = f"{say(msg('改数记录'))}_{competition.name}.xlsx"
    return print_or_follow(competition, CHANGES_BOOK, name, **list_filters())
