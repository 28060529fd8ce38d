"""The places that a unit has, and who holds them."""

from __future__ import annotations

from collections.abc import Sequence

from compete.domain.values.states import ApplicationState
from compete.web.unit.shapes import PersonRow

_S = ApplicationState
_MOST_SEATS = 40


def seats(rows: Sequence[PersonRow], most: int | None) -> Sequence[tuple[str | None, str]]:
    """Whose places they are: those on the list, those handed in, those given back."""
    if most is None or most > _MOST_SEATS:
        return []
    seated = (_S.ACCEPTED, _S.SUBMITTED, _S.RETURNED)
    taken = [
        (row.row.name, row.state)
        for state in seated
        for row in rows
        if row.state == state and row.seated
    ][:most]
    return [*taken, *((None, "none") for _place in range(most - len(taken)))]


def beyond(rows: Sequence[PersonRow], used: int, most: int | None) -> int:
    """How many of those who can be handed in would find no place; the given back have theirs."""
    if most is None:
        return 0
    fresh = sum(len(row.tick.split()) for row in rows if row.tick and row.state != _S.RETURNED)
    return max(0, min(fresh, used + fresh - most))
