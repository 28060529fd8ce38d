"""What anyone may open: the landing page, a badge's page, look-up of certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.identity import IdentityError
from compete.domain.values import Right, roles_for
from compete.models import Certificate, Publication, utc_now
from compete.services.accounts import memberships_with
from compete.services.certificates import (
    bodies,
    find_by_number,
    find_by_token,
    number_key,
    print_certificates,
)
from compete.services.judging import sheets_of_entrant
from compete.services.kernel import Version, competition_by_code, version_of
from compete.services.publication import (
    all_stand_words,
    certificates_of_entrant,
    find_by_badge,
    latest_publication,
    newest_publications,
    snapshot_files,
    standing_publications,
)
from compete.services.registration import is_replaced_badge
from compete.web import guard
from compete.web.downloads import send_file_bytes, send_json
from compete.web.extensions import csrf, limiter
from compete.web.language import say
from compete.web.pages import fields_of
from compete.web.paging import asked_number
from compete.web.public.badge import appeal_words_change, describe_badge
from compete.web.public.badge_certificates import may_save
from compete.web.public.certificate import CredentialDoor, Labelled, describe_certificate
from compete.web.public.results import describe_results, is_withheld
from compete.web.public.storing import may_store, store
from compete.web.templating import day, moment
from compete.web.tries import is_exhausted, is_wrong_too_often

face = Blueprint("public", __name__)
face.after_request(store)


@face.get("/")
@guard.public
def index() -> ResponseReturnValue:
    """The landing page: its doors and what is announced."""
    return render_template(
        "public/index.html",
        competitions=[_announced(publication) for publication in newest_publications()],
        urls={
            "verify": url_for("public.verify"),
            "check": url_for("draws.check"),
            "credential": url_for("public.check_credential"),
            "sign_in": url_for("auth.sign_in"),
        },
    )


@face.get("/c/<token>")
@guard.public
def contestant(token: str) -> ResponseReturnValue:
    """A badge's own page; a judge who scans it is taken to the sheet instead."""
    entrant = find_by_badge(token)
    if entrant is None:
        return no_badge(token)
    if current_user.is_authenticated and not entrant.event.blind:
        for membership in memberships_with(current_user, roles_for(Right.MARK)):
            if membership.judge and membership.competition_id == entrant.competition_id:
                sheets = sheets_of_entrant(membership.judge, entrant)
                if sheets:
                    return redirect(url_for("judge.sheet", public_id=sheets[0].public_id))
    version = version_of(entrant.competition)
    head, rest = describe_badge(entrant)
    publication = latest_publication(entrant.competition)
    if head.published and publication is not None:
        may_store(version, publication, appeal_words_change(publication))
    return render_template("public/contestant.html", **fields_of(head, rest))


def no_badge(token: str) -> ResponseReturnValue:
    """Why the code opens nothing: the badge was replaced, or there never was one."""
    replaced = is_replaced_badge(token)
    return render_template("public/no_badge.html", replaced=replaced), 404


@face.get("/c/<token>/certificates/<int:number>.pdf")
@guard.public
@limiter.limit("20 per minute")
def badge_certificate(token: str, number: int) -> ResponseReturnValue:
    """A valid award certificate of the badge's holder as PDF."""
    entrant = find_by_badge(token)
    certificate = next(
        (
            issued
            for issued in certificates_of_entrant(entrant)
            if issued.id == number and may_save(issued)
        )
        if entrant
        else iter(()),
        None,
    )
    if certificate is None:
        return no_badge(token)
    name = f"{certificate.face['name']}_{certificate.number}.pdf"
    content = print_certificates([certificate])
    return send_file_bytes(content, name, "application/pdf", show=False)


@face.get("/p/<code>")
@guard.public
def standings(code: str) -> ResponseReturnValue:
    """The published standings, names masked; of the version in the address or the newest."""
    version, versions = _versions_of(code)
    publication = _chosen(versions)
    if publication is None:
        # What is not there and what is not out yet read alike.
        return render_template("public/not_yet.html"), 404
    page = describe_results(publication, request.args.get("event", ""), versions)
    if page is None:
        abort(404)
    if version is not None:
        may_store(version, publication)
    return render_template("public/standings.html", **fields_of(page))


@face.get("/p/<code>/bundle.json")
@guard.public
def bundle(code: str) -> Response:
    """The published bundle, byte for byte, for anyone to score again."""
    return send_json(snapshot_files(_publication(code))[0], f"{code}.bundle.json")


@face.get("/p/<code>/results.json")
@guard.public
def results(code: str) -> Response:
    """The published results, byte for byte."""
    return send_json(snapshot_files(_publication(code))[1], f"{code}.results.json")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A competition whose results are out."""

    name: str
    state: str
    dates: str
    url: str


def _announced(publication: Publication) -> Announced:
    competition = publication.competition
    return Announced(
        name=competition.name,
        state=_("第 %(n)s 版，%(state)s", n=publication.version, state=say(said))
        if (said := all_stand_words(competition))
        else _("第 %(n)s 版", n=publication.version),
        dates=day(competition.starts, with_year=True) if competition.starts else "",
        url=url_for("public.standings", code=competition.code),
    )


def _versions_of(code: str) -> tuple[Version | None, Sequence[Publication]]:
    """The competition's publications, newest first, and its version from before they were read."""
    competition = competition_by_code(code)
    if competition is None:
        return None, ()
    return version_of(competition), standing_publications(competition)


def _chosen(versions: Sequence[Publication]) -> Publication | None:
    """The version that the address names, else the newest; none where there is no such one."""
    wanted = asked_number("version")
    if "version" in request.args:
        versions = [version for version in versions if version.version == wanted]
    return next(iter(versions), None)


def _publication(code: str) -> Publication:
    version, versions = _versions_of(code)
    publication = _chosen(versions)
    if publication is None or version is None or is_withheld(publication, versions):
        abort(404)
    may_store(version, publication)
    return publication
