"""What views need for their page: the row that an address names, a sent file, values by names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from flask import abort, request

from compete.models import Base, Competition
from compete.services.kernel.rows_by_number import find_own

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Found = TypeVar("Found")
Row = TypeVar("Row", bound=Base)


def fields_of(*parts: DataclassInstance) -> dict[str, object]:
    """Return the values of a page for `render_template`: `**fields_of(page)`.

    Of a page in parts, a later part's field stands for an earlier one's of the same name.
    The fields alone, not what they hold: a row stays a row, whose attributes a template reads.
    """
    return {field.name: getattr(part, field.name) for part in parts for field in fields(part)}


def or_404(wanted: Found | None) -> Found:
    """Return the found object; 404 if there is none."""
    return wanted if wanted is not None else abort(404)


def of_code(rows: Iterable[Found], code: str, status: int = 404) -> Found:
    """Return the row of that code; an answer of that status if there is none."""
    coded: Iterable[Any] = rows
    wanted: Found | None = next((row for row in coded if row.code == code), None)
    return wanted if wanted is not None else abort(status)


def posted(rows: Iterable[Found], field: str) -> Found:
    """Return the row whose code a form's field has; 400 if there is none."""
    return of_code(rows, request.form.get(field, ""), 400)


def sent_file(field: str, most: int) -> bytes:
    """The file in a form's field, read no further than it may be long and a byte more."""
    sent = request.files.get(field)
    return sent.stream.read(most + 1) if sent is not None else b""


def own_row(table: type[Row], competition: Competition, number: int) -> Row:
    """The competition's row of that number; the answer is 404 where it has none."""
    return or_404(find_own(table, competition, number))
