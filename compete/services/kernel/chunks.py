"""Chunks of many values: so many at a time as one statement takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select

from compete.models import db

T = TypeVar("T")
U = TypeVar("U", bound=tuple[Any, ...])


def in_chunks(values: Sequence[T], most: int = 500) -> Iterator[Sequence[T]]:
    """The values in their order, `most` at a time; none at all for none."""
    for start in range(0, len(values), most):
        yield values[start : start + most]


def rows_among(query: Select[tuple[T]], column: Any, values: Collection[Any]) -> list[T]:
    """Give what a query selects of the rows whose column has one of these values."""
    return [row for (row,) in tuples_among(query, column, values)]


def tuples_among(query: Select[U], column: Any, values: Collection[Any]) -> Iterator[U]:
    """The same of a query that selects several things of each row."""
    for chunk in in_chunks(list(values)):
        yield from db.session.execute(query.where(column.in_(chunk))).tuples()
