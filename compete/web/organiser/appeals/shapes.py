"""Shapes of the page of appeals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.models import Appeal
from compete.services.appeals.arbiter_view import AspectLine, Matter
from compete.services.appeals.film_instants import Instant
from compete.services.appeals.precedents import LikeCase
from compete.web.organiser.asked_terms import AskedTermsCard
from compete.web.organiser.shapes import Link
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRow:
    """One appeal in the list, by the time that is left."""

    appeal: Appeal
    who: str
    what: str
    chip: Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceItem:
    """Words, a photo, a PDF or a film with its marked instants; `who` where the desk put it.

    `at` says too whether it was added to an appeal that stood.
    """

    at: str
    words: str
    who: str | None
    number: int
    ending: str
    """The ending of its file: `jpg`, `pdf` or `mp4`; empty for words alone."""
    instants: Sequence[tuple[str, Instant]]
    """The instants of a film, each with its offset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """A decision that was put forward or taken, by whom, when."""

    title: str
    said: str
    reason: str
    who: str
    stands: bool
    id: int
    may_agree: bool
    why_not: str | None
    """Why the reader cannot agree, and who can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideForm:
    """The form for an arbiter's decision."""

    seen: str
    """The digest of the marks that the page shows."""
    outcomes: Sequence[Choice]
    asks_value: bool
    yes_no: bool
    """True if the value is 1 or 0: fulfilled or not."""
    now: str | None
    """The present value of the aspect."""
    values: Mapping[str, str]
    alone: bool
    """True if it stands without another's signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCell:
    """The announced value and the present one, in words; `gain`, `moved`: the direction."""

    was: str
    now: str
    gain: bool | None = None
    """True if it gained; None: neither, or not to be told from here."""
    moved: str = ""
    """升 2 位, 少 1.60: the same in a word."""

    @property
    def same(self) -> bool:
        """True if it did not move."""
        return self.was == self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedSide:
    """Teams or grades in a line; `note` where they stay."""

    label: str
    note: str | None
    items: Sequence[tuple[str, Sequence[MovedCell]]]
    """The items that move: each name with its cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCard:
    """The people moved by the decision; shut until it stands, and worked out on request."""

    locked: str | None = None
    can_ask: bool = False
    note: str = ""
    count: str | None = None
    """The number of people who change rank, and who change award."""
    rows: Sequence[tuple[str, str, Sequence[MovedCell]]] = ()
    """The people moved, by name and number: total, rank, awards, grades."""
    sides: Sequence[MovedSide] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeRow:
    """An earlier decision about the like, without who appealed."""

    case: LikeCase
    where: str | None
    """The competition, where it is another."""
    likeness: str
    what: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealDetail:
    """The chosen appeal, beside the record of the module."""

    appeal: Appeal
    record: Matter
    who: str
    what: str
    filed: str
    evidence: Sequence[EvidenceItem]
    may_add: bool
    """True if the desk can put more with it, while it is open."""
    add_words: str
    """Words on the greatest size of a file."""
    add_typed: str
    """The words typed beside it, if it was refused."""
    marks: Sequence[AspectLine]
    others: Sequence[AspectLine]
    """Aspects of the module that the appeal is not about."""
    facts: Sequence[tuple[str, str]]
    """The facts in the record that the contestant signed."""
    like: Sequence[LikeRow]
    more_like: int
    """The number that are not listed."""
    decisions: Sequence[DecisionLine]
    form: DecideForm | None
    why_not: str | None
    """Why the reader has no act here."""
    aside: Sequence[str]
    deadline: str | None
    moved: MovedCard
    may_rule: bool
    """True if the chief judge rules with the value that was ordered."""
    carries: bool
    """True if it waits for the chief judge to carry it out."""
    carry_locked: str | None
    """Says to whoever would change the marks that they are locked, and who opens them."""
    carry_way: Link | None
    carried: str
    """The work done, once it is carried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesForm:
    """The form of the rules for appeals, set by the organisers."""

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
    """True if judging has begun: then less for appellants takes a reason and a second person."""
    asked: AskedTermsCard | None
