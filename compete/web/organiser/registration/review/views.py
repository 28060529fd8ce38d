"""审核 of an evaluation: who meets its conditions."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.registration.review.view_model import review_page


@face.get("/<code>/review")
@guard.may(Right.REGISTER, of=guard.EVALUATIONS)
def review(competition: Competition) -> ResponseReturnValue:
    """List the applicants, each with every line of conditions and what is short of it."""
    return review_page(competition)
