"""Photos from the tablet, one a call, and back to the judge who took them."""

from __future__ import annotations

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.upload_limits import LARGEST_SHEET_PHOTO, MIB
from compete.models import SheetPhoto
from compete.services.judging.tablet_view import find_sheet
from compete.services.sheets.photo_files import stored_picture
from compete.services.sheets.sheet_photos import find_photo, keep_photo
from compete.web import guard
from compete.web.api.acts_call import when
from compete.web.api.views import face
from compete.web.errors import answer
from compete.web.extensions import limiter
from compete.web.judge.views import this_judge
from compete.web.pages import or_404

_ENVELOPE = 16 * 1024
"""Bytes of a multipart body beside the picture."""


@face.post("/sheets/<public_id>/photos")
@guard.may(Right.MARK)
@limiter.limit("60 per minute")
def add_photo(public_id: str) -> ResponseReturnValue:
    """Keep a photo: multipart with `photo` (JPEG, PNG or WebP, at most 3 MB), `uuid`, and
    `aspect` and `at` where there are any → 200 `{"held": uuid}` beside what `when` says, also
    when it was held before.

    Else `{"error": sentence}`: 400, 404 (not this judge's sheet), 409 (locked), 413, 415.
    """
    sheet = or_404(find_sheet(this_judge(), public_id))
    if (request.content_length or 0) > LARGEST_SHEET_PHOTO + _ENVELOPE:
        return answer(413, _("照片太大了，最多 %(most)s MB", most=LARGEST_SHEET_PHOTO // MIB))
    sent = request.files.get("photo")
    if sent is None:
        return answer(400, _("这次提交不完整，再试一次"))
    photo = keep_photo(
        sheet,
        uuid=request.form.get("uuid", ""),
        data=sent.stream.read(LARGEST_SHEET_PHOTO + 1),
        aspect=request.form.get("aspect") or None,
        said_at=request.form.get("at"),
        by=current_user,
    )
    return jsonify(**when(sheet.competition_id), held=photo.uuid)


@face.get("/sheets/<public_id>/photos/<uuid>")
@guard.may(Right.MARK)
def photo(public_id: str, uuid: str) -> ResponseReturnValue:
    """Send one photo of this judge's sheet."""
    sheet = find_sheet(this_judge(), public_id)
    sheet_photo = or_404(find_photo(sheet, uuid) if sheet else None)
    return send_photo(sheet_photo)


def send_photo(sheet_photo: SheetPhoto) -> Response:
    """Send the picture, to look at; 404 if the file is gone or altered."""
    response = Response(or_404(stored_picture(sheet_photo.sha256)), mimetype="image/jpeg")
    response.set_etag(sheet_photo.sha256)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response
