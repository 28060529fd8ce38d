"""Documents of the unit's own people, on which their applications rest."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import ApplicantDocument, Competition
from compete.services.kernel.refusal import Refused
from compete.services.registration.documents import UNIT, Applicant
from compete.services.registration.self_entry.own_entry import entrant_of_application
from compete.web import guard
from compete.web.documents import (
    AddressOf,
    document_list,
    send_applicant_document,
    take_sent_document,
)
from compete.web.refusals import faults_of, problem_of, status_of
from compete.web.unit.blueprint import face, listed_entrant, own_unit, unit_application


@face.route("/<code>/people/<public_id>/documents", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN, of=guard.EVALUATIONS)
def documents(competition: Competition, public_id: str) -> ResponseReturnValue:
    """The documents of somebody who is entered."""

    def address_of(row: ApplicantDocument) -> str:
        return url_for(
            "unit.document", code=competition.code, public_id=public_id, key=row.public_id
        )

    application = unit_application(public_id)
    entrant = entrant_of_application(application)
    if entrant is not None and request.method == "GET":
        return redirect(url_for("unit.listed_documents", code=competition.code, who=entrant.code))
    return _answer(competition, application, address_of)


@face.get("/<code>/people/<public_id>/documents/<key>")
@guard.may(Right.ENTER_OWN, of=guard.EVALUATIONS)
def document(competition: Competition, public_id: str, key: str) -> Response:
    """A document itself."""
    return send_applicant_document(unit_application(public_id), key)


@face.route("/<code>/listed/<who>/documents", methods=["GET", "POST"])
@guard.may(Right.ENTER_OWN, of=guard.EVALUATIONS)
def listed_documents(competition: Competition, who: str) -> ResponseReturnValue:
    """The documents of somebody on the list."""

    def address_of(row: ApplicantDocument) -> str:
        return url_for("unit.listed_document", code=competition.code, who=who, key=row.public_id)

    return _answer(competition, listed_entrant(competition, who), address_of)


@face.get("/<code>/listed/<who>/documents/<key>")
@guard.may(Right.ENTER_OWN, of=guard.EVALUATIONS)
def listed_document(competition: Competition, who: str, key: str) -> Response:
    """A document itself."""
    return send_applicant_document(listed_entrant(competition, who), key)


def _answer(
    competition: Competition, holder: Applicant, address_of: AddressOf
) -> ResponseReturnValue:
    refused = None
    if request.method == "POST":
        try:
            done = take_sent_document(holder, UNIT, current_user)
        except Refused as error:
            refused = error
        else:
            flash(done, "ok")
            return redirect(request.path)
    faults = faults_of(refused)
    html = render_template(
        "unit/documents.html",
        competition=competition,
        unit=own_unit(),
        holder=holder,
        list=document_list(holder, UNIT, address_of),
        wrong=faults.get("document"),
        problem=problem_of(refused) if not faults else None,
    )
    return html, status_of(refused) if refused is not None else 200
