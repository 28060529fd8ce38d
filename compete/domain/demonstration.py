"""A competition as it stands before a walk through it: a demonstration that has work left.

What is left is named in the competition's `extra.demo`: people who are not
registered yet (`hold_back`), sheets that are not marked yet (`unmarked`), and
who walks along (`judges`, `chief`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import msgspec

from compete.domain.bundle import Bundle, Mark


class _OfEntrant(Protocol):
    @property
    def entrant(self) -> str: ...


_Row = TypeVar("_Row", bound=_OfEntrant)


@dataclass(frozen=True, slots=True)
class Walk:
    """What `extra.demo` says: codes of entrants and judges, and sheets left to mark."""

    hold_back: frozenset[str]
    unmarked: frozenset[tuple[str, str, str]]
    """Module, judge, entrant."""
    judges: tuple[str, ...]
    chief: str | None
    away: frozenset[str] = frozenset()
    """Judges who keep the marks they gave and get no new sheets."""


def walk_of(bundle: Bundle) -> Walk | None:
    """The walk a bundle offers, or none."""
    said: dict[str, Any] | None = (bundle.competition.extra or {}).get("demo")
    if said is None:
        return None
    return Walk(
        hold_back=frozenset(said.get("hold_back", ())),
        unmarked=frozenset(
            (sheet["module"], sheet["judge"], entrant)
            for sheet in said.get("unmarked", ())
            for entrant in sheet["entrants"]
        ),
        judges=tuple(said.get("judges", ())),
        chief=said.get("chief"),
        away=frozenset(said.get("away", ())),
    )


def before_walk(bundle: Bundle, *, marked: bool) -> Bundle:
    """The bundle without those held back and all that is theirs.

    With `marked` the judges have done all but the sheets left for the walk;
    without it nobody has begun, and there are no outcomes, penalties or times.
    A bundle that offers no walk only loses what the judges did.
    """
    walk = walk_of(bundle) or Walk(frozenset(), frozenset(), (), None)
    kept = tuple(one for one in bundle.entrants if one.code not in walk.hold_back)
    if not marked:
        return msgspec.structs.replace(
            bundle, entrants=kept, marks=(), outcomes=(), penalties=(), times=()
        )
    return msgspec.structs.replace(
        bundle,
        entrants=kept,
        marks=tuple(mark for mark in _there(bundle.marks, walk) if not _is_left(mark, walk)),
        outcomes=_there(bundle.outcomes, walk),
        penalties=_there(bundle.penalties, walk),
        times=_there(bundle.times, walk),
    )


def _there(rows: Iterable[_Row], walk: Walk) -> tuple[_Row, ...]:
    return tuple(row for row in rows if row.entrant not in walk.hold_back)


def _is_left(mark: Mark, walk: Walk) -> bool:
    return (mark.module, mark.judge, mark.entrant) in walk.unmarked
