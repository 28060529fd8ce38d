"""What the page of one entrant's panel shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeColumn:
    """A judge of the panel."""

    code: str
    name: str
    state: str
    """Of the judge's sheet."""
    url: str
    total: str | None
    """None before all are in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingField:
    """Where the chief judge writes a ruling on an aspect."""

    hint: str
    """What may stand there."""
    value: str
    """What was typed."""
    options: Sequence[Choice] | None
    """None where a number is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AspectRow:
    """An aspect, with a value for each judge."""

    code: str
    name: str
    values: Sequence[str]
    """Empty texts before all are in."""
    brought: Sequence[str]
    """For each judge who brought the mark, empty where the tablet sent it."""
    apart: str | None
    """How far the values are apart, where that is too far."""
    doubt: str | None
    """Between what a doubtful one among them would be expected."""
    ruling_stands: bool
    """Which the chief judge may correct until it is locked."""
    field: RulingField | None
    """None where there is nothing to rule on, and for whoever may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelTime:
    """The working time."""

    values: Sequence[str]
    """Each judge's reading; empty where there are readings of several clocks."""
    sentence: str
    has_ruling: bool
    value: str
    """What was typed."""
    reason: str
    """What was typed with it."""
    url: str | None
    """Where it is ruled on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingRow:
    """What was ruled."""

    what: str
    value: str
    before: str
    """What the judges had."""
    who: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelUrls:
    """Where the page leads to."""

    back: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPage:
    """What `organiser/panel/panel.html` wants."""

    code: str
    module: str
    revealed: bool
    """Whether all sheets are in; `submitted` is how many are."""
    submitted: int
    judges: Sequence[JudgeColumn]
    rows: Sequence[AspectRow]
    sums: str | None
    """How far the totals are apart, where that is too far."""
    time: PanelTime | None
    rulings: Sequence[RulingRow]
    rule_url: str | None
    remarked: bool
    """Whether the panel may be asked to mark anew instead: it is too far apart."""
    reason: str
    """What was typed for a ruling on values; the time has its own."""
    urls: PanelUrls
    appeals: str | None
    """Where the appeals are, while one about this module is open."""
