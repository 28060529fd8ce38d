"""Examinees: they take no part but have a grade; correct, photograph, erase on their wish."""

from __future__ import annotations

from functools import partial

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import grade_label
from compete.domain.values.claim_states import GROUND_WORDS
from compete.domain.values.rights import Right
from compete.domain.values.states import CertificateState, state_words
from compete.domain.values.upload_limits import LARGEST_PORTRAIT
from compete.models import Certificate, Competition, Erasure, Examinee
from compete.services.certificates.examinees import (
    certificates_of_examinee,
    claims_of_examinee,
    correct_examinee,
    examinee_number,
    find_examinee,
)
from compete.services.competitions.erasure_requests import (
    ask_erasure,
    last_erasure,
    why_not_erasable,
)
from compete.services.directory.occupations.claims import ladder_of_claim, shared_ladder
from compete.services.kernel.refusal import Refused
from compete.web import guard
from compete.web.certificate_words import shown_number
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.certificates.claims.views import examinee_url
from compete.web.pages import or_404, sent_file
from compete.web.portraits import send_portrait
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import moment_in_sentence


def _page(
    competition: Competition, number: int, refused: Refused | None = None, where: str = ""
) -> str:
    person = _examinee_or_404(competition, number)
    ladder, why = shared_ladder(competition), why_not_erasable(person)
    return render_template(
        "organiser/certificates/claims/examinee.html",
        competition=competition,
        person=person,
        number=examinee_number(person),
        present=say(grade_label(person.grade, ladder)),
        grades=[
            _(
                "%(ground)s %(grade)s %(state)s",
                ground=say(GROUND_WORDS[row.ground]),
                grade=say(grade_label(row.grade, ladder_of_claim(row))),
                state=say(state_words(row.state)),
            )
            for row in claims_of_examinee(person)
        ],
        erased=_("%(at)s 删除了，姓名换成化名。", at=moment_in_sentence(person.erased_at))
        if person.erased_at is not None
        else None,
        old_papers=[] if person.erased_at is not None else _old_papers(person),
        shown_number=shown_number,
        asked=last_erasure(competition, person),
        why_not=why,
        problem=problem_of(refused),
        where=where,
    )


@face.get("/<code>/claims/people/<int:number>")
@guard.may(Right.SEE, of=guard.SKILLS)
def examinee(competition: Competition, number: int) -> ResponseReturnValue:
    """Show a person with every grade proposed, and what can be corrected."""
    return _page(competition, number)


@face.get("/<code>/claims/people/<int:number>/photo.jpg")
@guard.may(Right.REGISTER, of=guard.SKILLS)
def examinee_photo(competition: Competition, number: int) -> Response:
    """The photo that the certificate bears."""
    return send_portrait(_examinee_or_404(competition, number).photo)


@face.post("/<code>/claims/people/<int:number>")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS)
@refusal_on(partial(_page, where="correct"))
def correct_examinee_page(competition: Competition, number: int) -> ResponseReturnValue:
    """Correct name, number or unit, or keep a photo; certificates stay until reissued."""
    examinee, form = _examinee_or_404(competition, number), request.form
    changed = correct_examinee(
        examinee,
        name=form.get("name", ""),
        id_number=form.get("id_number", ""),
        unit=form.get("unit", ""),
        photo=sent_file("photo", LARGEST_PORTRAIT),
        reason=posted_reason(),
        by=current_user,
    )
    flash(_("改好了") if changed else _("和原来一样，没有改"), "ok" if changed else "info")
    return redirect(examinee_url(competition, examinee))


@face.post("/<code>/claims/people/<int:number>/erase")
@guard.may(Right.REGISTER, of=guard.SKILLS)
@only_once
@refusal_on(partial(_page, where="erase"))
def ask_to_erase_examinee(competition: Competition, number: int) -> ResponseReturnValue:
    """Record the person's wish to be erased: asked for or answered at once."""
    examinee = _examinee_or_404(competition, number)
    asked = ask_erasure(competition, examinee, posted_reason(), current_user)
    flash_asked(asked)
    return redirect(examinee_url(competition, examinee))


def flash_asked(erasure: Erasure) -> None:
    """Say what becomes of a person's wish to be erased."""
    if erasure.answer:
        flash(_("记下了。现在不能删：%(why)s", why=erasure.answer), "warn")
    else:
        flash(_("提出了，等第二个人同意才删"), "ok")


def _examinee_or_404(competition: Competition, number: int) -> Examinee:
    return or_404(find_examinee(competition, number))


def _old_papers(person: Examinee) -> list[Certificate]:
    """Valid ones under a former name or number."""
    return [
        row
        for row in certificates_of_examinee(person)
        if row.state is CertificateState.VALID
        and (row.face["name"] != person.name or row.id_number != person.id_number)
    ]
