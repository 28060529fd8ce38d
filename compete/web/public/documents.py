"""The own documents from the own phone, by the link of an own entry or the code of the card."""

from __future__ import annotations

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from compete.domain.kinds.kinds import competition_kind
from compete.models import ApplicantDocument
from compete.services.kernel.refusal import Refused
from compete.services.registration.documents import OWN, Applicant
from compete.services.registration.self_entry.own_entry import entry_under, photo_holder
from compete.web import guard
from compete.web.documents import document_list, send_applicant_document, take_sent_document
from compete.web.extensions import who_asks_by_link
from compete.web.kind_words import speak_of
from compete.web.public.blueprint import face
from compete.web.public.views import entrant_behind
from compete.web.refusals import faults_of, problem_of, status_of

_RATE = "30 per minute"


@face.get("/r/<token>/documents")
@guard.public
def entry_documents(token: str) -> ResponseReturnValue:
    """The documents of somebody who entered themselves."""
    return _page(_entered(token), "public.entry_document", "public.own_entry", token)


# The link says whose it is, as with the own entry.
@face.post("/r/<token>/documents")
@guard.public_post(_RATE, who_asks_by_link)
def send_entry_document(token: str) -> ResponseReturnValue:
    """Take a document from the phone, or take one away."""
    return _taken(_entered(token), "public.entry_document", "public.own_entry", token)


@face.get("/r/<token>/documents/<key>")
@guard.public
def entry_document(token: str, key: str) -> Response:
    """A document itself."""
    return send_applicant_document(_entered(token), key)


@face.get("/c/<token>/documents")
@guard.public
def own_documents(token: str) -> ResponseReturnValue:
    """The documents of somebody on the list."""
    return _page(_listed(token), "public.own_document", "public.contestant", token)


@face.post("/c/<token>/documents")
@guard.public_post(_RATE, who_asks_by_link)
def send_own_document(token: str) -> ResponseReturnValue:
    """Take a document from the phone, or take one away."""
    return _taken(_listed(token), "public.own_document", "public.contestant", token)


@face.get("/c/<token>/documents/<key>")
@guard.public
def own_document(token: str, key: str) -> Response:
    """A document itself."""
    return send_applicant_document(_listed(token), key)


def _entered(token: str) -> Applicant:
    application = entry_under(token)
    holder = photo_holder(application) if application is not None else None
    if holder is None:
        abort(404)
    return _applicant(holder)


def _listed(token: str) -> Applicant:
    return _applicant(entrant_behind(token))


def _applicant(holder: object) -> Applicant:
    """Who applies; 404 in a competition whose people hand in no documents."""
    if not isinstance(holder, Applicant) or not competition_kind(holder.competition).has_conditions:
        abort(404)
    speak_of(holder.competition)
    return holder


def _taken(holder: Applicant, document: str, back: str, token: str) -> ResponseReturnValue:
    try:
        take_sent_document(holder, OWN, None)
    except Refused as refused:
        return _page(holder, document, back, token, refused), status_of(refused)
    return redirect(request.path, 303)


def _page(
    holder: Applicant, document: str, back: str, token: str, refused: Refused | None = None
) -> str:
    def address_of(row: ApplicantDocument) -> str:
        return url_for(document, token=token, key=row.public_id)

    faults = faults_of(refused)
    return render_template(
        "public/documents.html",
        heading=holder.competition.name,
        name=holder.name,
        list=document_list(holder, OWN, address_of),
        back=url_for(back, token=token),
        wrong=faults.get("document"),
        problem=problem_of(refused) if not faults else None,
    )
