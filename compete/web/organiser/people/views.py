"""People of the installation: found, looked at, put together where two records are one person."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Person
from compete.services.directory.duplicates import (
    keep_apart,
    merge_people,
    part_person,
    propose_again,
)
from compete.services.directory.persons import find_person, merged_records
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list, sentences
from compete.web.organiser.people.view_model import (
    people_page,
    person_page,
    same_page,
    whole_list,
)
from compete.web.pages import fields_of, or_404
from compete.web.refusals import status_of


@face.get("/people")
@guard.may(Right.DIRECTORY)
def people() -> ResponseReturnValue:
    """The people of own competitions, for an administrator all; what is looked for among them."""
    return render_template("organiser/people/people.html", **fields_of(people_page()))


@face.get("/people/list.xlsx")
@guard.may(Right.DIRECTORY)
def people_book() -> Response:
    """The people as they are shown, those looked for, with all pages; numbers stay masked."""
    heads = (_("姓名"), _("证件号码"), _("出生"), _("单位"), _("参加过"))
    rows = [
        [row.name, row.number, row.birth, row.unit, sentences(row.parts)] for row in whole_list()
    ]
    return send_list(None, msg("人员"), heads, rows)


@face.get("/people/same")
@guard.may(Right.DIRECTORY)
def same_people() -> ResponseReturnValue:
    """Pairs of records that may be one person."""
    return _same()


@face.get("/people/<int:person_id>")
@guard.may(Right.DIRECTORY)
def directory_person(person_id: int) -> ResponseReturnValue:
    """One person; of a record that was merged, that for which it counts."""
    person = _found(person_id)
    if person.id != person_id:
        return redirect(url_for("organiser.directory_person", person_id=person.id))
    return render_template("organiser/people/person.html", **fields_of(person_page(person)))


@face.post("/people/<int:person_id>/same/<int:other_id>")
@guard.may(Right.DIRECTORY)
def merge_pair(person_id: int, other_id: int) -> ResponseReturnValue:
    """Say that two records are one person."""
    first, second = _found(person_id), _found(other_id)
    try:
        kept, _gone = merge_people(first, second, current_user, request.form.get("reason", ""))
    except Refused as refused:
        return _same(say(refused.message), status_of(refused))
    flash(_("%(name)s 的两份记录合并了，在这个人的页面可以撤销", name=kept.name), "ok")
    return redirect(url_for("organiser.same_people"))


@face.post("/people/<int:person_id>/apart/<int:other_id>")
@guard.may(Right.DIRECTORY)
def keep_pair_apart(person_id: int, other_id: int) -> ResponseReturnValue:
    """Say that two records are two people."""
    first, second = _found(person_id), _found(other_id)
    try:
        keep_apart(first, second, current_user)
    except Refused as refused:
        return _same(say(refused.message), status_of(refused))
    flash(_("记下了，是两个人，以后不再提"), "ok")
    return redirect(url_for("organiser.same_people"))


@face.post("/people/<int:person_id>/again/<int:other_id>")
@guard.may(Right.DIRECTORY)
def propose_pair(person_id: int, other_id: int) -> ResponseReturnValue:
    """Take it back that two records are two people."""
    first, second = _found(person_id), _found(other_id)
    propose_again(first, second, current_user)
    flash(_("撤回了，会再提出来"), "ok")
    return redirect(url_for("organiser.directory_person", person_id=first.id))


@face.post("/people/<int:person_id>/part/<int:other_id>")
@guard.may(Right.DIRECTORY)
def part_records(person_id: int, other_id: int) -> ResponseReturnValue:
    """Take a merger back."""
    person = _found(person_id)
    gone = or_404(
        next((row for row in merged_records(person, current_user) if row.id == other_id), None)
    )
    part_person(gone, current_user)
    flash(_("撤销了合并，又是两份记录"), "ok")
    return redirect(url_for("organiser.directory_person", person_id=gone.id))


def _found(number: int) -> Person:
    return or_404(find_person(number, current_user))


def _same(problem: str | None = None, status: int = 200) -> ResponseReturnValue:
    return render_template("organiser/people/same.html", **fields_of(same_page(problem))), status
