"""The notice of grades on other grounds: the person, the grades, and where to object."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.grades.ladder import GRADES, grade_label
from compete.domain.identity.masks import mask_name
from compete.domain.values.claim_states import GROUND_WORDS
from compete.models import Competition, GradeClaim
from compete.services.certificates.claims import claims_in_notice
from compete.services.directory.occupations.claims import claim_place, ladder_of_claim
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.rows_by_number import competition_by_code
from compete.services.registration.consents import consenting
from compete.services.results.event_lines import objections_to
from compete.web import guard
from compete.web.extensions import limiter
from compete.web.language import say
from compete.web.public.blueprint import face

ClaimLine = tuple[GradeClaim, str, str, str, str]
"""A claim: the name, the occupation, the present grade and the one to come."""


@face.get("/p/<code>/grades")
@guard.public
@limiter.limit("60 per minute")
def claims(code: str) -> ResponseReturnValue:
    """Show the grades whose notice runs; without any the page reads like that of no competition."""
    competition = competition_by_code(code)
    rows = claims_in_notice(competition) if competition is not None else []
    if competition is None or not rows:
        return render_template("public/not_yet.html"), 404
    return render_template(
        "public/claims.html",
        heading=competition.name,
        subheading=_("等级认定公示"),
        rows=_lines(competition, rows),
        ground_words=GROUND_WORDS,
        contact=objections_to(competition),
    )


def _lines(competition: Competition, rows: Sequence[GradeClaim]) -> list[ClaimLine]:
    # As on the list of results: in full only who agreed, where the organiser lets names out.
    may = consenting(competition) if settings_of(competition).full_names else frozenset()
    return [
        (
            row,
            row.person.name if row.person.code in may else mask_name(row.person.name),
            claim_place(row),
            say(
                grade_label(
                    row.present_grade if row.present_grade in GRADES else None, ladder_of_claim(row)
                )
            ),
            say(grade_label(row.grade, ladder_of_claim(row))),
        )
        for row in rows
    ]
