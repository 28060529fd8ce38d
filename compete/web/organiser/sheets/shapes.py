"""What the page of one judge's sheet shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetHead:
    """Whose sheet it is, and how far."""

    code: str
    state: str
    module: str
    judge: str
    reason: str | None
    """Why it was sent back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """An aspect with its value and marks."""

    criterion: str
    name: str
    value: str
    marks: str
    ruling: str
    """Who ruled on it and why; empty where nobody did."""
    brought: str
    """Who brought the mark; empty where the tablet sent it."""
    otherwise: Sequence[str]
    """What files say that were brought and do not count; for the chief judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRow:
    """A photo; width and height in pixels."""

    url: str
    what: str
    """The aspect that it is of."""
    at: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureCard:
    """One signature."""

    who: str
    at: str
    words: str
    """The hash of what was signed, in words."""
    hash: str
    path: str | None
    """The drawing as an SVG path in `box`; None for what was not drawn."""
    box: str | None
    paper: bool
    """Whether it stands on paper."""
    typed: bool
    """Whether the name was printed and a PIN typed."""
    superseded: str
    """When and why it ceased to count; empty for what counts."""
    faults: Sequence[str]
    """What no longer agrees with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRecordCard:
    """The field record that the contestant signed."""

    started: str
    ended: str
    extra_time: str
    stops: Sequence[str]
    violations: str
    working_time: str | None
    at: str
    words: str
    path: str
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetUrls:
    """Where the page leads to."""

    back: Link
    print: str
    send_back: str | None = None
    """Where the sheet goes back to its judge; None where it may not."""
    panel: Link | None = None
    """The panel's sheets side by side, where the chief judge rules on the time too."""
