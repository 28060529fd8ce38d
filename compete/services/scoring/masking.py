"""What of a bundle is published: everything that counts, and nobody's private data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from compete.domain import bundle as b
from compete.domain.identity import mask_name

Told = TypeVar("Told", b.Outcome, b.Penalty)
_Clean = Callable[[str | None], str | None]


def public_bundle(bundle: b.Bundle) -> b.Bundle:
    """The bundle with names masked, also where a reason tells them.

    ID numbers, phones, genders and remarks stay out, births too unless a tie
    key needs them. It gives the same results to the digit.
    """
    people = [entrant.name for entrant in bundle.entrants]
    clean = _cleaner([*people, *(judge.name for judge in bundle.judges)])
    return replace(
        bundle,
        judges=tuple(
            replace(judge, name=mask_name(judge.name), extra=None) for judge in bundle.judges
        ),
        entrants=_entrants(bundle),
        marks=tuple(replace(mark, extra=_ruling(mark, clean)) for mark in bundle.marks),
        outcomes=_told(bundle.outcomes, clean),
        penalties=_told(bundle.penalties, clean),
        times=tuple(replace(time, extra=None) for time in bundle.times),
    )


def _entrants(bundle: b.Bundle) -> tuple[b.Entrant, ...]:
    by_age = any(
        key.startswith("age:")
        for event in bundle.events
        for key in (*event.ranking.ties, *(k for item in event.items for k in item.ties))
    )
    return tuple(
        replace(
            entrant,
            name=mask_name(entrant.name),
            id_number=None,
            phone=None,
            gender=None,
            birth=entrant.birth if by_age else None,
            extra=None,
        )
        for entrant in bundle.entrants
    )


def _ruling(mark: b.Mark, clean: _Clean) -> dict[str, Any] | None:
    """Of what goes with a mark only a chief judge's ruling is told: who, why, and what was."""
    extra = mark.extra or {}
    if "ruled_by" not in extra:
        return None
    return {
        "ruled_by": extra["ruled_by"],
        "reason": clean(extra.get("reason")),
        "was": extra.get("was"),
    }


def _told(rows: Sequence[Told], clean: _Clean) -> tuple[Told, ...]:
    return tuple(replace(row, reason=clean(row.reason), extra=None) for row in rows)


def _cleaner(names: Sequence[str]) -> _Clean:
    """Masks the names wherever they stand in a text, the longer ones first."""
    known = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)

    def clean(text: str | None) -> str | None:
        for name in known if text else ():
            text = (text or "").replace(name, mask_name(name))
        return text

    return clean
