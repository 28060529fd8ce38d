"""Files over the limit are refused before they are read, on the page they were sent from."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from compete.web.draining import drain
from compete.web.errors import answer, sentence_for
from compete.web.organiser.blueprint import face
from compete.web.organiser.competitions.new.views import refuse_large_bundle
from compete.web.organiser.registration.portraits import refuse_large_zip
from compete.web.organiser.registration.views import UPLOAD_PAGES


@face.errorhandler(413)
def too_large(_error: Exception) -> ResponseReturnValue:
    """Refuse the file on the page of its form; elsewhere in a sentence."""
    drain()
    if request.endpoint == "organiser.upload":
        return UPLOAD_PAGES.refuse_large(**(request.view_args or {}))
    if request.endpoint == "organiser.portraits":
        return refuse_large_zip(**(request.view_args or {}))
    if request.endpoint == "organiser.make_competition":
        return refuse_large_bundle()
    return answer(413, sentence_for(413))
