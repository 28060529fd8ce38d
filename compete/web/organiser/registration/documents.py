"""One applicant with the documents that the application rests on, each recognised or given back."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import CompetitionState
from compete.models import ApplicantDocument, Competition, Entrant
from compete.services.kernel.refusal import Refused
from compete.services.registration.documents import (
    DESK,
    DocumentReturn,
    find_document,
    recognise_document,
    return_document,
    take_recognition_back,
)
from compete.services.registration.former_documents import bring_former_documents
from compete.services.registration.level_exemptions import (
    agree_level_exemption,
    ask_level_exemption,
    end_level_exemption,
    level_exemption,
    level_exemption_word,
    why_no_level_exemption,
)
from compete.services.registration.passing import (
    pass_person,
    take_pass_back,
    why_not_passed,
    why_pass_stays,
)
from compete.services.schedule.admissions import is_admitted
from compete.web import guard
from compete.web.documents import document_list, send_applicant_document, take_sent_document
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.asked_cards import AskedCard
from compete.web.organiser.blueprint import face
from compete.web.organiser.registration.past_batches import past_of
from compete.web.organiser.registration.person.finding import find_entrant
from compete.web.organiser.registration.review import review_page, review_rows
from compete.web.pages import or_404
from compete.web.posted import posted_reason
from compete.web.refusals import faults_of, problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act
from compete.web.templating import moment


def _page(
    competition: Competition, who: str, refused: Refused | None = None, key: str | None = None
) -> str:
    """The applicant's lines of conditions, and beside them what they rest on."""
    entrant = find_entrant(competition, who)

    def address_of(row: ApplicantDocument) -> str:
        return url_for("organiser.applicant_document", who=who, key=row.public_id)

    faults, shown = faults_of(refused), document_list(entrant, DESK, address_of)
    return render_template(
        "organiser/registration/documents.html",
        entrant=entrant,
        row=review_rows(competition, [entrant.code], [])[0],
        asked=_asked_card(entrant),
        may_ask=why_no_level_exemption(entrant) is None,
        is_admitted=is_admitted(entrant),
        why_not=why_not_passed(entrant),
        stays=why_pass_stays(entrant),
        history=past_of(entrant),
        list=shown,
        url=url_for("organiser.put_applicant_document", who=who),
        wrong=faults.get("document"),
        problem=problem_of(refused) if not faults else None,
        returning={
            card.key: act_form(DocumentReturn, refused, at=card.key, here=card.key == key)
            for card in shown.cards
        },
    )


def _asked_card(entrant: Entrant) -> AskedCard | None:
    """What somebody asked for the applicant, or two agreed to; None for nothing."""
    row = level_exemption(entrant)
    if row is None:
        return None
    barred = level_exemption_word(row).why_not(current_user)
    waits = row.agreed_at is None
    makers = [it.name for it in (row.maker, row.second) if it is not None]
    may_end = entrant.competition.state is CompetitionState.REGISTERING
    agree = url_for("organiser.agree_to_exempt", who=entrant.code) if waits else None
    return AskedCard(
        title=_("特准，等第二个人同意") if waits else _("特准"),
        label=_("特准什么"),
        what=[_("条件不够也能考")],
        who=_("、").join([*makers, moment(row.made_at)]),
        why=row.reason,
        agree_url=agree if not barred else None,
        agree_why_not=say(barred) if waits and barred else None,
        drop_url=url_for("organiser.end_exempting", who=entrant.code) if may_end else None,
        drop=_("不特准了") if waits else _("收回特准"),
    )


@face.get("/<code>/review/<who>")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
def applicant(competition: Competition, who: str) -> ResponseReturnValue:
    """Show one applicant and the documents."""
    return _page(competition, who)


@face.post("/<code>/review/<who>/pass")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(_page)
def pass_applicant(competition: Competition, who: str) -> ResponseReturnValue:
    """Pass one applicant."""
    pass_person(find_entrant(competition, who), current_user)
    return _done(who, _("通过了"))


@face.post("/<code>/review/<who>/pass-end")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(_page)
def end_pass_of_applicant(competition: Competition, who: str) -> ResponseReturnValue:
    """Take the pass of one applicant back."""
    take_pass_back(find_entrant(competition, who), current_user)
    return _done(who, _("收回了，要来定"))


@face.post("/<code>/review/<who>/exempt")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(_page)
def ask_to_exempt(competition: Competition, who: str) -> ResponseReturnValue:
    """Ask that an applicant may try the level without its conditions."""
    ask_level_exemption(find_entrant(competition, who), posted_reason(), current_user)
    return _done(who, _("提出了，等第二个人同意"))


@face.post("/<code>/review/<who>/exempt-agree")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(_page)
def agree_to_exempt(competition: Competition, who: str) -> ResponseReturnValue:
    """Agree to it as the second person."""
    row = or_404(level_exemption(find_entrant(competition, who)))
    agree_level_exemption(row, current_user)
    return _done(who, _("特准了，谁都看得到为什么"))


@face.post("/<code>/review/<who>/exempt-end")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(_page)
def end_exempting(competition: Competition, who: str) -> ResponseReturnValue:
    """Drop what was asked, or take it back."""
    row = or_404(level_exemption(find_entrant(competition, who)))
    end_level_exemption(row, current_user)
    return _done(who, _("不特准了"))


@face.get("/<code>/review/<who>/documents/<key>")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
def applicant_document(competition: Competition, who: str, key: str) -> Response:
    """Send a document."""
    return send_applicant_document(find_entrant(competition, who), key)


@face.post("/<code>/review/<who>/documents")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(_page)
def put_applicant_document(competition: Competition, who: str) -> ResponseReturnValue:
    """Keep a document that was brought to the desk, or take one away."""
    return _done(who, take_sent_document(find_entrant(competition, who), DESK, current_user))


@face.post("/<code>/review/<who>/documents/<key>/recognise")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(_page)
def agree_to_document(competition: Competition, who: str, key: str) -> ResponseReturnValue:
    """Recognise a document."""
    entrant, row = _asked(competition, who, key)
    recognise_document(row, entrant, current_user)
    return _done(who, _("认可了"))


@face.post("/<code>/review/<who>/documents/<key>/return")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(_page)
def return_applicant_document(competition: Competition, who: str, key: str) -> ResponseReturnValue:
    """Give a document back."""
    entrant, row = _asked(competition, who, key)
    return_document(row, entrant, typed_act(DocumentReturn), current_user)
    return _done(who, _("退回了，本人和单位在自己的页上看得到"))


@face.post("/<code>/review/<who>/documents/<key>/again")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(_page)
def drop_document_decision(competition: Competition, who: str, key: str) -> ResponseReturnValue:
    """Look at a document once more."""
    entrant, row = _asked(competition, who, key)
    take_recognition_back(row, entrant, current_user)
    return _done(who, _("改回没看了"))


@face.post("/<code>/review/documents")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
@only_once
@refusal_on(review_page)
def call_former_documents(competition: Competition) -> ResponseReturnValue:
    """Bring the documents of the batch before along."""
    people = bring_former_documents(competition, current_user)
    words = ngettext("带来了 %(num)s 人的材料", "带来了 %(num)s 人的材料", people)
    flash(words, "ok")
    return redirect(url_for("organiser.review", show="all"))


def _asked(competition: Competition, who: str, key: str) -> tuple[Entrant, ApplicantDocument]:
    entrant = find_entrant(competition, who)
    return entrant, or_404(find_document(entrant, key))


def _done(who: str, words: str) -> ResponseReturnValue:
    flash(words, "ok")
    return redirect(url_for("organiser.applicant", who=who))
