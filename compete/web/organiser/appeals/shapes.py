"""What the page of appeals shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.domain.explanation.telling import Part
from compete.web.organiser.details.asked import AskedTermsCard
from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    """One appeal in the list, by the time that is left."""

    title: str
    who: str
    what: str
    chip: Chip
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InstantLink:
    """An instant of a film: where it is, how it is written, what is to be seen."""

    seconds: int
    at: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceItem:
    """Words, a photo, a PDF or a film with its marked instants; `who` where the desk put it.

    `at` says too whether it was added to an appeal that stood.
    """

    at: str
    words: str
    who: str | None
    photo_url: str | None
    pdf_url: str | None
    film_url: str | None
    instants: Sequence[InstantLink]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """An aspect with what each judge gave."""

    name: str
    values: Sequence[str]
    notes: Sequence[str]
    concerned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFact:
    """A line of the record that the contestant signed."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRow:
    """A rule that bears on the matter: its number, and its text with the telling words lit."""

    label: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """What was put forward or decided, by whom, when."""

    title: str
    said: str
    reason: str
    who: str
    stands: bool
    id: int
    agree_url: str | None
    why_not: str | None
    """Why the reader cannot agree, and who can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideForm:
    """What an arbiter fills in."""

    url: str
    seen: str
    """The digest of the marks that the page shows."""
    outcomes: Sequence[Choice]
    asks_value: bool
    yes_no: bool
    """Whether the value is 1 or 0: fulfilled or not."""
    now: str | None
    """What the aspect says now."""
    values: Mapping[str, str]
    alone: bool
    """Whether it stands without another's signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCell:
    """What was announced and what is now, in words; `gain` and `moved` say which way it went."""

    was: str
    now: str
    gain: bool | None = None
    """None: neither, or not to be told from what stands here."""
    moved: str = ""
    """升 2 位, 少 1.60: the same in a word."""

    @property
    def same(self) -> bool:
        """Whether it did not move."""
        return self.was == self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """Somebody whom the decision moves: total, rank, awards, grades."""

    name: str
    code: str
    cells: Sequence[MovedCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedItem:
    """A team, or somebody's grades: by what name, and what of it moves."""

    name: str
    cells: Sequence[MovedCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedSide:
    """Teams or grades in a line; `note` where they stay."""

    label: str
    note: str | None
    items: Sequence[MovedItem]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCard:
    """Whom the decision moves; shut until it stands, and worked out when it is asked for."""

    locked: str | None
    ask_url: str | None
    note: str
    count: str | None
    """How many people change rank, and how many award."""
    rows: Sequence[MovedRow]
    sides: Sequence[MovedSide]


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeRow:
    """An earlier decision about the like, without who appealed."""

    title: str
    where: str | None
    """The competition, where it is another."""
    url: str
    likeness: str
    what: str
    asked: str
    said: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeCard:
    """How like cases went; `more` where not all are listed."""

    rows: Sequence[LikeRow]
    more: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDetail:
    """The chosen appeal."""

    title: str
    who: str
    what: str
    filed: str
    by: str
    matter: str
    second_why: str | None
    evidence: Sequence[EvidenceItem]
    add_url: str | None
    """Where the desk puts more with it, for who may, while it is open."""
    add_words: str
    """How large a file may be."""
    add_typed: str
    """What was written beside it, where that was refused."""
    judges: Sequence[str]
    marks: Sequence[MarkRow]
    others: Sequence[MarkRow]
    """Aspects of the module that the appeal is not about."""
    photos: Sequence[str]
    facts: Sequence[FieldFact]
    penalties: Sequence[str]
    clauses: Sequence[ClauseRow]
    like: LikeCard
    decisions: Sequence[DecisionLine]
    form: DecideForm | None
    why_not: str | None
    """Why the reader has no act here."""
    aside: Sequence[str]
    deadline: str | None
    moved: MovedCard
    print_url: str
    rule_url: str | None
    """Where the chief judge rules with the value that was ordered."""
    carry_url: str | None
    carry_hint: str | None
    carry_locked: str | None
    """That the marks are locked, for who is to change them, and who opens them."""
    carry_way: Link | None
    carried: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesForm:
    """How appeals go, set by the organisers."""

    url: str
    since: str
    answer_hours: str
    second_hours: str
    arbiters: str
    file_minutes: str
    clause: str
    barred: Sequence[str]
    types: Sequence[Choice]
    error: str | None
    why: str
    asks_why: bool
    """Whether judging has begun: then less for appellants takes a reason and a second person."""
    asked: AskedTermsCard | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealsPage:
    """What `organiser/appeals/appeals.html` wants."""

    competition: CompetitionLink
    rows: Sequence[AppealRow]
    chosen: AppealDetail | None
    chips: Sequence[Chip]
    book_url: str | None
    """The list as a workbook; None while it is empty."""
    lacking: str | None
    """Which arbiters there are none of yet."""
    arbiters_url: str | None
    """Where they are added, for who may."""
    until: str
    rules: RulesForm | None
    problem: str | None
