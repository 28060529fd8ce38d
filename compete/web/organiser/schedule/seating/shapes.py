"""Shapes of the page of panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.models import Judge
from compete.services.schedule.suggestion_words import Shortfall


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer to putting a judge somewhere."""

    kind: str
    """`ok`, `warn` (wants a sentence), `bad` (must not), `full`, `here` (sits there)."""
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A judge who can be put somewhere: unit, level, what warns of them."""

    judge: Judge
    unit: str
    warned: str
    """A warning that the certificate has run out, or on which days they cannot come."""
    bad: str
    """Numbers of the stations where they must not sit, and (`warn`) where it wants a sentence."""
    warn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickedJudge:
    """The judge who is being put somewhere."""

    face: Face
    away_from: str | None
    """The station to be left; None for somebody who gets one more seat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchJudge:
    """A judge without a seat in this module."""

    face: Face
    note: str
    """The places they can go to."""
    kind: str
    picked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatedJudge:
    """A judge at a station."""

    face: Face
    load: int
    """The number of their sheets, in all modules."""
    trouble: str
    """The obstacle between them and those who come there; empty for none."""
    hard: bool
    explained: str
    """The sentence that was written for a soft one; empty for none."""
    swap: Verdict | None
    """The answer on swapping in the picked judge; None if nobody is picked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationCard:
    """A station: who sits there and what is free."""

    number: int
    """The number from 1, the key that chooses it."""
    value: str
    name: str
    people: str
    seated: Sequence[SeatedJudge]
    empty: int
    verdict: Verdict | None
    """The answer on the picked judge; None if nobody is picked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionCard:
    """A seating that is proposed."""

    moves: Sequence[tuple[str, str, str]]
    """The moves: who goes where, why, and what of it wants a sentence (empty for nothing)."""
    short: Sequence[Shortfall]
    facts: Sequence[tuple[str, str, str]]
    """The facts: what, how much, and its colour (`ok`, `warn` or empty)."""
    best: str
    """The words if nobody would move."""
    told: str
    """The time it took, and whether there is a better one."""
    seats: Sequence[str]
    seen: str
    explained: bool
    first: str
    """The aim put first, `loads` or `level`; `other` is the other one, empty for no choice."""
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledCard:
    """The progress of settling a module's panels."""

    chip: str
    """The state in a word; empty while nobody has asked."""
    kind: str
    icon: str
    lacks: Sequence[str]
    """The obstacles to asking."""
    refused: str
    """Why the chief judge did not agree; empty where nobody has said so."""
    changed: Sequence[tuple[str, str]]
    """The changes since it was settled, and why; newest first."""
    told: str
    seen: str
    settled: bool
    may_ask: bool
    may_drop: bool
