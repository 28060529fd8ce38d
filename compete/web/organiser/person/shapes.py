"""What the page of one contestant shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from compete.web.organiser.last_act import LastAct
from compete.web.organiser.progress.shapes import Tick
from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.portraits import PhotoCard
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of who it is."""

    label: str
    value: str
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdNumber:
    """An ID number, masked; `whole` once somebody has said why they look."""

    holder: str
    """The code of whose it is."""
    masked: str | None
    """None where there is no number."""
    whole: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewMember:
    """One of the people of a crew."""

    code: str
    name: str
    role: str
    grade: str
    facts: Sequence[Fact]
    number: IdNumber
    correct_url: str | None
    """None once the personal data are erased."""
    photo: PhotoCard


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCard:
    """Who it is."""

    code: str
    name: str
    chips: Sequence[Chip]
    number: IdNumber | None
    """None for a crew, whose members have each their own."""
    facts: Sequence[Fact]
    photo: PhotoCard | None
    """None for a crew, whose members have each their own."""
    members: Sequence[CrewMember]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotLine:
    """When and where somebody is expected for a module."""

    when: str
    module: str
    where: str
    note: str | None
    """When to check in, and until when it lasts."""
    move_url: str | None
    """Where it is moved; None once it cannot be."""
    chosen: bool
    """Whether it is the one that is being moved."""
    bare: bool = False
    """Whether there is none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOption:
    """Somewhere to move to; `why_not` where it is impossible."""

    key: str
    where: str
    when: str
    what: str
    """Free, shared, or with whom to swap."""
    why_not: str | None
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTime:
    """A time of somebody's own, at one of the stations if there are any."""

    key: str
    chosen: bool
    at: str
    """As it was typed."""
    stations: Sequence[Choice]
    station: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePanel:
    """The form that moves somebody in one module."""

    place: str
    title: str
    hint: str
    options: Sequence[MoveOption]
    own_time: OwnTime | None
    """For who came late, to whom no draw gave one."""
    reason: str
    problem: str | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """The sheets of a module by state; a score only once it is published."""

    module: str
    count: int
    ticks: Sequence[Tick]
    state: str | None
    """The state that all of them are in, as the macro `state` names it."""
    text: str
    score: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One line of what was published or issued."""

    label: str
    text: str
    url: str | None
    bad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeCode:
    """One badge's code, and what became of those before."""

    of: str
    """The number of whose it is: an entrant's, or one of a crew's."""
    whose: str | None
    """The name, in a crew."""
    number: str
    """What stands on the badge."""
    drawing: Markup
    """The code as a picture."""
    chip: Chip
    warn: str
    """What another code does."""
    replaced: str | None
    """When the last code was replaced, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeCard:
    """The badges: of one person one, of a crew one for each."""

    codes: list[BadgeCode]
    word: str | None
    """With what the holder appeals where the number does not do, given just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedField:
    """A field that was changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One record about a person."""

    at: str
    what: str
    who: str
    fields: Sequence[ChangedField]
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawCard:
    """Withdrawing, or taking it back: what comes of it, said before."""

    act: str
    """What the button says."""
    then: Sequence[str]
    """What becomes of places, sheets and lists."""
    url: str | None
    """None where it cannot be done; `then` says why."""
    danger: bool
    asks_reason: bool
    asks_evidence: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentLine:
    """One person's words about the whole name."""

    holder: str
    """The code of the person."""
    who: str | None
    """The name, where it is one of a crew."""
    chip: Chip
    given: bool
    words: Sequence[str]
    """Every word, the newest first."""
    changes: bool
    """Whether another word may be written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentCard:
    """Whether a person may be published by the whole name."""

    lines: Sequence[ConsentLine]
    sources: Sequence[Choice]
    url: str
    then: str
    """When pages follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseLine:
    """One person's own data: what was asked of them, and whether it can be."""

    holder: str
    """The code of the person."""
    who: str | None
    """The name, where it is one of a crew."""
    said: str | None
    asks: bool
    """Whether it may be asked for."""
    waits: bool
    """Whether a second person has to agree."""
    why_not: str | None
    """What would be answered at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseCard:
    """Erasing what is known of a person."""

    lines: Sequence[EraseLine]
    url: str
    page_url: str | None
    """What goes and what stays; where it `waits`, a second person agrees there."""
    waits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One condition of entry held against a person."""

    holder: str
    """The code of the person."""
    who: str | None
    """The name, where it is one of a crew."""
    rule: str
    asked: str
    fact: str
    state: str
    """`ok`, `bad`, or `waived`."""
    exempted: str | None
    """By whom it is waived, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityCard:
    """What the event asks, and what the person is."""

    chip: Chip
    lines: Sequence[RuleLine]
    exempt_url: str
    end_url: str | None
    stands: str | None
    """Why what was waived stays so; None where it can be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtLine:
    """A mark that was brought from an earlier sitting."""

    of: str
    module: str
    mark: str
    origin: str
    """Where it is from, and until when it is kept."""
    void: str | None
    """Since when it is void, and why."""
    no_longer: str | None
    """Why it does not hold any more, where somebody is to make it void."""
    stays: str | None
    """Why it cannot be taken back; None where it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """A mark that may be brought here."""

    key: str
    module: str
    mark: str
    origin: str
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResitLine:
    """Which attempt it is, or would be."""

    chip: Chip
    origin: str
    """Whose attempt before is tried again."""
    record: bool
    """Whether it is proposed, and to be recorded."""
    drop: bool
    """Whether it is on record and can be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingsCard:
    """What earlier sittings of an evaluation leave a person: 补考 and 单科保留."""

    resit: ResitLine | None
    brought: Sequence[BroughtLine]
    kept: Sequence[KeptLine]
    urls: SittingsUrls


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingsUrls:
    """Where its acts lead."""

    bring: str
    take_back: str
    make_void: str
    record_resit: str
    drop_resit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUrls:
    """Where the page's acts lead."""

    entrants: str
    show_number: str
    correct: str | None
    print_badge: str | None
    """None for who withdrew: there is no badge to print."""
    replace_badge: str
    give_word: str
    previous: str | None
    following: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """All of the page."""

    competition: CompetitionLink
    list_link: Link
    place: str | None
    """Where in the list this person stands; None where the list does not have them."""
    person: PersonCard
    eligibility: EligibilityCard | None
    sittings: SittingsCard | None
    """None where no earlier sitting leaves anything."""
    slots: Sequence[SlotLine]
    moving: MovePanel | None
    move_locked: str | None
    """Why nobody can be moved any more."""
    moved: LastAct | None
    """The last move, where it can be taken back."""
    sheets: Sequence[SheetLine]
    sheets_note: str | None
    results: Sequence[ResultLine]
    badge: BadgeCard | None
    """None for somebody whose data were erased: it opens nothing any more."""
    history: Sequence[HistoryLine]
    withdrawing: WithdrawCard | None
    """None for somebody whose data were erased."""
    consent: ConsentCard
    erasing: EraseCard
    urls: PersonUrls
    asked: str | None
    """Whose whole number was asked for without a reason, or which act (`#withdraw`) failed."""
    problem: str | None
