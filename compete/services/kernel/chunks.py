"""Chunks of many values: so many at a time as one statement takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select

from compete.models import db

T = TypeVar("T")


def in_chunks(values: Sequence[T], most: int = 500) -> Iterator[Sequence[T]]:
    """The values in their order, `most` at a time; none at all for none."""
    for start in range(0, len(values), most):
        yield values[start : start + most]


def rows_among(query: Select[tuple[T]], column: Any, values: Collection[Any]) -> list[T]:
    """Give what a query selects of the rows whose column has one of these values."""
    return [
        row
        for chunk in in_chunks(list(values))
        for row in db.session.scalars(query.where(column.in_(chunk)))
    ]
