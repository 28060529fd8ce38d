"""The list of contestants, the registration workbook and the badges."""

from __future__ import annotations

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from compete.domain.values import Right, msg
from compete.models import Competition
from compete.services.registration import (
    BADGES,
    FORM_TITLES,
    PEOPLE_FORM,
    offer_of,
)
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.entrants.view_model import entrants_page
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.list_book import ENTRANTS_BOOK
from compete.web.organiser.person.finding import list_filters
from compete.web.pages import fields_of


@face.get("/<code>/entrants")
@guard.may(Right.REGISTER)
def entrants(competition: Competition) -> ResponseReturnValue:
    """Who takes part: searched, filtered, sorted and paged in the database."""
    page = entrants_page(competition)
    return render_template("organiser/entrants/entrants.html", **fields_of(page))


@face.get("/<code>/entrants/list.xlsx")
@guard.may(Right.REGISTER)
def entrants_book(competition: Competition) -> ResponseReturnValue:
    """The list as it is shown, searched, filtered and sorted, with all its pages."""
    name = f"{say(msg('选手'))}_{competition.name}.xlsx"
    return print_or_follow(competition, ENTRANTS_BOOK, name, **list_filters())


@face.get("/<code>/entrants/workbook.xlsx")
@guard.may(Right.REGISTER)
def workbook(competition: Competition) -> Response:
    """The empty registration workbook of this competition."""
    from compete.sheets.registration import write_registration_workbook

    content = write_registration_workbook(offer_of(competition))
    return send_workbook(content, f"报名表_{competition.name}.xlsx")


@face.get("/<code>/badges.pdf")
@guard.may(Right.REGISTER)
def badges(competition: Competition) -> ResponseReturnValue:
    """Everybody's badge, eight on a page."""
    return print_or_follow(competition, BADGES, f"参赛证_{competition.name}.pdf")


@face.get("/<code>/forms/<form>.pdf")
@guard.may(Right.REGISTER)
def people_form(competition: Competition, form: str) -> ResponseReturnValue:
    """A form to sign on at the venue."""
    if form not in FORM_TITLES:
        abort(404)
    filename = f"{say(FORM_TITLES[form])}_{competition.name}.pdf"
    return print_or_follow(competition, PEOPLE_FORM, filename, form=form)
