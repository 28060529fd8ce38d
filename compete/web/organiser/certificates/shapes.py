"""Shapes of the pages of certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.models import Certificate, IssuingBody
from compete.web.organiser.shapes import Link
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class ReissueForm:
    """The opened row: the change that a new certificate would bring."""

    reasons: Sequence[Choice]
    chosen: str
    """The reason that is likely."""
    by_two: bool
    """True if a second person has to agree: it was made void."""
    was: str | None
    """The name that it bears, where the new one bears another."""
    now: str
    corrected: bool
    """True if the ID number is another, too."""
    number: str
    """The numbers to come."""
    count: int
    """The number of papers: one, but each member's if there is none for a crew."""
    correct_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """A certificate; an address is given only for possible acts."""

    certificate: Certificate
    number: str
    kind: str
    now: str | None
    """The holder's name of now, where it is another."""
    id_masked: str
    unit: str
    title: str
    ground: str
    """The ground of a grade; empty for an award."""
    """The grade, or the award."""
    state: str
    """`valid`, `review`, `replacing`, `replaced` or `revoked`."""
    others: Sequence[str]
    """`换成 …` and `替换 …`, each number in one piece."""
    notes: Sequence[str]
    settles: bool
    """True if it waits to be settled, or for a second person."""
    reissue_url: str | None
    revokes: bool
    strikes: bool = False
    """True if the result can be struck with it."""
    reissue: ReissueForm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedIssue:
    """An attempt to issue that was refused."""

    kind: str
    """`grade` or `award`."""
    why: str
    reason: str
    """The organiser's, as it was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCard:
    """The certificates of one kind that can be issued."""

    key: str
    """`grade` or `award`."""
    name: str
    ready: int | None
    """The number that wait; None while it depends on what a new version left to decide."""
    printed: bool
    """True if there are any to print."""
    blocked: str | None
    """Why none can be issued yet."""
    note: str | None
    waits: Sequence[Link] = ()
    """The ones that wait for something else than this page, and where that is done."""
    dates: str = ""
    """The dates on awards, in words; empty if there are none."""
    dated: str = ""
    """The date as a form sends it; empty where it is the day of issue."""
    wants_body: bool = False
    """True if nobody can issue it until that is put right."""
    refused: RefusedIssue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AsideNote:
    """The certificates that a file of all lacks, or has without the photo."""

    said: str
    count: int
    url: str
    """The register with these alone."""
    shown: bool
    """True if it is shown so now."""
    back_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """Certificates that are issued or printed beside the page."""

    title: str
    word: str
    """Says that it waits or runs."""
    step: str
    done: int
    total: int
    url: str
    """The address to follow and stop it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyChoice:
    """An issuing body that could be chosen."""

    body: IssuingBody
    scope: Sequence[str]
    """The lines of its scope."""
    chosen: bool
    fits: bool
    """True if the competition's occupation is in its scope."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """A registered issuing body."""

    body: IssuingBody
    scope: str
    """The scope as filed; as it was written if that was refused."""
    error: str | None
    """Why it was refused."""
