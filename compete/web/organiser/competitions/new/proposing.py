"""The likely meaning of a competition that is to be made, and what does not fit in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import request

from compete.models import Competition
from compete.services.competitions.drafts import propose_code
from compete.services.competitions.edition_names import name_doubts, next_name
from compete.services.kernel.clock import local_today
from compete.web.language import say
from compete.web.organiser.competitions.new.forms import DatedForm, EditionForm
from compete.web.organiser.competitions.new.shapes import AskedAgain
from compete.web.organiser.earlier import template_of, templates


def propose(form: DatedForm, start: str, editions: Sequence[Competition]) -> Sequence[str]:
    """Fill the form: the chosen or newest edition with its name for the next year, a free code.

    `starts` in the address is a first day that somebody has chosen; the year goes with it.
    Returns why the name wants a look.
    """
    today = local_today()
    if start == "edition" and editions:
        chosen = request.args.get("of")
        old = next((each for each in editions if each.code == chosen), editions[0])
        had, starts = _year_of(old), _asked_day()
        year = _next_year(old, starts)
        proposed = next_name(old.name, had, year)
        form.of.data = old.code
        form.name.data = proposed.name
        form.starts.data = starts or _first_day(old, year)
        form.year.data = year
        form.code.data = propose_code(old.code, year)
        return [say(doubt) for doubt in proposed.doubts]
    if start == "template":
        asked = request.args.get("of", "")
        form.of.data = asked if template_of(asked) is not None else templates()[0].key
    form.code.data = propose_code("", today.year)
    return []


def asked_again(form: EditionForm, old: Competition) -> AskedAgain | None:
    """Return the doubts to see before this edition is made; None: it fits, or they were seen."""
    wanted = form.beginnings()
    starts = wanted.starts
    year = wanted.year or (starts.year if starts else None)
    doubts = name_doubts(wanted.name, old.name, year, starts)
    sure = "|".join((old.code, wanted.name, str(wanted.year or ""), str(starts or "")))
    if not doubts or request.form.get("sure") == sure:
        return None
    fits = _next_year(old, starts) if starts else year or _next_year(old, None)
    name = next_name(old.name, _year_of(old), fits).name
    if name == old.name or (name, fits) == (wanted.name, wanted.year):
        return AskedAgain(doubts=[say(doubt) for doubt in doubts], sure=sure)
    return AskedAgain(doubts=[say(doubt) for doubt in doubts], sure=sure, name=name, year=fits)


def take_what_fits(form: EditionForm, old: Competition) -> None:
    """Put the name and the year that fit into the form, as they were shown."""
    again = asked_again(form, old)
    if again is not None and again.name:
        form.name.data, form.year.data = again.name, again.year


def _next_year(old: Competition, starts: date | None) -> int:
    """The year it is of: as far from its first day as the one before was, never one gone by.

    Nor one of which the first day has gone by, as it falls when nobody has chosen another.
    """
    had, today = _year_of(old), local_today()
    if starts is not None:
        return starts.year - _years_later(old)
    year = max(had + 1, today.year) if had else today.year
    while (first := _first_day(old, year)) is not None and first < today:
        year += 1
    return year


def _first_day(old: Competition, year: int) -> date | None:
    """The day of the one before, in the edition of that year."""
    return _same_day(old.starts, year + _years_later(old)) if old.starts else None


def _years_later(old: Competition) -> int:
    """Years from the year it belongs to until it begins: an edition of 2025 may be held in 2026."""
    return old.starts.year - old.year if old.starts and old.year else 0


def _year_of(old: Competition) -> int | None:
    return old.year or (old.starts.year if old.starts else None)


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("starts", ""))
    except ValueError:
        return None


def _same_day(day_before: date, year: int) -> date:
    try:
        return day_before.replace(year=year)
    except ValueError:
        return day_before.replace(year=year, day=28)
