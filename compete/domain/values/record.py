"""Base of all objects of a competition bundle."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

MOST = 1_000_000
"""The largest whole number where things are counted."""

PLAIN = r"^[^\x00-\x1f\x7f-\x9f]*\Z"
"""The pattern of a text without control characters, the only one that the reader looks at."""

Code = Annotated[str, Meta(min_length=1, max_length=100, pattern=PLAIN)]
"""A short text, unique in its list."""

FormerCode = Annotated[str, Meta(min_length=1, max_length=100)]
"""A code where control characters were not refused yet."""

PanelSize = Annotated[int, Meta(ge=1, le=99)]
Scale = Annotated[int, Meta(ge=1, le=100)]
Count = Annotated[int, Meta(ge=0, le=MOST)]
Ordinal = Annotated[int, Meta(ge=1, le=MOST)]
Places = Annotated[int, Meta(ge=0, le=12)]
"""Decimal places that something is rounded to."""

GradeNumber = Annotated[int, Meta(ge=1, le=5)]
Year = Annotated[int, Meta(ge=1, le=9999)]

Extra = dict[str, Any]
"""Whatever an organiser's own system wants to keep in an object; we carry it along."""


class Record(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """An object of the bundle: its attributes are the bundle's keys, in the written order.

    Python's own words get an underscore (`from_`, `pass_`). Points, weights
    and seconds are `Decimal`; a list left out is an empty tuple; any other key
    left out is its default, or None.
    """
