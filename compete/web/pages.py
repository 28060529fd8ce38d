"""A page as its template reads it: each field of a view model by its own name."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def fields_of(page: DataclassInstance) -> dict[str, object]:
    """What `render_template` is given of a page: `**fields_of(page)`.

    The fields alone, not what they hold: a row stays a row, whose attributes a template reads.
    """
    return {field.name: getattr(page, field.name) for field in fields(page)}
