"""What the pages of draws show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compete.web.organiser.shapes import CompetitionLink
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyLine:
    """A ceremony in the list."""

    name: str
    number: int
    module: str
    when: str
    state: Chip
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A draw that was held without the program."""

    module: str
    day: str
    supervisor: str
    people: int
    signed: str
    """Who of the supervisors signed it and when; empty where nobody did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepareForm:
    """What is typed to prepare a draw, as it was typed."""

    module: str
    name: str
    layer: str
    stations: str
    sessions: str
    check_in: str
    apart: bool
    per_session: str
    why: str = ""
    """Why a module is drawn again that was drawn on paper."""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """What is typed of a draw on paper."""

    module: str
    drawn_on: str = ""
    supervisor: str = ""
    stations: str = ""
    sessions: str = ""
    check_in: str = ""
    lines: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawsUrls:
    """Where the list's forms are posted."""

    prepare: str
    paper: str
    book: str
    """The list as a workbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawsPage:
    """What `organiser/draws/draws.html` wants."""

    competition: CompetitionLink
    known: str
    """What is known of the places so far, in a sentence."""
    ceremonies: Sequence[CeremonyLine]
    papers: Sequence[PaperLine]
    modules: Sequence[Choice]
    to_draw: Sequence[Choice]
    """Modules whose judges have no sheets yet."""
    layers: Sequence[Choice]
    """Whether stations are drawn at once, or units first."""
    prepare: PrepareForm
    paper: PaperForm
    urls: DrawsUrls


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPlace:
    """Who has which place by a draw on paper."""

    code: str
    name: str
    unit: str
    session: str
    station: str
    time: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperToSign:
    """A draw on paper as its supervisor holds it beside the signed record."""

    line: PaperLine
    places: Sequence[PaperPlace]
    sign_url: str | None
    """None where it is signed, or who looks cannot be the one to sign."""
    barred: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningPage:
    """What `organiser/draws/signing.html` wants."""

    competition: CompetitionLink
    papers: Sequence[PaperToSign]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One of the five steps."""

    name: str
    time: str
    state: str
    """`done`, `now` or `later`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashText:
    """A hash for the ear and in full."""

    label: str
    words: str
    hex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """A party, or the keeper of the spare."""

    name: str
    spare: bool
    seal: str
    words: str
    share: str
    opened: bool
    note: str
    """When it opened; or that what was handed in counted as none, and when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningForm:
    """What is typed to open a share, as it was typed; `error` says why it counts as none."""

    name: str
    share: str
    key: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealForm:
    """What is typed to take a seal in."""

    name: str
    seal: str
    spare: bool
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A place and who got it."""

    position: int
    place: str
    session: str
    time: str
    code: str
    name: str
    unit: str
    moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit and the number that it drew."""

    number: int
    code: str
    name: str
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyUrls:
    """Where the ceremony's acts are, and its public pages; None for what there is not yet."""

    back: str
    again: str
    """Where a further one for the same module is prepared."""
    act: Mapping[str, str]
    seal_page: str
    hall: str
    file: str | None
    check: str | None
    book: str | None = None
    """What was drawn as a workbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCard:
    """A party's own link, to be scanned; without a `url` the form that makes one."""

    name: str = ""
    spare: bool = False
    url: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CeremonyPage:
    """What `organiser/draws/ceremony.html` wants."""

    competition: CompetitionLink
    name: str
    number: int
    module: str
    phase: str
    label: Chip
    people: int
    places: int
    rule: str
    before: str
    next_text: str
    """The next act, in a sentence."""
    too_late: str
    """Why it can be neither ended nor held again, or nothing."""
    list_is_old: bool
    lacking: str
    """Why the head cannot be published yet."""
    steps: Sequence[StepLine]
    hashes: Sequence[HashText]
    shares: Sequence[ShareLine]
    closed: Sequence[Choice]
    """Who can open now."""
    seal: SealForm
    opening: OpeningForm
    why: str
    why_error: str
    units: Sequence[UnitRow]
    """In the order that was drawn, where units were drawn first."""
    rows: Sequence[PlaceRow]
    moved: int | None
    """How many the rule moved; None where there is no rule."""
    unmet: Sequence[str]
    ended: str
    party: PartyCard
    urls: CeremonyUrls
