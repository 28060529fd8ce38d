"""What the page of grades on other grounds shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One person's grade on one ground."""

    id: int
    name: str
    code: str
    unit: str
    url: str | None
    """The page of who takes no part; None for who does."""
    job: str
    """For which occupation, where no event says it."""
    present: str
    to: str
    ground: str
    clause: str
    facts: str
    state: str
    """The key of `state` in `_parts/states.html`."""
    word: str
    notes: Sequence[str]
    document_url: str | None
    certificate: Link | None
    may: str
    """What the rows ticked with it can go on to: `notice`, `decide`, or nothing."""
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFilter:
    """One state of the list, with how many are in it."""

    key: str
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundRow:
    """What one ground needs here."""

    key: str
    name: str
    document: bool
    days: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTyped:
    """What was sent and refused, and why; a file has to be chosen again."""

    problem: str
    where: str
    """`new` or `others` for a form that proposes, `list` for the rows, `grounds`."""
    fields: Mapping[str, str]
    ids: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamineePage:
    """Who takes no part and has a grade in the book: `organiser/claims/examinee.html`."""

    competition: CompetitionLink
    claims_url: str
    code: str
    name: str
    number: str
    unit: str
    present: str
    grades: Sequence[str]
    photo_url: str | None
    erased: str | None
    """That they were erased and when; nothing can be corrected then."""
    correct_url: str | None
    """None for who may only look."""
    old_papers: Sequence[Link]
    """Valid certificates that bear another name or number; where another is issued."""
    erase_url: str | None
    erase_said: str | None
    """That it is asked for already."""
    erase_why_not: str | None
    """What would be answered at once."""
    typed: Mapping[str, str]
    problem: str | None
    where: str
    """`correct` or `erase`, where `problem` stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledOccupation:
    """An occupation that an issuing body may certify."""

    code: str
    name: str
    grades: Sequence[int]
    """As they were filed, the lowest grade (5) first as a rule."""
