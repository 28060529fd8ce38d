"""The blueprint on which a unit's pages hang themselves, and whose unit it is."""

from __future__ import annotations

from flask import Blueprint, abort, g

from compete.models import Unit

face = Blueprint("unit", __name__, url_prefix="/unit")


def own_unit() -> Unit:
    """The unit of who looks at the page: no address names another."""
    unit: Unit | None = g.membership.unit if g.membership is not None else None
    if unit is None:
        abort(404)
    return unit
