"""The places that a unit has, and who holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.values.states import ApplicationState
from compete.web.unit.shapes import EventQuota, PersonRow, Seat

_S = ApplicationState
_MOST_SEATS = 40


def seats(rows: Sequence[PersonRow], most: int | None) -> list[Seat]:
    """Whose places they are: those on the list, those handed in, those given back."""
    if most is None or most > _MOST_SEATS:
        return []
    seated = (_S.ACCEPTED, _S.SUBMITTED, _S.RETURNED)
    taken = [
        Seat(name=row.name, state=row.state)
        for state in seated
        for row in rows
        if row.state == state and row.seated
    ][:most]
    return [*taken, *(Seat(name=None, state="none") for _place in range(most - len(taken)))]


def beyond(rows: Sequence[PersonRow], used: int, most: int | None) -> int:
    """How many of those who can be handed in would find no place; the given back have theirs."""
    if most is None:
        return 0
    fresh = sum(len(row.tick.split()) for row in rows if row.tick and row.state != _S.RETURNED)
    return max(0, min(fresh, used + fresh - most))


def quota_words(used: int, most: int | None) -> str:
    """How many the unit has of how many."""
    if most is None:
        return ngettext("%(num)s 人，不限名额", "%(num)s 人，不限名额", used)
    if used < most:
        return _("%(used)s / %(most)s 人", used=used, most=most)
    if used == most:
        return _("%(used)s / %(most)s 人，满了，再交的排候补", used=used, most=most)
    return _("%(used)s 人，名额 %(most)s，多的排候补", used=used, most=most)


def event_quotas(found: Iterable[tuple[str, int, int]]) -> list[EventQuota]:
    """The same of each event that takes so many from each unit."""
    return [
        EventQuota(
            event=event,
            told=_("%(used)s / %(most)s 个", used=used, most=most),
            full=used >= most,
        )
        for event, used, most in found
    ]
