"""Photos of people on pages: sent to be looked at and kept nowhere, taken from a form."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort
from flask_babel import gettext as _

from compete.domain.values.messages import msg
from compete.domain.values.upload_limits import LARGEST_PORTRAIT
from compete.models import Portrait
from compete.services.kernel.refusal import invalid
from compete.web.pages import sent_file
from compete.web.posted import posted_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoCard:
    """A photo of a person, with the possible acts."""

    name: str
    of: str
    """The code of the person; it tells forms and errors apart."""
    picture: str | None
    """Its address; None where there is none."""
    mark: str
    """The mark of the photo that the form shows."""
    put_url: str | None
    """None where it cannot be changed here; `why_not` says why."""
    remove_url: str | None
    why_not: str | None = None
    problem: str | None = None


def send_portrait(picture: bytes | None) -> Response:
    """The picture to whoever may see it, and to no cache; 404 where there is none."""
    if picture is None:
        abort(404)
    return Response(picture, mimetype="image/jpeg")


def send_portrait_of(portrait: Portrait | None) -> Response:
    """The same of a photo that is kept."""
    return send_portrait(portrait.picture if portrait is not None else None)


def sent_photo() -> bytes:
    """Read the form's `photo`. Raises `Refused` (INVALID) if nothing was chosen."""
    data = sent_file("photo", LARGEST_PORTRAIT)
    if not data:
        raise invalid(msg("还没选照片"))
    return data


def seen_mark() -> str:
    """Return the mark of the photo that the form showed."""
    return posted_text("seen")


def put_words() -> str:
    """Return the message once a photo is kept."""
    return _("照片存好了。参赛证、检录页、等级证书用这一张，印好的要重新打印")
