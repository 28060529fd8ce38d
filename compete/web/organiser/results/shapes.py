"""What the page of an event's results shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.details.asked import AskedTermsCard
from compete.web.organiser.shapes import CompetitionLink, Link, View
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultStep:
    """One of the states, in their order."""

    name: str
    state: str
    """`done`, `now` or `later`."""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What the next move waits for; the way to where it is done, for whoever may."""

    what: str
    detail: str
    link: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDays:
    """The days of the notice as they are counted."""

    span: str
    counted: Sequence[str]
    skipped: str
    """Days within it that do not count, or empty."""
    doubt: str
    """Which years' holidays are not known, or empty."""
    calendar_url: str | None
    """Where an administrator enters them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyEnd:
    """Somebody wants the results final before the notice has ended."""

    who: str
    why: str
    agree_url: str | None
    agree_why_not: str | None
    drop_url: str | None


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
class ResultActs:
    """Addresses of what may be done now by whoever looks; None where it may not."""

    check: str | None = None
    unlock: str | None = None
    publish: str | None = None
    final: str | None = None
    early: str | None = None
    extend: str | None = None
    withdraw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A line of the history."""

    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsPage:
    """What `organiser/results/results.html` wants."""

    competition: CompetitionLink
    event: str
    event_name: str
    views: Sequence[View]
    chips: Sequence[Chip]
    steps: Sequence[ResultStep]
    lead: str
    """The next move in a sentence."""
    lead_text: str
    withdrawn: str | None
    missing: Sequence[Lacking]
    notice: NoticeDays | None
    early: EarlyEnd | None
    asked: AskedTermsCard | None
    """Less time to object, or earlier certificates, that waits for a second person."""
    acts: ResultActs
    history: Sequence[Moved]
    links: Sequence[Link]
    problem: Problem | None
