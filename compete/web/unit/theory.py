"""Points by section of the unit's own people in a theory examination, once they are published."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.registration.applications import entrants_of
from compete.web import guard
from compete.web.section_bars import bars_of_people
from compete.web.unit.blueprint import face, own_unit


@face.get("/<code>/theory")
@guard.may(Right.ENTER_OWN)
def theory(competition: Competition) -> ResponseReturnValue:
    """Show what each of the own people got of each section; never a question."""
    people = entrants_of(own_unit())
    bars = bars_of_people(people)
    return render_template(
        "unit/theory.html",
        competition=competition,
        unit=own_unit(),
        rows=[(it, module) for it in people for module in bars.get(it.id, ())],
    )
