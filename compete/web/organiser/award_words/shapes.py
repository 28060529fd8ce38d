"""What the page of an award certificate's words shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.services.kernel.competition_settings import AwardWords
from compete.web.organiser.shapes import View
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class WordField:
    """One text of the form."""

    key: str
    label: str
    text: str
    """As kept, or as it was typed."""
    hint: str
    most: int
    rows: int | None
    """Of a text of several lines."""
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What other words are for, as chosen, with the choices; none where there is one alone."""

    event: str
    events: Sequence[Choice]
    sort: str
    sorts: Sequence[Choice]
    award: str
    awards: Sequence[Choice]
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardWordsPage:
    """What `award_words.html` wants."""

    title: str
    styles: Sequence[View]
    can_add: bool
    """Whether there may be one more; not while one is made, and where there is no room."""
    style: str
    """Of which the form is: empty of the usual, `new`, or a number."""
    aim: Aim | None
    """None of the usual words."""
    texts: Sequence[WordField]
    words: AwardWords
    """As they stand, or were typed."""
    emblem_at: str
    emblem_mb: int
    """How many megabytes a picture may have."""
    emblem_problem: str | None
    second_problem: str | None
    right: str
    down: str
    """In millimetres, as typed."""
    most_shift: int
    shift_problem: str | None
    kinds: Sequence[Choice]
    """Of which sort the specimen is."""
    kind: str
    problem: str | None
    looked: bool
    """Whether what is shown was typed and is not kept yet."""
    issued: int
    """How many stand, which keep their words."""
    picture_url: str
    sort: str
    """What the specimen is of, in words."""
    paper_url: str
