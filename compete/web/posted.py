"""What a form brings besides typed fields: what its page wrote there itself, and reasons.

The fields of an act are read by `setting_forms.typed_act`.
"""

from __future__ import annotations

from flask import request

from compete.domain.values.numerals import whole_number


def posted_reason() -> str:
    """The reason of an act, as `why_field` asks it; its service says what is wrong with it."""
    return request.form.get("reason", "")


def posted_text(field: str) -> str:
    """What the page wrote into a field: a code, a mark of what was shown; empty for none."""
    return request.form.get(field, "")


def posted_people() -> list[str]:
    """The numbers of those ticked in a list of people."""
    return request.form.getlist("who")


def posted_number(field: str) -> int:
    """The whole number in a field of the form; -1, which no page writes, for anything else."""
    number = whole_number(posted_text(field))
    return -1 if number is None else number


def posted_numbers(field: str) -> list[int]:
    """The whole numbers in all fields of that name; anything else is passed over."""
    numbers = map(whole_number, request.form.getlist(field))
    return [number for number in numbers if number is not None]
