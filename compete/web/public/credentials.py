"""Certificates as signed credentials, what they are checked with, and the page that checks one."""

from __future__ import annotations

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from compete.domain.credentials.status_lists import Purpose
from compete.domain.identity.errors import IdentityError
from compete.domain.values.canonical import canonical_json
from compete.models import Certificate
from compete.services.certificates.credentials import (
    may_have_credential,
    signed_credential,
    signed_status_list,
)
from compete.services.certificates.issuer_keys import issuer_did, issuer_document
from compete.services.certificates.search import find_by_token
from compete.services.results.contestants import certificates_of_entrant
from compete.web import guard
from compete.web.downloads import send_file_bytes
from compete.web.extensions import limiter
from compete.web.pages import or_404
from compete.web.public.blueprint import face
from compete.web.public.look_up import MoreIsAskedError, found_certificate
from compete.web.public.views import entrant_behind, no_badge
from compete.web.script_translations import script_words

_FORMS = ("json", "jwt")

_TOKEN = "application/jwt"
_TOKENS = (_TOKEN, "application/vc+jwt")
# JSON first: it is what they get who take anything.
_LIST_FORMS = (
    "application/json", "application/ld+json", "application/vc", "application/vc+ld+json", *_TOKENS
)  # fmt: skip

# A document that anybody may fetch from anywhere: other sites' wallets and checks, too.
_FOR_ALL = ("Access-Control-Allow-Origin", "*")


@face.get("/.well-known/did.json")
@guard.public
def issuer() -> Response:
    """Publish the keys that sign here: the document of our did:web."""
    return _document(canonical_json(or_404(issuer_document())), "application/did+json")


@face.get("/status/<int:number>/<purpose>")
@guard.public
@limiter.limit("120 per minute")
def status(number: int, purpose: str) -> Response:
    """Send a status list as the register stands now. The fetcher doesn't say what for.

    In the form that is asked for; as a token for who names none, for programs that check
    tokens ask so, and take a list whose signature stands beside it for one without.
    """
    status_list = or_404(
        signed_status_list(number, Purpose(purpose)) if purpose in frozenset(Purpose) else None
    )
    asked = request.accept_mimetypes
    form = asked.best_match(_LIST_FORMS, default=_LIST_FORMS[0] if asked else _TOKEN)
    text = status_list.token if form in _TOKENS else status_list.document
    response = _document(text.encode(), form)
    response.vary.add("Accept")
    return response


def _document(content: bytes, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers[_FOR_ALL[0]] = _FOR_ALL[1]
    return response


@face.get("/c/<token>/certificates/<int:number>.<form>")
@guard.public
@limiter.limit("20 per minute")
def badge_credential(token: str, number: int, form: str) -> ResponseReturnValue:
    """The credential of a certificate of the badge's holder."""
    issued = certificates_of_entrant(entrant_behind(token))
    certificate = next((paper for paper in issued if paper.id == number), None)
    if certificate is None or form not in _FORMS or not may_have_credential(certificate):
        return no_badge(token)
    return _file(certificate, form)


@face.get("/v/<token>/credential.<form>")
@guard.public
@limiter.limit("20 per minute")
def link_credential(token: str, form: str) -> Response:
    """The credential of the certificate whose QR code this is."""
    return _file_or_404(find_by_token(token), form)


@face.post("/verify/credential")
@guard.public_post("20 per minute")
def found_credential() -> Response:
    """The credential of the certificate with this number and name, counted as look-ups are."""
    form = request.form.get("form", "")
    number, name = request.form.get("number", ""), request.form.get("name", "")
    if form not in _FORMS or not number.strip() or not name.strip():
        abort(400)
    try:
        certificate = found_certificate(number, name)
    except IdentityError:
        certificate = None
    except MoreIsAskedError:
        abort(429)
    return _file_or_404(certificate, form)


@face.get("/verify/credential")
@guard.public
def check_credential() -> ResponseReturnValue:
    """Check a credential on the visitor's own device; the file is sent nowhere."""
    return render_template(
        "public/credential_check.html",
        did=issuer_did() or "",
        keys=url_for("public.issuer"),
        words=script_words("public/credential", "shared"),
    )


def _file_or_404(certificate: Certificate | None, form: str) -> Response:
    if certificate is None or form not in _FORMS or not may_have_credential(certificate):
        abort(404)
    return _file(certificate, form)


def _file(certificate: Certificate, form: str) -> Response:
    signed = signed_credential(certificate)
    name = f"{certificate.face['name']}_{certificate.number}.{form}"
    if form == "jwt":
        return send_file_bytes(signed.token.encode(), name, "application/jwt", show=False)
    return send_file_bytes(signed.document.encode(), name, "application/json", show=False)
