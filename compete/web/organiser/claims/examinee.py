"""Who takes no part and has a grade in the book: corrected, photographed, erased on their wish."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import grade_label
from compete.domain.identity.masks import mask_id
from compete.domain.values.claim_states import GROUND_WORDS
from compete.domain.values.rights import Right
from compete.domain.values.states import CertificateState, state_words
from compete.models import Competition, Examinee
from compete.services.certificates.claims_once import ladder_of_claim, shared_ladder
from compete.services.certificates.examinees import (
    certificates_of_examinee,
    claims_of_examinee,
    correct_examinee,
    examinee_number,
    find_examinee,
)
from compete.services.competitions.erasure_asks import ask_erasure, last_erasure, why_not_one
from compete.services.kernel.refusal import Refused
from compete.services.registration.portrait_files import MOST_PORTRAIT_BYTES
from compete.web import guard
from compete.web.certificate_words import shown_number
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.claims.shapes import ExamineePage
from compete.web.organiser.claims.view_model import examinee_url
from compete.web.organiser.shapes import Link, competition_link
from compete.web.pages import fields_of
from compete.web.portraits import send_portrait
from compete.web.refusals import status_of
from compete.web.templating import moment_said

_FIELDS = ("name", "id_number", "unit", "reason")


@face.get("/<code>/claims/people/<int:number>")
@guard.of_contests
@guard.may(Right.SEE)
def examinee(competition: Competition, number: int) -> ResponseReturnValue:
    """Who it is, with every grade proposed; what can be corrected."""
    return _page(_found(competition, number))


@face.get("/<code>/claims/people/<int:number>/photo.jpg")
@guard.of_contests
@guard.may(Right.REGISTER)
def examinee_photo(competition: Competition, number: int) -> Response:
    """The photo that the certificate bears."""
    return send_portrait(_found(competition, number).photo)


@face.post("/<code>/claims/people/<int:number>")
@guard.of_contests
@guard.may(Right.DECIDE_AWARDS)
def correct_one(competition: Competition, number: int) -> ResponseReturnValue:
    """Correct name, number or unit, or keep a photo; certificates stay until issued anew."""
    found, form, sent = _found(competition, number), request.form, request.files.get("photo")
    try:
        changed = correct_examinee(
            found,
            name=form.get("name", ""),
            id_number=form.get("id_number", ""),
            unit=form.get("unit", ""),
            photo=sent.stream.read(MOST_PORTRAIT_BYTES + 1) if sent is not None else b"",
            reason=form.get("reason", ""),
            by=current_user,
        )
    except Refused as refused:
        return _page(found, say(refused.message), "correct"), status_of(refused)
    flash(_("改好了") if changed else _("和原来一样，没有改"), "ok" if changed else "info")
    return redirect(examinee_url(competition, found))


@face.post("/<code>/claims/people/<int:number>/erase")
@guard.of_contests
@guard.may(Right.REGISTER)
@only_once
def ask_to_erase_examinee(competition: Competition, number: int) -> ResponseReturnValue:
    """What the person wants: written down, and asked for or answered at once."""
    found = _found(competition, number)
    try:
        asked = ask_erasure(competition, found, request.form.get("reason", ""), current_user)
    except Refused as refused:
        return _page(found, say(refused.message), "erase"), status_of(refused)
    if asked.answer:
        flash(_("记下了。现在不能删：%(why)s", why=asked.answer), "warn")
    else:
        flash(_("提出了，等第二个人同意才删"), "ok")
    return redirect(examinee_url(competition, found))


def _found(competition: Competition, number: int) -> Examinee:
    found = find_examinee(competition, number)
    if found is None:
        abort(404)
    return found


def _page(person: Examinee, problem: str | None = None, where: str = "") -> str:
    competition, number = person.competition, examinee_number(person)
    code, erased = competition.code, person.erased_at is not None
    asked = last_erasure(competition, person)
    waits = asked is not None and asked.ended_at is None
    why = why_not_one(person)
    page = ExamineePage(
        competition=competition_link(competition),
        claims_url=url_for("organiser.claims", code=code),
        code=person.code,
        name=person.name,
        number=mask_id(person.id_number) if person.id_number else "",
        unit=person.unit_name,
        present=say(grade_label(person.grade, shared_ladder(competition))),
        grades=[
            _(
                "%(ground)s %(grade)s %(state)s",
                ground=say(GROUND_WORDS[row.ground]),
                grade=say(grade_label(row.grade, ladder_of_claim(row))),
                state=say(state_words(row.state)),
            )
            for row in claims_of_examinee(person)
        ],
        photo_url=guard.allowed_url("organiser.examinee_photo", code=code, number=number)
        if person.photo is not None
        else None,
        erased=_("%(at)s 删除了，姓名换成化名。", at=moment_said(person.erased_at))
        if erased
        else None,
        correct_url=None
        if erased
        else guard.allowed_url("organiser.correct_one", code=code, number=number),
        old_papers=[] if erased else _old_papers(person),
        erase_url=None
        if erased or waits
        else guard.allowed_url("organiser.ask_to_erase_examinee", code=code, number=number),
        erase_said=_("提出了，等第二个人同意：%(why)s", why=asked.reason)
        if asked is not None and waits
        else None,
        erase_why_not=say(why) if why is not None and not erased else None,
        typed={key: request.form.get(key, "") for key in _FIELDS},
        problem=problem,
        where=where,
    )
    return render_template("organiser/claims/examinee.html", **fields_of(page))


def _old_papers(person: Examinee) -> list[Link]:
    """Valid ones under a former name or number, each with its row of the register."""
    code = person.competition.code
    return [
        Link(
            label=shown_number(row),
            url=url_for(
                "organiser.certificates", code=code, open=row.id, _anchor=f"certificate-{row.id}"
            ),
        )
        for row in certificates_of_examinee(person)
        if row.state is CertificateState.VALID
        and (row.face["name"] != person.name or row.id_number != person.id_number)
    ]
