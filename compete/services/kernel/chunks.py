"""Chunks of many values: so many at a time as one statement takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_chunks(values: Sequence[T], most: int = 500) -> Iterator[Sequence[T]]:
    """The values in their order, `most` at a time; none at all for none."""
    for start in range(0, len(values), most):
        yield values[start : start + most]
