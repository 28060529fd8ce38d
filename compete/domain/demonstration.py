"""A competition as it stands before a demonstration of it: with work left to do.

What is left is named in the competition's `extra.demo`: people who are not
registered yet (`hold_back`), sheets that are not marked yet (`unmarked`), and
who takes part in it (`judges`, `chief`). Where a mark is to be `corrected`, it
stands as it was `first`, and the program itself carries all to the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, TypeVar

import msgspec

from compete.domain.bundle.types import Bundle, Mark


class _OfEntrant(Protocol):
    @property
    def entrant(self) -> str: ...


_Row = TypeVar("_Row", bound=_OfEntrant)


class Correction(msgspec.Struct, frozen=True):
    """A mark that turns out wrong once results are announced; the bundle has the right one.

    `reason` is given to open what is locked, `note` stands on the version that has it right;
    `early` is why certificates go out while the notice runs, `fewer` why judging opens with fewer
    examiners than are wanted.
    """

    module: str
    entrant: str
    aspect: str
    first: Decimal
    reason: str
    note: str
    early: str
    fewer: str = ""

    def is_of(self, mark: Mark) -> bool:
        """True if it is this mark."""
        return (mark.module, mark.entrant, mark.aspect) == (self.module, self.entrant, self.aspect)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The contents of `extra.demo`: codes of entrants and judges, and sheets left to mark."""

    hold_back: frozenset[str]
    unmarked: frozenset[tuple[str, str, str]]
    """Module, judge, entrant."""
    judges: tuple[str, ...]
    chief: str | None
    away: frozenset[str] = frozenset()
    """Judges who keep the marks they gave and get no new sheets."""
    corrected: Correction | None = None


def demonstration_of(bundle: Bundle) -> Demonstration | None:
    """The demonstration a bundle offers, or none."""
    settings: dict[str, Any] | None = (bundle.competition.extra or {}).get("demo")
    if settings is None:
        return None
    return Demonstration(
        hold_back=frozenset(settings.get("hold_back", ())),
        unmarked=frozenset(
            (sheet["module"], sheet["judge"], entrant)
            for sheet in settings.get("unmarked", ())
            for entrant in sheet["entrants"]
        ),
        judges=tuple(settings.get("judges", ())),
        chief=settings.get("chief"),
        away=frozenset(settings.get("away", ())),
        corrected=msgspec.convert(settings["corrected"], Correction)
        if "corrected" in settings
        else None,
    )


def before_demonstration(bundle: Bundle, *, marked: bool) -> Bundle:
    """The bundle without those held back and all that is theirs.

    With `marked` the judges have done all but the sheets left for it, and a mark to be corrected
    is still wrong; without it nobody has begun, and there are no outcomes, penalties or times.
    A bundle that offers no demonstration only loses what the judges did.
    """
    demonstration = demonstration_of(bundle) or Demonstration(frozenset(), frozenset(), (), None)
    kept = tuple(
        entrant for entrant in bundle.entrants if entrant.code not in demonstration.hold_back
    )
    if not marked:
        return msgspec.structs.replace(
            bundle, entrants=kept, marks=(), outcomes=(), penalties=(), times=()
        )
    return msgspec.structs.replace(
        bundle,
        entrants=kept,
        marks=tuple(
            _as_first_given(mark, demonstration.corrected)
            for mark in _rows_present(bundle.marks, demonstration)
            if not _is_left(mark, demonstration)
        ),
        outcomes=_rows_present(bundle.outcomes, demonstration),
        penalties=_rows_present(bundle.penalties, demonstration),
        times=_rows_present(bundle.times, demonstration),
    )


def _rows_present(rows: Iterable[_Row], demonstration: Demonstration) -> tuple[_Row, ...]:
    return tuple(row for row in rows if row.entrant not in demonstration.hold_back)


def _is_left(mark: Mark, demonstration: Demonstration) -> bool:
    return (mark.module, mark.judge, mark.entrant) in demonstration.unmarked


def _as_first_given(mark: Mark, corrected: Correction | None) -> Mark:
    if corrected is None or not corrected.is_of(mark):
        return mark
    return msgspec.structs.replace(mark, value=corrected.first)
