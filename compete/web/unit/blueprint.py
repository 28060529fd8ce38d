"""The blueprint that a unit's pages hang themselves on, and the unit of the viewer."""

from __future__ import annotations

from flask import Blueprint, abort, g

from compete.models import Application, Competition, Entrant, Unit
from compete.services.registration.applications import find_application
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.web.pages import or_404

face = Blueprint("unit", __name__, url_prefix="/unit")


def own_unit() -> Unit:
    """Return the viewer's unit: no address names another."""
    unit: Unit | None = g.membership.unit if g.membership is not None else None
    return or_404(unit)


def listed_entrant(competition: Competition, who: str) -> Entrant:
    """Return a person of the unit who is on the list; 404 for anybody else."""
    entrant = entrant_by_code(competition, who)
    if entrant is None or entrant.unit_id != own_unit().id:
        abort(404)
    return entrant


def unit_application(public_id: str) -> Application:
    """Return the application of a person the unit entered, or who named it; 404 for others."""
    return or_404(find_application(own_unit(), public_id))
