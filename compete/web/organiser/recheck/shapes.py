"""What the pages of 复核 show, and the fields of a sheet that is typed in again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.details.asked import AskedTermsCard
from compete.web.organiser.progress.shapes import Tick
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetitionHead:
    """The competition, or the list of its sheets; `url` is None for whoever may not go there."""

    name: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryField:
    """One field of `organiser/_entry_fields.html`."""

    name: str
    label: str
    value: str
    """What was typed."""
    choices: Sequence[Choice]
    """Empty where a number is typed."""
    unit: str
    wanted: str
    """What may stand there; empty beside choices."""
    note: str
    """What to mind about what the paper has; empty mostly."""
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckForm:
    """What `organiser/recheck/sheet.html` wants."""

    competition: CompetitionHead
    """With the way back to the list."""
    code: str
    module: str
    judge: str
    fields: Sequence[EntryField]
    doubts: int
    """How many fields are in question."""
    faults: int
    """How many fields are wrong."""
    looked_again: bool
    left: int
    """How many sheets of the round are not entered yet."""
    url: str
    back_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckRule:
    """How much is re-checked, in per cent."""

    required: bool
    """Whether nothing is published before it is done."""
    top: str
    rest: str
    limit: str
    """So many sheets may be wrong."""
    url: str | None
    """Where it is changed; None where it no longer may be, and for whoever may not."""
    by_two: bool
    """Whether judging has begun: less of it takes a reason and a second person, and nothing is
    saved as it is typed."""
    why: str = ""
    """The reason as it was typed."""
    asked: AskedTermsCard | None = None
    """What waits for a second person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A sheet of a round."""

    label: str
    module: str
    judge: str
    why: str
    """Why it was taken."""
    key: str
    """The state's key in `_parts/states.html`, and its `word`."""
    word: str
    who: str
    """Who entered it and when; empty before."""
    url: str | None
    act: str
    """What the button says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """By what the sample can be drawn again."""

    seed: str
    said: str | None
    """What the supervisor said."""
    when: str
    """Who drew, and when."""
    top: int
    """How many contestants were taken for their rank."""
    sampled: str
    of: int
    """How many contestants there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a round has once it was drawn."""

    done: bool
    left: int
    """How many sheets wait for somebody."""
    rate: str
    """So many per cent of the sheets were wrong."""
    wrong: int
    limit: str
    forced: bool
    """Whether every sheet is to be re-checked."""
    counts: Mapping[str, int]
    ticks: Sequence[Tick]
    first_url: str | None
    """The next sheet for who looks."""
    moved: str
    """Who has come into the top since."""
    add_url: str | None
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawForm:
    """What was typed to draw a stage, and why it was not drawn."""

    event: str
    stage: str
    said: str
    error: str | None
    overseer: str = ""
    """The number of the supervisor who was chosen."""


NOTHING_SAID = DrawForm(event="", stage="", said="", error=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """A stage's round."""

    title: str
    draw_url: str | None
    """Where it is drawn, while it is not, for whoever may."""
    said: str
    """What was typed there."""
    error: str | None
    """Why it was not drawn."""
    drawn: Drawn | None
    lines: Sequence[LineRow]
    oversees: bool = False
    """Whether who looks is a supervisor, and gives the number under the own sign-in."""
    overseers: Sequence[Choice] = ()
    """Supervisors who can give it here, by their own PIN."""
    overseer: str = ""
    """The one who was chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckPage:
    """What `organiser/recheck/recheck.html` wants."""

    competition: CompetitionHead
    rule: RecheckRule
    rounds: Sequence[RoundRow]
    book_url: str | None
    """The sheets as a workbook; None while no stage is drawn."""
    barred: str | None
    """Why who looks cannot enter sheets now, though it is their part, and who can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What has become of a sheet: the state's key, and its word."""

    key: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """An aspect as it was read twice, and as it stands now."""

    name: str
    entered: str
    found: str
    now: str
    """What its judge gives now."""
    ruling: str | None
    """What the chief judge's ruling says, which stands above it; on no judge's paper."""
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingWords:
    """Who said which reading was wrong."""

    text: str
    who: str
    when: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """What `organiser/recheck/result.html` wants."""

    competition: CompetitionHead
    """With the way back to the list."""
    code: str
    module: str
    judge: str
    outcome: Outcome
    person: str
    """Who entered it and when."""
    rows: Sequence[ReadingRow]
    ruling: RulingWords | None
    earlier: Sequence[RulingWords]
    """What was ruled before it was corrected, the first one first."""
    rule_url: str | None
    correct_url: str | None
    """Where the chief judge rules otherwise."""
    correct_to: str
    """What it can be corrected to: `error` or `misread`."""
    own: bool
    """Whether who looks entered it, so that another has to rule."""
    locked: bool
