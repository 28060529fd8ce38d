"""The people ticked in a list, each with the version that the page showed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from flask import flash, request

from compete.domain.values.numerals import whole_number
from compete.domain.values.states import ApplicationState
from compete.models import Application
from compete.services.registration.crews import crews_around, is_of_crew
from compete.services.registration.waiting_list import party_of

_TOLD = 5


def seen_versions(field: str) -> dict[str, int]:
    """Read versions by public number from form fields `NUMBER:VERSION`, one or more."""
    versions = {}
    for text in (pair for texts in request.form.getlist(field) for pair in texts.split()):
        who, _colon, version = text.partition(":")
        if (number := whole_number(version)) is not None:
            versions[who] = number
    return versions


def one_tick(
    rows: Sequence[Application], states: Collection[ApplicationState]
) -> Mapping[str, Sequence[Application]]:
    """Return those ticked with somebody, by public number: the whole crew with the first shown.

    The others of a crew have nobody: one tick is theirs too. Who is in none of `states` is not
    in it.
    """
    there = [row for row in rows if row.state in states]
    around, begun = crews_around(there, states), set()
    ticked: dict[str, Sequence[Application]] = {}
    for row in there:
        if not is_of_crew(row):
            ticked[row.public_id] = [row]
            continue
        party = party_of(row)
        ticked[row.public_id] = [] if party in begun else around[party]
        begun.add(party)
    return ticked


def tick_of(people: Sequence[Application]) -> str | None:
    """Return the form's value for them, as `seen_versions` reads it; None for nobody."""
    return " ".join(f"{person.public_id}:{person.version}" for person in people) or None


def tell_left(sentences: Sequence[str], others: Callable[[int], str]) -> None:
    """Say of the first who were ticked and left as they are why, and how many more there are."""
    for sentence in sentences[:_TOLD]:
        flash(sentence, "warn")
    if len(sentences) > _TOLD:
        flash(others(len(sentences) - _TOLD), "warn")
