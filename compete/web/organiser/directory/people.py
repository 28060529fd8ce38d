"""People of the installation: found, looked at, put together where two records are one person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity.masks import mask_id
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Expert, Person
from compete.services.directory.duplicates import (
    PossiblySame,
    keep_apart,
    merge_people,
    part_person,
    possibly_same,
    propose_again,
    said_to_be_others,
)
from compete.services.directory.expert_fields import EXPERT_KINDS
from compete.services.directory.experts import experts_among
from compete.services.directory.merged import records_about
from compete.services.directory.visible_people import (
    Part,
    find_person,
    find_persons,
    known_as,
    may_decide,
    merged_records,
    numbers_of_persons,
    parts_of,
    persons_listed,
)
from compete.services.kernel.refusal import Refused
from compete.services.workers.own_links import can_have_link, give_link, given_link, withdraw_link
from compete.services.workers.printed_links import print_links
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.kind_words import speaking_of
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import all_of, send_list, sentences
from compete.web.organiser.log.record_words import record_text
from compete.web.organiser.shapes import competition_link
from compete.web.pages import or_404
from compete.web.paging import asked_page, asked_text, describe_page
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import role_word
from compete.web.worker.link_words import describe_link

PAGE_SIZE = 50
PAIRS_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person in a list, or one of two that may be the same."""

    id: int
    name: str
    number: str | None
    """The ID number, masked."""
    birth: str | None
    unit: str | None
    """The unit they came from last."""
    parts: Sequence[str]
    """The parts they have, and in which competitions."""


def _show_person(person: Person, refused: Refused | None = None) -> str:
    """Show one person: what they are where, what was merged, what was decided."""
    parts = parts_of([person.id], current_user).get(person.id, [])
    decides = may_decide(person, current_user)
    known = known_as([person], current_user).get(person.id)
    others = said_to_be_others(person) if decides else ()
    return render_template(
        "organiser/directory/people/person.html",
        person=person,
        name=(known or person).name,
        number=_masked(known),
        birth=_birth(known),
        unit=_unit(parts),
        parts=[(part, _part_line(part), competition_link(part.competition).url) for part in parts],
        merged=[(row, _masked(row)) for row in merged_records(person, current_user)],
        decides=decides,
        given=describe_link(person),
        can_have_link=can_have_link(person),
        problem=problem_of(refused),
        others=[row for row in others if may_decide(row, current_user)],
        records=[(entry.at, record_text(entry, {})) for entry in records_about(person)]
        if decides
        else [],
    )


def _rows(people: Iterable[Person]) -> list[PersonRow]:
    people = list(people)
    numbers = [person.id for person in people]
    parts, experts = parts_of(numbers, current_user), experts_among(numbers)
    known = known_as(people, current_user)
    return [
        PersonRow(
            name=known.get(person.id, person).name,
            id=person.id,
            number=_masked(known.get(person.id)),
            birth=_birth(known.get(person.id)),
            unit=_unit(parts.get(person.id, ())) or _unit_in_pool(experts.get(person.id, ())),
            parts=[
                *(
                    f"{part.competition.name} · {_part_line(part)}"
                    for part in parts.get(person.id, ())
                ),
                *_of_pool(experts.get(person.id, ())),
            ],
        )
        for person in people
    ]


def _unit_in_pool(experts: Sequence[Expert]) -> str | None:
    return next((expert.unit for expert in experts if expert.unit), None)


def _of_pool(experts: Sequence[Expert]) -> list[str]:
    """List a person's kinds in the pool of experts, each once."""
    kinds = dict.fromkeys(say(EXPERT_KINDS[expert.kind]) for expert in experts)
    return [_("专家库 · %(kind)s", kind=kind) for kind in kinds]


def _part_line(part: Part) -> str:
    with speaking_of(part.competition):
        return _part_words(part)


def _part_words(part: Part) -> str:
    if part.judge is not None:
        role = role_word(part.judge.role) if part.judge.role else _("裁判")
        return f"{role} {part.code}"
    if part.entrant is None:
        return _("等级认定 %(code)s", code=part.code)
    return _("选手 %(code)s，%(event)s", code=part.code, event=part.event or "")


def _shared(pair: PossiblySame) -> Sequence[str]:
    if pair.same("id_hash"):
        return [_("证件号码相同")]
    alike = [_("姓名相同") if pair.same("name_key") else _("姓名读音相同，字不同")]
    if pair.other_number:
        alike.append(_("证件种类不同") if pair.may_merge else _("证件号码不同"))
        if pair.same("id_tail"):
            alike.append(_("号码后四位相同"))
    if pair.same("unit_key"):
        alike.append(_("单位相同"))
    if pair.same("phone_hash"):
        alike.append(_("手机相同"))
    if pair.same("birth"):
        alike.append(_("出生日期相同"))
    return alike


def _masked(person: Person | None) -> str | None:
    return mask_id(person.id_number) if person and person.id_number else None


def _birth(person: Person | None) -> str | None:
    return f"{person.birth:%Y-%m}" if person and person.birth else None


def _unit(parts: Sequence[Part]) -> str | None:
    return next((part.unit for part in parts if part.unit), None)


def _pairs_page(refused: Refused | None = None) -> str:
    """Show a page of pairs that may be one person."""
    number = asked_page()
    pairs, total = possibly_same(
        current_user, limit=PAIRS_ON_A_PAGE, offset=(number - 1) * PAIRS_ON_A_PAGE
    )
    people = {row.id: row for pair in pairs for row in (pair.first, pair.second)}
    rows = dict(zip(people, _rows(people.values()), strict=True))
    return render_template(
        "organiser/directory/people/same.html",
        pairs=[
            (rows[pair.first.id], rows[pair.second.id], _shared(pair), pair.may_merge)
            for pair in pairs
        ],
        page=describe_page(total, number, PAIRS_ON_A_PAGE, "organiser.same_people"),
        problem=problem_of(refused),
    )


@face.get("/people")
@guard.may(Right.DIRECTORY)
def people() -> ResponseReturnValue:
    """The people of own competitions, for an administrator all; what is looked for among them."""
    query, number = asked_text(), asked_page()
    rows, total = find_persons(
        current_user, query, limit=PAGE_SIZE, offset=(number - 1) * PAGE_SIZE
    )
    return render_template(
        "organiser/directory/people/people.html",
        rows=_rows(rows),
        page=describe_page(total, number, PAGE_SIZE, "organiser.people", q=query),
        query=query,
    )


@face.get("/people/list.xlsx")
@guard.may(Right.DIRECTORY)
def people_book() -> Response:
    """The people as they are shown, those looked for, with all pages; numbers stay masked."""
    heads = (_("姓名"), _("证件号码"), _("出生"), _("单位"), _("参加过"))
    numbers = numbers_of_persons(current_user, asked_text())
    rows = [
        [row.name, row.number, row.birth, row.unit, sentences(row.parts)]
        for row in all_of(numbers, lambda part: _rows(persons_listed(part)))
    ]
    return send_list(None, msg("人员"), heads, rows)


@face.get("/people/same")
@guard.may(Right.DIRECTORY)
def same_people() -> ResponseReturnValue:
    """Pairs of records that may be one person."""
    return _pairs_page()


@face.get("/people/<int:person_id>")
@guard.may(Right.DIRECTORY)
def directory_person(person_id: int) -> ResponseReturnValue:
    """Show one person; instead of a merged record, that for which it counts."""
    person = _person_or_404(person_id)
    if person.id != person_id:
        return redirect(url_for("organiser.directory_person", person_id=person.id))
    return _show_person(person)


@face.post("/people/<int:person_id>/same/<int:other_id>")
@guard.may(Right.DIRECTORY)
@refusal_on(lambda person_id, other_id, refused: _pairs_page(refused))
def merge_pair(person_id: int, other_id: int) -> ResponseReturnValue:
    """Say that two records are one person."""
    first, second = _person_or_404(person_id), _person_or_404(other_id)
    kept, _gone = merge_people(first, second, current_user, posted_reason())
    flash(_("%(name)s 的两份记录合并了，在这个人的页面可以撤销", name=kept.name), "ok")
    return redirect(url_for("organiser.same_people"))


@face.post("/people/<int:person_id>/apart/<int:other_id>")
@guard.may(Right.DIRECTORY)
@refusal_on(lambda person_id, other_id, refused: _pairs_page(refused))
def keep_pair_apart(person_id: int, other_id: int) -> ResponseReturnValue:
    """Say that two records are two people."""
    first, second = _person_or_404(person_id), _person_or_404(other_id)
    keep_apart(first, second, current_user)
    flash(_("记下了，是两个人，以后不再提"), "ok")
    return redirect(url_for("organiser.same_people"))


@face.post("/people/<int:person_id>/again/<int:other_id>")
@guard.may(Right.DIRECTORY)
def propose_pair(person_id: int, other_id: int) -> ResponseReturnValue:
    """Take it back that two records are two people."""
    first, second = _person_or_404(person_id), _person_or_404(other_id)
    propose_again(first, second, current_user)
    flash(_("撤回了，会再提出来"), "ok")
    return redirect(url_for("organiser.directory_person", person_id=first.id))


@face.post("/people/<int:person_id>/part/<int:other_id>")
@guard.may(Right.DIRECTORY)
def part_records(person_id: int, other_id: int) -> ResponseReturnValue:
    """Take a merger back."""
    person = _person_or_404(person_id)
    gone = or_404(
        next((row for row in merged_records(person, current_user) if row.id == other_id), None)
    )
    part_person(gone, current_user)
    flash(_("撤销了合并，又是两份记录"), "ok")
    return redirect(url_for("organiser.directory_person", person_id=gone.id))


def _person_page(person_id: int, refused: Refused | None = None) -> str:
    return _show_person(_person_or_404(person_id), refused)


@face.post("/people/<int:person_id>/link")
@guard.may(Right.DIRECTORY)
@refusal_on(_person_page)
@only_once
def give_person_link(person_id: int) -> ResponseReturnValue:
    """Give somebody a link to their own record; one they had ends."""
    person = _person_or_404(person_id)
    give_link(person, current_user)
    flash(_("%(name)s 的链接发了，印出来交给本人", name=person.name), "ok")
    return redirect(url_for("organiser.directory_person", person_id=person.id))


@face.post("/people/<int:person_id>/link/back")
@guard.may(Right.DIRECTORY)
@refusal_on(_person_page)
def withdraw_person_link(person_id: int) -> ResponseReturnValue:
    """Take somebody's link back; what they shared of their record ends with it."""
    person = _person_or_404(person_id)
    withdraw_link(person, current_user)
    flash(_("链接收回了，%(name)s 给别人看的也看不到了", name=person.name), "ok")
    return redirect(url_for("organiser.directory_person", person_id=person.id))


@face.get("/people/<int:person_id>/link.pdf")
@guard.may(Right.DIRECTORY)
@refusal_on(_person_page)
def link_paper(person_id: int) -> ResponseReturnValue:
    """Print the slip that is handed to somebody, until they were in."""
    person = _person_or_404(person_id)
    link = given_link(person)
    printed = print_links([link] if link is not None else [], current_user, "", gettext)
    return send_pdf(printed, _("技能档案_%(name)s.pdf", name=person.name))


def _person_or_404(number: int) -> Person:
    return or_404(find_person(number, current_user))
