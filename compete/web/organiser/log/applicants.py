"""The people in records about entries: the chain has no name of those not on the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from compete.models import AuditEntry, Competition
from compete.services.registration.applications import names_of_applications

_UNIT = "unit/"


def applicants_in(competition: Competition, entries: Iterable[AuditEntry]) -> Mapping[str, str]:
    """Return the names of those still kept, by public number; whoever was erased is nobody.

    And those of the units, as `unit_in` asks for them.
    """
    people = names_of_applications({each for entry in entries for each in _meant(entry.after)})
    return people | {_UNIT + unit.code: unit.name for unit in competition.units}


def unit_in(code: str, applicants: Mapping[str, str]) -> str:
    """A unit's name in place of its code."""
    return applicants.get(_UNIT + code, code)


def named_in(after: object, applicants: Mapping[str, str]) -> Sequence[str]:
    """Return the names of the people whom a record means, in its order."""
    return [applicants[each] for each in _meant(after) if each in applicants]


def _meant(after: object) -> Sequence[str]:
    if not isinstance(after, dict):
        return ()
    people = after.get("accepted") or after.get("people") or ()
    if isinstance(application := after.get("application"), str):
        return (application,)
    return [each for each in people if isinstance(each, str)] if _is_many(people) else ()


def _is_many(people: object) -> bool:
    return isinstance(people, list | dict)
