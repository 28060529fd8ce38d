"""Somebody registered, as the cells of a row that anybody could have filled in."""

from __future__ import annotations

from typing import Any

from compete.domain.identity.papers import Paper, paper_name
from compete.models import Entrant
from compete.services.kernel.event_rules import ladder_of
from compete.services.registration.corrections import is_birth_in_number
from compete.sheets.registration.columns import PEOPLE_BY_KEY, STORED, own_spelling


def cells_of_person(person: Entrant, **instead: Any) -> dict[str, str]:
    """The cells of a person, without unit, team and event; `instead` are other values."""
    ladder = ladder_of(person.event)
    stands = {key: own_spelling(key, getattr(person, key)) for key in (*STORED, "group")}
    if is_birth_in_number(person):
        del stands["birth"]
    return {
        key: str(PEOPLE_BY_KEY[key].value_words(value, ladder))
        for key, value in (stands | instead).items()
        if value not in (None, "")
    } | {
        "name": person.name,
        "paper": str(paper_name(Paper(person.id_type))),
        "id_number": person.id_number or "",
        "phone": person.phone or "",
    }
