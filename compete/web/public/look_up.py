"""查真伪: a certificate by number and name or by its code, and how often one may guess."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.identity.errors import IdentityError
from compete.models import Certificate, utc_now
from compete.services.certificates.issuing_bodies import bodies
from compete.services.certificates.search import (
    find_by_number,
    find_by_token,
    holder_key,
    is_holders_number,
    number_key,
)
from compete.web import guard
from compete.web.extensions import csrf
from compete.web.language import say
from compete.web.public.blueprint import face
from compete.web.public.certificate import describe_certificate
from compete.web.wrong_answers import Misses

# Look-ups that found nothing. What is right is found beside any number of wrong ones of others.
# An address that has guessed gets no further answer by number and name alone, since whoever goes
# through the numbers would get in by the next one; with the holder's ID number, or by the code on
# the paper, what is right is found all the same. What is refused counts nothing. Each of these
# is over within the hour: a hall behind one address is not shut out for a day by one that guesses.
MISSES_OF_NUMBER, MISSES_OF_NUMBER_AN_HOUR = "5 per minute", "60 per hour"
MISSES_OF_NAME, MISSES_OF_NAME_OF_ALL = "20 per hour", "200 per hour"
MISSES_OF_NUMBER_OF_ALL = "200 per hour"
MISSES_OF_ADDRESS = "1000 per hour"
WRONG_HOLDERS_A_DAY = "10 per day"
_LONGEST_NUMBER, _LONGEST_NAME, _LONGEST_ID = 40, 60, 30


class MoreIsAskedError(Exception):
    """Number and name have been guessed at: the holder's ID number has to come with them."""


def found_certificate(number: str, name: str, holder: str = "") -> Certificate | None:
    """The certificate, or None; a wrong one too many is refused (429).

    `holder` is the ID number as it was typed, which nobody has to give. Where it was given, a
    certificate of somebody else is none. Raises `MoreIsAskedError` where it has to be given.
    """
    address = request.remote_addr or ""
    asked, whose = number_key(number)[:_LONGEST_NUMBER], holder_key(name)[:_LONGEST_NAME]
    pace = Misses("missed-pace", asked, address, [MISSES_OF_NUMBER])
    guessed = (
        Misses("missed", asked, address, [MISSES_OF_NUMBER_AN_HOUR], MISSES_OF_NUMBER_OF_ALL),
        Misses("missed-name", whose, address, [MISSES_OF_NAME], MISSES_OF_NAME_OF_ALL),
        Misses("missed-from", "", address, [MISSES_OF_ADDRESS]),
    )
    wrong_holder = _wrong_holders(number)
    if holder and wrong_holder.are_spent():
        abort(429)
    if not holder and any(misses.are_spent() for misses in guessed):
        raise MoreIsAskedError
    certificate = find_by_number(number, name)
    if certificate is not None and holder and not is_holders_number(certificate, holder):
        _refuse_holder(wrong_holder)
        certificate = None
    if certificate is None:
        if pace.are_spent():
            abort(429)
        for misses in (pace, *guessed):
            misses.count()
    return certificate


def _wrong_holders(number: str) -> Misses:
    """ID numbers that were not the holder's of this certificate."""
    asked = number_key(number)[:_LONGEST_NUMBER]
    own = [WRONG_HOLDERS_A_DAY]
    return Misses("wrong-holder", asked, request.remote_addr or "", own, WRONG_HOLDERS_A_DAY)


def _refuse_holder(wrong_holder: Misses) -> None:
    """Count an ID number that is not the holder's; refuse (429) where all had their tries."""
    over = wrong_holder.all_are_spent()
    wrong_holder.count()
    if over:
        abort(429)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpForm:
    """The form as it was filled in."""

    number: str = ""
    name: str = ""
    holder: str = ""
    """The ID number, where it was given."""
    typed: str = ""
    """An ID number that is not the holder's."""
    errors: dict[str, str] = field(default_factory=dict)
    """The faults, by field."""


@face.get("/verify")
@guard.public
def verify() -> ResponseReturnValue:
    """The form that looks a certificate up."""
    return _page(None, LookUpForm())


@face.post("/verify")
@csrf.exempt  # type: ignore[untyped-decorator]
@guard.public
def look_up() -> ResponseReturnValue:
    """Look a certificate up by its number and the holder's name.

    They come in the body of the request: an address is kept in histories and logs.
    It changes nothing and needs no session, so there is no token to check.
    """
    number = request.form.get("number", "")[:_LONGEST_NUMBER]
    name = request.form.get("name", "")[:_LONGEST_NAME]
    holder = request.form.get("holder", "").strip()[:_LONGEST_ID]
    errors: dict[str, str] = {}
    certificate, status = None, 200
    if not name.strip():
        errors["name"] = _("请写姓名")
    if not number.strip():
        errors["number"] = _("请写证书编号")
    if not errors:
        try:
            certificate = found_certificate(number, name, holder)
        except IdentityError as error:
            errors["number"] = say(error.message)
        except MoreIsAskedError:
            errors["holder"] = _(
                "查不到的次数太多了，光有编号和姓名不再查。把证件号码也写上，或者扫证书上的二维码"
            )
            status = 429
    form = LookUpForm(number=number, name=name, holder=holder, errors=errors)
    checked = (
        _("登记册里有这张证书，编号、姓名和证件号码都对得上。")
        if holder
        else _("登记册里有这张证书，编号和姓名对得上。")
    )
    return _page(None if errors else "missing", form, certificate, checked), status


def _page(
    standing: str | None,
    form: LookUpForm,
    certificate: Certificate | None = None,
    checked: str = "",
    *,
    link: str | None = None,
) -> str:
    """Render the page: about a certificate, with how it was found, or with the form.

    `found` is then `missing`, `unlinked` where a code leads nowhere, or None for the form alone.
    On the certificate's own `link` the ID number alone is compared.
    """
    known = bodies() if link is None else ()
    values: dict[str, object] = {
        "found": standing,
        "form": form,
        "link": link,
        "asked_at": utc_now(),
        # Of the first body that has one.
        "phone": next((body.phone for body in known if body.phone), None),
        "heading": _("证书真伪查询"),
        "subheading": next((body.name for body in known), ""),
    }
    if certificate is not None:
        values |= {**describe_certificate(certificate), "checked": checked}
    return render_template("public/verify.html", **values)


@face.get("/v/<token>")
@guard.public
def verify_link(token: str) -> ResponseReturnValue:
    """Open the QR code's link on a certificate: genuine, revoked, or unknown."""
    return _by_link(token)


@face.post("/v/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]
@guard.public
def compare_holder(token: str) -> ResponseReturnValue:
    """Say if an ID number is that of the holder of the certificate whose link was opened.

    Who has the link sees number and name: an ID number that differs is said to differ.
    """
    certificate = find_by_token(token)
    holder = request.form.get("holder", "").strip()[:_LONGEST_ID]
    if certificate is None or certificate.kind != "grade":
        return _by_link(token)
    if not holder:
        return _by_link(token, problem=_("请写证件号码"))
    wrong_holder = _wrong_holders(certificate.number)
    if wrong_holder.are_spent():
        abort(429)
    if is_holders_number(certificate, holder):
        return _by_link(token, holder=holder)
    _refuse_holder(wrong_holder)
    problem = _("和登记的证件号码不一致。照证书或证件再输一次，一张证书一天只能输错 10 次")
    return _by_link(token, typed=holder, problem=problem)


def _by_link(
    token: str, *, holder: str = "", typed: str = "", problem: str | None = None
) -> ResponseReturnValue:
    certificate = find_by_token(token)
    form = LookUpForm(
        holder=holder,
        typed=typed,
        errors={"holder": problem} if certificate is not None and problem else {},
    )
    checked = (
        _("二维码对应登记册里的这张证书，证件号码对得上。")
        if holder
        else _("二维码对应登记册里的这张证书。")
    )
    status = 404 if certificate is None else 400 if problem else 200
    return _page("unlinked", form, certificate, checked, link=token), status
