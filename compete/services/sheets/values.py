"""Values of sheets now: derived from the acts, never stored beside them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, Integer, Select, func, select, type_coerce

from compete.models import Act, db
from compete.models.types import unscaled
from compete.services.kernel.chunks import in_chunks

_AT_ONCE = 2000
"""Databases take only so many values in one statement."""

VALUE_KINDS = ("mark", "ruling")
"""Acts that give an aspect a value: the judge's, and the chief judge's ruling."""

SETTLING_KINDS = (*VALUE_KINDS, "clear", "recall")
"""Acts of which the last decides: besides values, a value taken back or called back."""


def standing_values(sheet_ids: Sequence[int]) -> dict[int, dict[str, Decimal]]:
    """The value that stands of each aspect, by sheet, keyed by the aspect's code.

    The last act in the server's order stands; a cleared aspect has no value.
    """
    values: dict[int, dict[str, Decimal]] = {sheet_id: {} for sheet_id in sheet_ids}
    for chunk in in_chunks(sheet_ids, _AT_ONCE):
        _read_values(values, chunk)
    return values


def ruled_aspects(sheet_ids: Sequence[int]) -> set[tuple[int, str]]:
    """The values on these sheets that are the chief judge's ruling, by sheet and aspect."""
    rulings: set[tuple[int, str]] = set()
    for chunk in in_chunks(sheet_ids, _AT_ONCE):
        last = last_acts(Act.sheet_id.in_(chunk))
        query = select(Act.sheet_id, Act.aspect).where(Act.id.in_(last), Act.kind == "ruling")
        rulings.update(
            (sheet, aspect or "") for sheet, aspect in db.session.execute(query).tuples()
        )
    return rulings


def last_act_on(sheet_id: int) -> int:
    """The number of the last act that settled a value of a sheet; 0 for none."""
    query = select(func.max(Act.id)).where(Act.sheet_id == sheet_id, Act.kind.in_(SETTLING_KINDS))
    return db.session.scalar(query) or 0


def last_acts(*which: ColumnElement[bool]) -> Select[tuple[int]]:
    """The number of the act that decides, for each aspect of each sheet, among those that fit.

    Whether it gives a value (`VALUE_KINDS`) or takes one back is still to be asked.
    Conditions on sheets want `.join(Sheet, Sheet.id == Act.sheet_id)`.
    """
    return (
        select(func.max(Act.id))
        .where(*which, Act.kind.in_(SETTLING_KINDS))
        .group_by(Act.sheet_id, Act.aspect)
    )


def _read_values(values: dict[int, dict[str, Decimal]], sheet_ids: Sequence[int]) -> None:
    last = last_acts(Act.sheet_id.in_(sheet_ids))
    query = select(Act.sheet_id, Act.aspect, type_coerce(Act.value, Integer)).where(
        Act.id.in_(last), Act.kind.in_(VALUE_KINDS)
    )
    known: dict[int, Decimal] = {}
    for sheet_id, aspect, units in db.session.execute(query).tuples():
        assert aspect is not None
        value = known.get(units)
        if value is None:
            value = known[units] = unscaled(units)
        values[sheet_id][aspect] = value


def standing_acts(sheet_id: int, upto: int) -> dict[str, Act]:
    """The acts that gave one sheet its values, by aspect, as of the act numbered `upto`."""
    last = last_acts(Act.sheet_id == sheet_id, Act.id <= upto)
    query = select(Act).where(Act.id.in_(last), Act.kind.in_(VALUE_KINDS))
    return {act.aspect: act for act in db.session.scalars(query) if act.aspect is not None}
