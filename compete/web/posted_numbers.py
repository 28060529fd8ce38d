"""Whole numbers in a form that the page itself wrote: rows, versions, counts."""

from __future__ import annotations

from flask import request

from compete.domain.values.numerals import whole_number


def posted_number(field: str) -> int:
    """The whole number in a field of the form; -1, which no page writes, for anything else."""
    number = whole_number(request.form.get(field, ""))
    return -1 if number is None else number


def posted_numbers(field: str) -> list[int]:
    """The whole numbers in all fields of that name; anything else is passed over."""
    numbers = map(whole_number, request.form.getlist(field))
    return [number for number in numbers if number is not None]
