"""Photos of sheets on the desk: for officials alone."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.sheets.sheet_photos import find_photo
from compete.web import guard
from compete.web.api.photos import send_photo
from compete.web.organiser.blueprint import face
from compete.web.organiser.sheets.views import sheet_of
from compete.web.pages import or_404


@face.get("/<code>/sheets/<public_id>/photos/<uuid>")
@guard.may(Right.SEE)
def photo(competition: Competition, public_id: str, uuid: str) -> ResponseReturnValue:
    """Send one photo of a sheet."""
    found = or_404(find_photo(sheet_of(competition, public_id), uuid))
    return send_photo(found)
