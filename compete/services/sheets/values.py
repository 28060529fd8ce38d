"""What sheets say now: derived from the acts, never stored beside them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select

from compete.models import Act, db

VALUE_KINDS = ("mark", "ruling")
"""Acts that give an aspect a value: the judge's, and the chief judge's ruling."""

SETTLING_KINDS = (*VALUE_KINDS, "clear", "recall")
"""Acts of which the last decides: besides values, a value taken back or called back."""


def standing_values(sheet_ids: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    """For each sheet the value that stands of each aspect, keyed by the aspect's code.

    The last act in the server's order stands; a cleared aspect has no value.
    """
    values: dict[int, dict[str, Decimal]] = {sheet_id: {} for sheet_id in sheet_ids}
    if not values:
        return values
    last = (
        select(func.max(Act.id))
        .where(Act.sheet_id.in_(sheet_ids), Act.kind.in_(SETTLING_KINDS))
        .group_by(Act.sheet_id, Act.aspect)
    )
    query = select(Act.sheet_id, Act.aspect, Act.value).where(
        Act.id.in_(last), Act.kind.in_(VALUE_KINDS)
    )
    for sheet_id, aspect, value in db.session.execute(query).tuples():
        assert aspect is not None
        assert value is not None
        values[sheet_id][aspect] = value
    return values


def standing_acts(sheet_id: int, upto: int) -> dict[str, Act]:
    """The acts that gave one sheet its values, by aspect, as of the act numbered `upto`."""
    last = (
        select(func.max(Act.id))
        .where(Act.sheet_id == sheet_id, Act.kind.in_(SETTLING_KINDS), Act.id <= upto)
        .group_by(Act.aspect)
    )
    query = select(Act).where(Act.id.in_(last), Act.kind.in_(VALUE_KINDS))
    return {act.aspect: act for act in db.session.scalars(query) if act.aspect is not None}
