"""What the page of honours shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HonourPerson:
    """Somebody who won the honour."""

    code: str
    name: str
    unit: str
    state: str
    """`issued`, `approved`, `refused`, `proposed`; `own` where nobody else is asked, `unsaid` where
    nobody has said yet who is."""
    word: str
    note: str
    """By which document it was approved, or why it was not."""
    document_url: str | None
    open: bool
    """Whether a word on it can be entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HonourCard:
    """One honour of one event, or of those given by hand."""

    mark: str
    """Tells the card's fields from those of others."""
    event: str
    event_name: str
    title: str
    body: str | None
    """Who approves it; None where it is the organiser's to give, or `unsaid`."""
    unsaid: bool
    """Whether others give it by its name, and nobody has said who."""
    people: Sequence[HonourPerson]
    waiting: int
    """How many cannot be certified yet."""
    may_need: bool
    """Whether it can be said that another body approves it."""
    asked: str
    """Why somebody says that it is the organiser's, until a second person agrees; or empty."""
    asked_by: str
    agree: bool
    """Whether who looks may be that second person."""
    agree_why_not: str | None
    waive: bool
    """Whether who looks may say that nobody else has to approve it."""
    waive_why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HonourTyped:
    """What was sent for a card and refused, and why; the file has to be chosen again."""

    event: str
    title: str
    problem: str
    body: str
    number: str
    dated: str
    reason: str
    people: Sequence[str]
