"""`/ca`: how a tablet learns to trust the certificate authority, and the authority itself.

Public, and of use over plain HTTP above all: who needs it does not trust our
HTTPS yet. Nothing on it is secret; whether it came unchanged is for the person
to see, by the fingerprint that stands on the organiser's terminal and paper.
"""

from __future__ import annotations

import plistlib
import re
import uuid
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from compete.config import Config
from compete.documents.qr import qr_svg
from compete.tls import fingerprint
from compete.tls.authority import called
from compete.tls.keeping import folder_of, load_handout, noted_address
from compete.web import guard
from compete.web.downloads import send_file_bytes
from compete.web.headers import POLICY
from compete.web.templating import day

MIMETYPE = "application/x-apple-aspen-config"

_SPACE = uuid.UUID("5d1a0a5e-43a5-5d4b-9f0b-6b3c4b8d2c11")


def _profile_of(certificate: x509.Certificate, name: str, why: str) -> bytes:
    """A profile that adds the authority; `name` and `why` are what the device shows of it.

    The same authority always has the same identifiers, so that a second
    installation takes the place of the first.
    """
    print_of = certificate.fingerprint(hashes.SHA256()).hex()
    root = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"compete.ca.{print_of[:16]}.root",
        "PayloadUUID": _identifier(print_of + "root"),
        "PayloadDisplayName": name,
        "PayloadCertificateFileName": "compete-ca.crt",
        "PayloadContent": certificate.public_bytes(Encoding.DER),
    }
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"compete.ca.{print_of[:16]}",
            "PayloadUUID": _identifier(print_of),
            "PayloadDisplayName": name,
            "PayloadDescription": why,
            "PayloadRemovalDisallowed": False,
            "PayloadContent": [root],
        }
    )


def _identifier(text: str) -> str:
    return str(uuid.uuid5(_SPACE, text)).upper()


face = Blueprint("trust", __name__)

_ADDRESS = re.compile(r"https://[\w.\-\[\]:]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """The certificate authority as a person compares it."""

    name: str
    until: str
    pairs: list[str]
    """Its SHA-256 fingerprint, `2E` by `DD`."""
    words: str
    """The same in eight words."""
    sha1: str


@face.get("/ca")
@guard.public
def ca() -> ResponseReturnValue:
    """Show what it is, steps for each kind of device, the fingerprint, and the way on."""
    certificate = _certificate()
    if certificate is None:
        return render_template("trust/ca.html", ca=None), 404
    address = _secure_address()
    here = request.base_url if request.scheme == "http" else None
    # Over plain HTTP a warning that was clicked away looks like trust; over HTTPS it does not.
    onward = f"{address}{url_for('trust.ca')}" if address and here else address
    page = make_response(
        render_template(
            "trust/ca.html",
            ca=Authority(
                name=called(certificate),
                until=day(certificate.not_valid_after_utc, with_year=True),
                pairs=fingerprint.sha256(certificate).split(),
                words=fingerprint.words(certificate),
                sha1=fingerprint.sha1(certificate),
            ),
            device=device_of(request.user_agent.string),
            address=address,
            here=here,
            onward=onward,
            codes={"here": _code(here), "onward": _code(onward)},
        )
    )
    if address is not None:
        # The page asks there whether this device trusts it already.
        page.headers["Content-Security-Policy"] = f"{POLICY}; connect-src 'self' {address}"
    return page


@face.get("/ca/compete-ca.crt")
@guard.public
def certificate_file() -> Response:
    """The authority's certificate; the hash of the file is the fingerprint."""
    content = _present().public_bytes(Encoding.DER)
    return send_file_bytes(content, "compete-ca.crt", "application/x-x509-ca-cert", show=False)


@face.get("/ca/compete-ca.mobileconfig")
@guard.public
def profile() -> Response:
    """The same as a profile for iPads."""
    certificate = _present()
    why = _("让这台设备信任局域网里的竞赛台。只对局域网地址有效，比赛结束后请删掉。")
    content = _profile_of(certificate, called(certificate), why)
    return send_file_bytes(content, "compete-ca.mobileconfig", MIMETYPE, show=True)


def device_of(agent: str) -> str:
    """Name the steps to open: `apple`, `windows` or `android`, by the browser's name of itself.

    iPads say that they are a Macintosh.
    """
    if any(word in agent for word in ("iPad", "iPhone", "Macintosh")):
        return "apple"
    return "windows" if "Windows" in agent else "android"


def _code(text: str | None) -> Markup:
    return Markup(qr_svg(text)) if text else Markup()


def _config() -> Config:
    config: Config = current_app.extensions["compete.config"]
    return config


def _certificate() -> x509.Certificate | None:
    return load_handout(folder_of(_config().data_dir))


def _present() -> x509.Certificate:
    return _certificate() or abort(404)


def _secure_address() -> str | None:
    """Return the site's address by HTTPS, or None if it was never served so."""
    config = _config()
    own = config.base_url or ""
    address = own if own.startswith("https://") else noted_address(folder_of(config.data_dir))
    return address if address and _ADDRESS.fullmatch(address) else None
