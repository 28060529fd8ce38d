"""What the pages of the second look show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compete.web.organiser.labour.shapes import EvidenceRow
from compete.web.organiser.shapes import CompetitionLink
from compete.web.paging import Paging
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRulesForm:
    """How many squares are drawn; `url` None where the reader may not change it."""

    url: str | None
    share: str
    least: str
    first: bool
    asks_why: bool = False
    """Whether a reason is wanted for less: a period is closed."""
    why: str = ""
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookProof:
    """With what anybody can draw again."""

    when: str
    """Who drew, and when."""
    said: str | None
    seed: str
    pool: str
    drawn: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """A square that was drawn."""

    place: int
    unit: str
    indicator: str
    value: str
    files: int
    chip: Chip
    who: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookPage:
    """The second look at one period."""

    competition: CompetitionLink
    back_url: str
    name: str
    rules: LookRulesForm
    draw_url: str | None
    why_not: str | None
    """Why nothing can be drawn, where nothing was."""
    said: str
    problem: str | None
    proof: LookProof | None
    counts: Sequence[Chip]
    rows: Sequence[LookRow]
    page: Paging | None
    next_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCard:
    """What somebody found of a square."""

    chip: Chip
    text: str
    """The value that stood, and the one that the evidence has."""
    reason: str
    said: str
    correction: Chip | None
    correction_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingForm:
    """What is found, as it was typed."""

    url: str
    results: Sequence[Choice]
    target: bool
    again: bool
    """Whether there is a finding already, so that another wants a reason."""
    typed: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedPage:
    """One square with all that stands on it."""

    competition: CompetitionLink
    back_url: str
    back: str
    place: str
    unit: str
    indicator: str
    heading: str | None
    facts: Sequence[tuple[str, str]]
    evidence: Sequence[EvidenceRow]
    found: FoundCard | None
    form: FindingForm | None
    why_not: str | None
    next_url: str | None
