"""The notice of grades on other grounds: whose, from what to what, and where to object."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.grades.ladder import GRADES, grade_label
from compete.domain.identity.masks import mask_name
from compete.domain.values.claim_states import GROUND_WORDS
from compete.models import Competition, GradeClaim
from compete.services.certificates.claims import claims_in_notice
from compete.services.certificates.claims_once import claim_place, ladder_of_claim
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.finding import competition_by_code
from compete.services.publication.event_lines import objections_to
from compete.services.registration.consents import consenting
from compete.web import guard
from compete.web.extensions import limiter
from compete.web.language import say
from compete.web.pages import fields_of
from compete.web.public.blueprint import face
from compete.web.templating import day, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """Somebody who is to have a grade."""

    name: str
    unit: str
    occupation: str
    present: str
    to: str
    ground: str
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsPage:
    """What `public/claims.html` wants."""

    heading: str
    subheading: str
    rows: Sequence[ClaimLine]
    contact: str


@face.get("/p/<code>/grades")
@guard.public
@limiter.limit("60 per minute")
def claims(code: str) -> ResponseReturnValue:
    """Grades whose notice runs; without any the page reads like that of no competition."""
    competition = competition_by_code(code)
    rows = claims_in_notice(competition) if competition is not None else []
    if competition is None or not rows:
        return render_template("public/not_yet.html"), 404
    page = ClaimsPage(
        heading=competition.name,
        subheading=_("等级认定公示"),
        rows=_lines(competition, rows),
        contact=say(objections_to(competition)),
    )
    return render_template("public/claims.html", **fields_of(page))


def _lines(competition: Competition, rows: Sequence[GradeClaim]) -> list[ClaimLine]:
    # As on the list of results: in full only who agreed, where the organiser lets names out.
    may = consenting(competition) if settings_of(competition).full_names else frozenset()
    return [
        ClaimLine(
            name=row.person.name if row.person.code in may else mask_name(row.person.name),
            unit=row.unit_name,
            occupation=claim_place(row),
            present=say(
                grade_label(
                    row.present_grade if row.present_grade in GRADES else None,
                    ladder_of_claim(row),
                )
            ),
            to=say(grade_label(row.grade, ladder_of_claim(row))),
            ground=_(
                "%(ground)s，%(clause)s", ground=say(GROUND_WORDS[row.ground]), clause=row.clause
            ),
            term=_(
                "%(first)s 至 %(until)s",
                first=day(row.notice_from),
                until=moment(row.notice_until),
            ),
        )
        for row in rows
    ]
