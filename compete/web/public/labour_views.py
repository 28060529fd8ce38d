"""The public pages of a labour competition, each stored once it has been drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Response, abort, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from msgspec.structs import replace

from compete.domain.kinds.kinds import competition_kind
from compete.models import Publication
from compete.services.labour.second_look import look_file, look_of
from compete.services.results.announced_periods import announced_labour, announced_periods
from compete.services.results.bulletin import print_bulletin
from compete.services.results.bulletin_sheets import bulletin_book
from compete.services.results.nominated_awards_in_force import distinction_lines
from compete.services.results.shown_version import edition_words
from compete.sheets.results_workbook.workbook import write_results_book
from compete.web import guard
from compete.web.downloads import send_json, send_pdf, send_workbook
from compete.web.extensions import limiter
from compete.web.language import say
from compete.web.pages import or_404
from compete.web.paging import asked_text
from compete.web.public.blueprint import chosen_version, face, versions_of
from compete.web.public.edition import old_number
from compete.web.public.labour import (
    chosen_period,
    labour_period_page,
    labour_unit_page,
    row_of_unit,
    unit_url,
    units_named,
)
from compete.web.public.labour_wall import wall_page
from compete.web.public.stored_pages import may_store


def labour_page(code: str, wanted: str | None) -> ResponseReturnValue | None:
    """A published labour competition's page; None where it is none, or nothing is published."""
    version, versions = versions_of(code)
    publication = chosen_version(versions)
    if publication is None or competition_kind(publication.competition).of_people:
        return None
    period = chosen_period(publication, versions, wanted)
    if period is None:
        return None
    searched = asked_text()
    named = units_named(announced_labour(publication), period, searched)
    if len(named) == 1:
        number = old_number(publication, versions)
        return redirect(unit_url(code, period, named[0].unit, number))
    page = labour_period_page(publication, versions, period, searched, named)
    if version is not None:
        may_store(version, publication)
    return page


@face.get("/p/<code>/periods/<period>")
@guard.public
def labour_period(code: str, period: str) -> ResponseReturnValue:
    """Show one announced period, group by group."""
    return labour_page(code, period) or abort(404)


@face.get("/p/<code>/periods/<period>/units/<unit>")
@guard.public
def labour_unit(code: str, period: str, unit: str) -> ResponseReturnValue:
    """Show how a unit's points were made."""
    publication, versions = _announcing(code, period)
    row = or_404(row_of_unit(announced_labour(publication), period, unit))
    return labour_unit_page(publication, versions, period, row)


@face.get("/p/<code>/wall")
@guard.public
def labour_wall(code: str) -> ResponseReturnValue:
    """Show the last announced standings on a big screen, group after group."""
    return _wall(code, None)


@face.get("/p/<code>/wall/<unit>")
@guard.public
def unit_wall(code: str, unit: str) -> ResponseReturnValue:
    """The same for a unit's site office: its own group, with the own row always in sight."""
    return _wall(code, unit)


def _wall(code: str, unit: str | None) -> ResponseReturnValue:
    publication, versions = _announcing(code, None)
    period = chosen_period(publication, versions, None)
    return or_404(wall_page(publication, period, unit) if period is not None else None)


@face.get("/p/<code>/periods/<period>/bulletin.pdf")
@guard.public
@limiter.limit("20 per minute")
def labour_bulletin(code: str, period: str) -> Response:
    """The bulletin as the version announces it; an old version's stays to be read."""
    return send_pdf(*_bulletin(code, period, print_bulletin, "pdf"))


@face.get("/p/<code>/periods/<period>/bulletin.xlsx")
@guard.public
@limiter.limit("20 per minute")
def labour_bulletin_book(code: str, period: str) -> Response:
    """The same as a workbook."""
    return send_workbook(*_bulletin(code, period, bulletin_book, "xlsx"))


def _bulletin(code: str, period: str, write: Callable[..., bytes], end: str) -> tuple[bytes, str]:
    """The bulletin as that writes it, and the name of its file."""
    publication, _versions = _announcing(code, period)
    competition = publication.competition
    name = announced_labour(publication).outcome.field.tree.periods[period].name
    return write(competition, period, gettext, publication), f"{competition.name}_{name}.{end}"


@face.get("/p/<code>/periods/<period>/second-look.json")
@guard.public
@limiter.limit("20 per minute")
def second_look(code: str, period: str) -> Response:
    """Send the proof with which anybody can draw again the squares of the second look."""
    _version, versions = versions_of(code)
    publication = chosen_version(versions)
    if publication is None or period not in announced_periods(publication):
        abort(404)
    look = or_404(look_of(publication.competition, period))
    return send_json(look_file(look), f"{code}_{period}.json")


@face.get("/p/<code>/standings.xlsx")
@guard.public
@limiter.limit("20 per minute")
def labour_book(code: str) -> Response:
    """The announced periods as a workbook."""
    publication, versions = _announcing(code, None)
    live = announced_labour(publication)
    announced = announced_periods(publication)
    results = replace(
        live.results,
        labour=replace(
            live.period_results,
            periods=[period for period in live.period_results.periods if period.code in announced],
        ),
    )
    edition = edition_words(publication)
    newest = publication.id == versions[0].id
    lines = distinction_lines(publication.competition, publication, say=say) if newest else []
    given = [(line.title, line.name, line.unit, line.reason) for line in lines]
    book = write_results_book(
        live.bundle, results, gettext, edition=edition, distinctions=given, away=live.away
    )
    return send_workbook(book, f"{publication.competition.name}.xlsx")


def _announcing(code: str, period: str | None) -> tuple[Publication, Sequence[Publication]]:
    """The version that the address names, if it announces the period, and all there are.

    The page may be stored.
    """
    version, versions = versions_of(code)
    publication = chosen_version(versions)
    if (
        publication is None
        or version is None
        or competition_kind(publication.competition).of_people
    ):
        abort(404)
    if period is not None and period not in announced_periods(publication):
        abort(404)
    may_store(version, publication)
    return publication, versions
