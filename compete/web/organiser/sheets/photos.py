"""Photos of sheets on the desk: for officials alone."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.sheets.sheet_photos import find_photo
from compete.web import guard
from compete.web.api.photos import send_photo
from compete.web.organiser.blueprint import face
from compete.web.organiser.sheets.views import sheet_of


@face.get("/<code>/sheets/<public_id>/photos/<uuid>")
@guard.may(Right.SEE)
def photo(competition: Competition, public_id: str, uuid: str) -> ResponseReturnValue:
    """One photo of a sheet."""
    found = find_photo(sheet_of(competition, public_id), uuid)
    if found is None:
        abort(404)
    return send_photo(found)
