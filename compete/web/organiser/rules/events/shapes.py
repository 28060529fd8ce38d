"""Shapes of the pages that set up events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from compete.services.competitions.award_draft import AwardDraft
from compete.services.competitions.draft_fields import D
from compete.services.competitions.grade_draft import GradeDraft
from compete.services.competitions.item_draft import ItemDraft
from compete.services.competitions.module_draft import AspectDraft, ModuleDraft
from compete.services.competitions.rules_draft import TermsDraft
from compete.services.competitions.stage_draft import PartDraft, StageDraft
from compete.services.competitions.worked_standing import SamplePlace
from compete.web.organiser.rules.events.tried import TriedModule
from compete.web.organiser.shapes import WorkedRow
from compete.web.shapes import Choice

Words = Mapping[str, Mapping[str, str]]
"""The words of each list of choices: the list's name, then value and word."""
Choices = Mapping[str, Sequence[Choice]]
"""The same, to choose from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView(Generic[D]):
    """A row of a list; `path` is how its fields begin."""

    path: str
    draft: D


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView:
    """A module and its sheet."""

    path: str
    draft: ModuleDraft
    judges_added: bool
    """True if the judges' marks are added up, so that full marks count each of them."""
    aspects: Sequence[RowView[AspectDraft]]
    marked: bool
    """True if somebody was marked by it, so that no row comes or goes."""
    sheets: Sequence[Choice]
    """Its marking scheme in force as workbooks; none of one that is not saved yet."""
    more: Sequence[str]
    """The parts of its panel beyond the sentence."""
    opens: bool
    """True if its sheet is shown: something is wrong with it, or rows were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """A stage with its modules; `gone_too`: whether it can be taken away.

    `carries` and `sends_on`: whether it is asked what is carried along, and who goes on.
    """

    path: str
    draft: StageDraft
    carries: bool
    sends_on: bool
    parts: Sequence[RowView[PartDraft]]
    part_choices: Sequence[Choice]
    """Its parts as a module chooses them, and none first."""
    carry_choices: Sequence[Choice]
    """Stages before it, and none first."""
    tie_choices: Sequence[Choice]
    """The choices for those who share the last place that goes on."""
    modules: Sequence[ModuleView]
    gone_too: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """A single item; `path` is how its fields begin, `ties` end with an empty one."""

    path: str
    draft: ItemDraft
    ties: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardView:
    """A prize; `path` is how its fields begin."""

    path: str
    draft: AwardDraft
    more: Sequence[str]
    """The parts beyond the sentence."""
    opens: bool
    """True if its conditions are shown: something is wrong with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedView:
    """The worked example. `differs`: whether the form says other than what is in force."""

    rows: Sequence[WorkedRow]
    differs: bool
    version: int
    steps: Sequence[tuple[int, str]]
    notes: Sequence[str]


Standing = tuple[Sequence[tuple[int, str]], Sequence[SamplePlace], Mapping[int, str], str]
"""How many rise to which grade, the first of the ten, grades in words, and why somebody stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleCard:
    """The marks of a made-up contestant beside the rules, and the results."""

    try_url: str
    modules: Sequence[TriedModule]
    worked: WorkedView
    standing: Standing | None
    editions: Sequence[Choice]
    """Earlier editions whose published marks may be ranked by the form's rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A fault somewhere in the form; `field` shows it too, or is empty if none does."""

    place: str
    what: str
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedField:
    """A field of a row; `key` is what the draft calls it, `name` the form behind the row's path.

    `input` is `line`, `number`, `choice`, `ticks`, `flag`, `lines` or `list`.
    """

    key: str
    name: str
    about: str
    """The start of its name: fields stand together by it."""
    input: str
    label: str
    hint: str
    choices: str
    """The list it is chosen from."""
    usual: str
    """The choice if nothing was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeView:
    """A grade rule; `path` is how its fields begin, `under` ends with an empty one."""

    path: str
    draft: GradeDraft
    start: int
    """The rank from which it adds to like rules above it; else 0."""
    more: Sequence[str]
    """The parts beyond the sentence."""
    under: Sequence[str]
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceGroup:
    """Choices of one kind; without a label they stand before all others."""

    label: str
    options: Sequence[Choice]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearTie:
    """A module whose nearly equal scores are equal once rounded, and the tie key against it."""

    module: str
    aspect: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A step of the form of rules as its head shows it."""

    key: str
    number: int
    title: str
    words: Sequence[str]
    """The sentence, cut so that each second piece is a figure."""
    state: str
    """`empty`, `done`, `doubt`, `other` than the edition before, or `locked`."""
    before: str
    """The text of the edition before, if it is different."""
    doubts: Sequence[str]
    facts: Sequence[str]
    opens: bool
    stuck: bool
    """True if it stays open beside another that is open too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderCard:
    """The names of the event's grades."""

    choices: Sequence[Choice]
    """The sources of the ladder: the state's, one of the table, one's own."""
    chosen: str
    title: str
    rungs: str
    """The rungs of the event's copy, lowest to highest; empty for the state's."""
    now: str
    """The same of the table, where it differs by now; else empty."""
    now_name: str
    stays: str
    """Why the copy stays as it is, though the table differs."""
    own_name: str
    own: str
    """A rung a line, as `read_ladder` reads it; empty where it is not one's own."""
    example: str
    """The national ladder in the same form, to begin from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsCard:
    """The grade that an evaluation tests for, and who may apply."""

    draft: TermsDraft
    grades: Sequence[Choice]
    conditions: Sequence[Choice]
    """The editions that can be taken, the event's own lines where it has any, none."""
    lines: Sequence[str]
    """The names of the present lines."""
    unconfirmed: bool
    differs: bool
    """True if the edition says something else by now than the copy."""
    usual_day: str
