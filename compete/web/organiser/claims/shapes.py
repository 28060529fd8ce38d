"""What the page of grades on other grounds shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One person's grade on one ground."""

    id: int
    name: str
    code: str
    unit: str
    present: str
    to: str
    ground: str
    clause: str
    facts: str
    state: str
    """The key of `state` in `_parts/states.html`."""
    word: str
    notes: Sequence[str]
    document_url: str | None
    certificate: Link | None
    may: str
    """What the rows ticked with it can go on to: `notice`, `decide`, or nothing."""
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundRow:
    """What one ground needs here."""

    key: str
    name: str
    document: bool
    days: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTyped:
    """What was sent and refused, and why; a file has to be chosen again."""

    problem: str
    where: str
    """`new` for the form that proposes, `list` for the rows, `grounds`."""
    fields: Mapping[str, str]
    ids: Sequence[str]
