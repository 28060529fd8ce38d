"""A page as its template reads it: each field of a view model by its own name."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def fields_of(*parts: DataclassInstance) -> dict[str, object]:
    """What `render_template` is given of a page: `**fields_of(page)`.

    Of a page in parts, a later part's field stands for an earlier one's of the same name.
    The fields alone, not what they hold: a row stays a row, whose attributes a template reads.
    """
    return {field.name: getattr(part, field.name) for part in parts for field in fields(part)}
