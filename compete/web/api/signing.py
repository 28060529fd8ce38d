"""Signing on the tablet: a PIN once, then PIN and drawn name under each sheet."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.services.accounts.pins import WrongPin, set_pin
from compete.services.judging.signing import sign_sheet, signature_words
from compete.services.judging.tablet_view import find_sheet
from compete.services.kernel.untrusted_json import read_json
from compete.web import guard
from compete.web.api.views import face
from compete.web.auth.devices import note_secret_set
from compete.web.errors import answer
from compete.web.extensions import limiter
from compete.web.judge.views import this_judge
from compete.web.language import say
from compete.web.pages import or_404
from compete.web.refusals import status_of
from compete.web.templating import moment_in_sentence

Body = TypeVar("Body", bound=msgspec.Struct)


class PinBody(msgspec.Struct):
    """The body of `POST /api/pin`."""

    pin: str
    again: str


class SignBody(msgspec.Struct):
    """The body of `POST /api/sheets/<id>/sign`."""

    pin: str
    drawing: Any = None
    version: int | None = None
    name: str | None = None


@face.post("/pin")
@guard.may(Right.MARK)
@limiter.limit("30 per minute")
def pin() -> ResponseReturnValue:
    """Choose a PIN, once: `{pin, again}` → 200 `{"pin": true}`.

    400 `{"error"}` for one that is no PIN or typed differently, 409 where one
    is chosen already.
    """
    body = _read(PinBody)
    if body is None:
        return answer(400, _("这次提交不完整，再试一次"))
    set_pin(current_user, body.pin, body.again)
    note_secret_set(current_user)
    return jsonify(pin=True)


@face.post("/sheets/<public_id>/sign")
@guard.may(Right.MARK)
@limiter.limit("60 per minute")
def sign(public_id: str) -> ResponseReturnValue:
    """Sign a submitted sheet: `{pin, drawing: {path, width, height}, version?}`.

    `path` is SVG path data of absolute M, L, Q and C commands, at most 20,000
    characters; `version` the sheet's version that the judge has before him.
    Who cannot draw types his `name` in its place. 200: `{"state": "signed",
    "version", "words", "hash", "at", "clock"}`, also when it was signed before;
    `clock` is `at` by the hall's clock. Else `{"error": sentence}` with 400 (no drawing), 404
    (not this judge's), 409 (cannot be signed now), 422 (wrong PIN; `left` says
    how many tries remain), 423 (locked after five), 428 (no PIN chosen yet).
    """
    body = _read(SignBody)
    if body is None:
        return answer(400, _("这次提交不完整，再试一次"))
    sheet = or_404(find_sheet(this_judge(), public_id))
    try:
        signed = sign_sheet(
            sheet,
            pin=body.pin,
            drawing=body.drawing,
            by=current_user,
            seen_version=body.version,
            name=body.name,
        )
    except WrongPin as wrong:
        return jsonify(error=say(wrong.message), left=wrong.left), status_of(wrong)
    return jsonify(
        state="signed",
        version=signed.sheet.version,
        words=signature_words(signed.sha256),
        hash=signed.sha256,
        at=signed.signed_at.isoformat(),
        clock=moment_in_sentence(signed.signed_at),
    )


def _read(kind: type[Body]) -> Body | None:
    return read_json(request.get_data(), kind)
