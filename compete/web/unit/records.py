"""Records of the unit's own people, as far as they were with it, and the links to their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, Entrant, Member, Person
from compete.services.kernel.refusal import Refused
from compete.services.registration.applications import entrants_of
from compete.services.workers.own_links import (
    UNCLAIMED,
    can_have_link,
    give_link,
    give_missing,
    links_of,
)
from compete.services.workers.printed_links import print_links
from compete.services.workers.record import record_of
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.once import only_once
from compete.web.pages import fields_of
from compete.web.refusals import problem_of, refusal_on
from compete.web.unit.blueprint import face, own_unit
from compete.web.worker.link_words import describe_link
from compete.web.worker.view_model import show_record


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """One of the unit's people, and whether they have a link."""

    name: str
    code: str
    entered: datetime | None
    given: datetime | None
    can_have: bool
    """True if an ID number is known."""


def _list_page(competition: Competition, refused: Refused | None = None) -> str:
    people = [it for it in _own_people() if it.person is not None]
    links = links_of([it.person_id for it in people if it.person_id is not None])
    rows = []
    for it in people:
        link = links.get(it.person_id or 0)
        rows.append(
            RecordRow(
                name=it.name,
                code=it.code,
                entered=link.entered_at if link is not None else None,
                given=link.made_at if link is not None else None,
                can_have=it.person is not None and can_have_link(it.person),
            )
        )
    return render_template(
        "unit/records.html",
        competition=competition,
        unit=own_unit(),
        rows=rows,
        missing=sum(row.given is None and row.can_have for row in rows),
        waiting=sum(row.given is not None and row.entered is None for row in rows),
        problem=problem_of(refused),
    )


@face.get("/<code>/records")
@guard.may(Right.ENTER_OWN)
def records(competition: Competition) -> ResponseReturnValue:
    """The own people of the list, each with their record."""
    return _list_page(competition)


def _record_page(competition: Competition, who: str, refused: Refused | None = None) -> str:
    person = _person(who)
    return render_template(
        "unit/record.html",
        competition=competition,
        who=who,
        owned=own_unit(),
        given=describe_link(person),
        can_have_link=can_have_link(person),
        unclaimed=UNCLAIMED.days,
        problem=problem_of(refused),
        **fields_of(show_record(record_of(person, own_unit()))),
    )


@face.get("/<code>/records/<who>")
@guard.may(Right.ENTER_OWN)
def record(competition: Competition, who: str) -> ResponseReturnValue:
    """Show the record of one of the own people: their time with the unit, and nothing else."""
    return _record_page(competition, who)


@face.post("/<code>/records/<who>/link")
@guard.may(Right.ENTER_OWN)
@refusal_on(_record_page)
@only_once
def give_own_link(competition: Competition, who: str) -> ResponseReturnValue:
    """Give one of the own people a link to their own record; one they had ends."""
    link = give_link(_person(who), current_user)
    flash(_("%(name)s 的链接发了，印出来交给本人", name=link.person.name), "ok")
    return redirect(url_for("unit.record", code=competition.code, who=who))


@face.post("/<code>/records/links")
@guard.may(Right.ENTER_OWN)
@refusal_on(_list_page)
@only_once
def give_links_to_all(competition: Competition) -> ResponseReturnValue:
    """Give a link to each of the own people who has none."""
    n = give_missing([it.person for it in _own_people() if it.person is not None], current_user)
    flash(ngettext("发了 %(num)s 个链接", "发了 %(num)s 个链接", n), "ok")
    return redirect(url_for("unit.records", code=competition.code))


@face.get("/<code>/records/links.pdf")
@guard.may(Right.ENTER_OWN)
@refusal_on(_list_page)
def links_paper(competition: Competition) -> ResponseReturnValue:
    """Print the slips of the own people who were not in yet."""
    people = [it.person_id for it in _own_people() if it.person_id is not None]
    links = {link.id: link for link in links_of(people).values()}
    printed = print_links(list(links.values()), current_user, own_unit().name, gettext)
    return send_pdf(printed, _("技能档案_%(name)s.pdf", name=own_unit().name))


def _own_people() -> list[Entrant | Member]:
    """The unit's people on the list, of a crew each member."""
    people: list[Entrant | Member] = []
    for entrant in entrants_of(own_unit()):
        people += entrant.members or [entrant]
    return people


def _person(who: str) -> Person:
    """The person of a number of the list; 404 for whoever is not of the unit."""
    holder = next((it for it in _own_people() if it.code == who), None)
    if holder is None or holder.person is None:
        abort(404)
    return holder.person
