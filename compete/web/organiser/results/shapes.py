"""What the page of an event's results shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from compete.models import Event
from compete.web.organiser.confirming.shapes import Fact
from compete.web.organiser.details.asked import AskedTermsCard
from compete.web.organiser.shapes import Link
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultStep:
    """One of the states, in their order."""

    name: str
    state: str
    """`done`, `now` or `later`."""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDays:
    """The days of the notice as they are counted."""

    span: str
    counted: Sequence[str]
    skipped: str
    """Days within it that do not count, or empty."""
    doubt: str
    """Which years' holidays are not known, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyEnd:
    """Somebody wants the results final before the notice has ended."""

    who: str
    why: str
    agree_why_not: str | None
    asked: str
    """What is agreed to, as it was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What was refused, beside what was typed."""

    act: str
    why: str
    reason: str
    days: str
    at: str = "reason"
    """The field that `why` is about: `reason` or `days`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """What `organiser/results/results.html` wants."""

    event: Event
    chips: Sequence[Chip]
    steps: Sequence[ResultStep]
    lead: str
    """The next move in a sentence."""
    lead_text: str
    withdrawn: str | None
    missing: Sequence[Fact]
    """What the next move waits for, and papers to be countersigned."""
    notice: NoticeDays | None
    early: EarlyEnd | None
    asked: AskedTermsCard | None
    """Less time to object, or earlier certificates, that waits for a second person."""
    open_acts: Collection[str]
    """What may be done now by who has the right."""
    history: Sequence[tuple[str, str]]
    """When it moved, and how."""
    links: Sequence[Link]
    problem: Problem | None
