"""Shapes of the pages of 复核, and the fields of a sheet that is typed in again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.asked_terms import AskedTermsCard
from compete.web.organiser.judging.progress.shapes import Tick
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
    """The typed value."""
    choices: Sequence[Choice]
    """The choices; empty if a number is typed."""
    unit: str
    wanted: str
    """The values that may stand there; empty beside choices."""
    note: str
    """A warning about the value on paper; empty mostly."""
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckForm:
    """The values of `organiser/judging/recheck/sheet.html`."""

    competition: CompetitionHead
    """The competition, with the way back to the list."""
    code: str
    module: str
    judge: str
    fields: Sequence[EntryField]
    doubts: int
    """The number of fields in question."""
    faults: int
    """The number of fields that are wrong."""
    looked_again: bool
    left: int
    """The number of sheets of the round that are not entered yet."""
    url: str
    back_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckRule:
    """The share of sheets that is re-checked, in per cent."""

    required: bool
    """True if nothing is published before it is done."""
    top: str
    rest: str
    limit: str
    """The share of sheets that may be wrong."""
    url: str | None
    """The address to change it; None if it no longer may be, and for whoever may not."""
    by_two: bool
    """True if judging has begun: less of it takes a reason and a second person, and nothing is
    saved as it is typed."""
    why: str = ""
    """The reason as it was typed."""
    asked: AskedTermsCard | None = None
    """The change that waits for a second person."""


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
    """The person who entered it and when; empty before."""
    url: str | None
    act: str
    """The text of the button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The proof by which the sample can be drawn again."""

    seed: str
    said: str | None
    """The text that the supervisor said."""
    when: str
    """The person who drew, and when."""
    top: int
    """The number of contestants taken for their rank."""
    sampled: str
    of: int
    """The number of contestants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The progress of a round once it was drawn."""

    done: bool
    left: int
    """The number of sheets that wait for somebody."""
    rate: str
    """The per cent of the sheets that were wrong."""
    wrong: int
    limit: str
    forced: bool
    """True if every sheet is to be re-checked."""
    counts: Mapping[str, int]
    ticks: Sequence[Tick]
    first_url: str | None
    """The next sheet for the viewer."""
    moved: str
    """The contestants who have come into the top since."""
    add_url: str | None
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawForm:
    """The typed form to draw a stage, and why it was not drawn."""

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
    """The address to draw it, while it is not drawn, for whoever may."""
    said: str
    """The typed text."""
    error: str | None
    """Why it was not drawn."""
    drawn: Drawn | None
    lines: Sequence[LineRow]
    oversees: bool = False
    """True if the viewer is a supervisor, and gives the number under the own sign-in."""
    overseers: Sequence[Choice] = ()
    """Supervisors who can give it here, by their own PIN."""
    overseer: str = ""
    """The one who was chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckPage:
    """The values of `organiser/judging/recheck/recheck.html`."""

    competition: CompetitionHead
    rule: RecheckRule
    rounds: Sequence[RoundRow]
    book_url: str | None
    """The sheets as a workbook; None while no stage is drawn."""
    barred: str | None
    """The reason the viewer cannot enter sheets now, though it is their part, and who can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of a sheet: the state's key, and its word."""

    key: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRow:
    """An aspect as it was read twice, and as it stands now."""

    name: str
    entered: str
    found: str
    now: str
    """The judge's present value."""
    ruling: str | None
    """The value of the chief judge's ruling, which stands above it; on no judge's paper."""
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingWords:
    """The ruling on which reading was wrong, and the person who made it."""

    text: str
    who: str
    when: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """The values of `organiser/judging/recheck/result.html`."""

    competition: CompetitionHead
    """The competition, with the way back to the list."""
    code: str
    module: str
    judge: str
    outcome: Outcome
    person: str
    """The person who entered it and when."""
    rows: Sequence[ReadingRow]
    ruling: RulingWords | None
    earlier: Sequence[RulingWords]
    """The rulings before it was corrected, the first one first."""
    rule_url: str | None
    correct_url: str | None
    """The address for the chief judge to rule otherwise."""
    correct_to: str
    """The ruling it can be corrected to: `error` or `misread`."""
    own: bool
    """True if the viewer entered it, so that another has to rule."""
    locked: bool
