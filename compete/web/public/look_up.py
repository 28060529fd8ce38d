"""Looking a certificate up, by number and name or by its code, and how often one may guess."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.identity import IdentityError
from compete.models import Certificate, utc_now
from compete.services.certificates import bodies, find_by_number, find_by_token, number_key
from compete.web import guard
from compete.web.extensions import csrf
from compete.web.language import say
from compete.web.pages import fields_of
from compete.web.public.blueprint import face
from compete.web.public.certificate import CredentialDoor, Labelled, describe_certificate
from compete.web.templating import moment
from compete.web.tries import is_exhausted, is_wrong_too_often

# Look-ups that found nothing, for one number and from one address: what is right is found
# beside any number of wrong ones, until a number has been guessed at for a whole day.
MISSES_OF_NUMBER, MISSES_OF_NUMBER_A_DAY, MISSES_OF_ADDRESS = (
    "5 per minute",
    "200 per day",
    "1000 per minute",
)


def found_certificate(number: str, name: str) -> Certificate | None:
    """The certificate, or None; a wrong one too many is refused (429)."""
    asked = number_key(number)[:40]
    if is_exhausted(MISSES_OF_NUMBER_A_DAY, "missed-day", asked):
        abort(429)
    certificate = find_by_number(number, name)
    if certificate is None:
        address = request.remote_addr or ""
        counted = [
            is_wrong_too_often(MISSES_OF_NUMBER, "missed", asked, address),
            is_wrong_too_often(MISSES_OF_NUMBER_A_DAY, "missed-day", asked),
            is_wrong_too_often(MISSES_OF_ADDRESS, "missed-from", address),
        ]
        if any(counted):
            abort(429)
    return certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpForm:
    """The form as it was filled in."""

    url: str
    number: str = ""
    name: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    """What is wrong, by field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """The look-up page where no certificate was found, or none looked for."""

    found: str | None
    """`missing`, or None for the form alone."""
    form: LookUpForm
    certificate: None = None
    revoked: None = None
    asked_at: str
    """The moment of the answer, in words."""
    phone: str | None
    """Whom to ask: the first body that has a number."""
    heading: str
    subheading: str
    addresses: list[Labelled]
    """Other places to ask."""


@face.get("/verify")
@guard.public
def verify() -> ResponseReturnValue:
    """The form that looks a certificate up."""
    return render_template("public/verify.html", **fields_of(_look_up()))


@face.post("/verify")
@csrf.exempt  # type: ignore[untyped-decorator]
@guard.public
def look_up() -> ResponseReturnValue:
    """Look a certificate up by its number and the holder's name.

    They come in the body of the request: an address is kept in histories and logs.
    It changes nothing and needs no session, so there is no token to check.
    """
    number, name = request.form.get("number", ""), request.form.get("name", "")
    errors: dict[str, str] = {}
    certificate = None
    if not name.strip():
        errors["name"] = _("请写姓名")
    if not number.strip():
        errors["number"] = _("请写证书编号")
    if not errors:
        try:
            certificate = found_certificate(number, name)
        except IdentityError as error:
            errors["number"] = say(error.message)
    page = _look_up(None if errors else "missing", number, name, errors)
    checked = _("登记册里有这张证书，编号和姓名对得上。")
    offered = CredentialDoor(url=url_for("public.found_credential"), number=number, name=name)
    return _verdict(page, certificate, checked, offered)


def _verdict(
    page: LookUp, certificate: Certificate | None, checked: str, offered: CredentialDoor
) -> str:
    """The page, with what is to be said of the certificate, and how it was found, if it was."""
    if certificate is None:
        return render_template("public/verify.html", **fields_of(page))
    context = fields_of(page, describe_certificate(certificate, offered))
    return render_template("public/verify.html", **context, checked=checked)


def _look_up(
    found: str | None = None, number: str = "", name: str = "", errors: dict[str, str] | None = None
) -> LookUp:
    return LookUp(
        found=found,
        form=LookUpForm(
            number=number, name=name, errors=errors or {}, url=url_for("public.look_up")
        ),
        asked_at=moment(utc_now()),
        phone=next((body.phone for body in bodies() if body.phone), None),
        heading=_("证书真伪查询"),
        subheading=next((body.name for body in bodies()), ""),
        addresses=[
            Labelled(label=_("国家统一查询"), value="jndj.osta.org.cn"),
            Labelled(label=_("评价机构查询"), value="pjjg.osta.org.cn"),
        ],
    )


@face.get("/v/<token>")
@guard.public
def verify_link(token: str) -> ResponseReturnValue:
    """What the QR code on a certificate opens: genuine, revoked, or unknown."""
    certificate = find_by_token(token)
    unknown = LookUp(
        found="missing",
        form=LookUpForm(url=url_for("public.look_up")),
        asked_at=moment(utc_now()),
        phone=None,
        heading=_("证书真伪查询"),
        subheading="",
        addresses=[],
    )
    offered = CredentialDoor(
        json=url_for("public.link_credential", token=token, form="json"),
        token=url_for("public.link_credential", token=token, form="jwt"),
    )
    page = _verdict(unknown, certificate, _("二维码对应登记册里的这张证书。"), offered)
    return page, 200 if certificate else 404
