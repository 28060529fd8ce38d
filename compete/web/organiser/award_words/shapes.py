"""What the page of an award certificate's words shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink
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
class StyleLink:
    """The usual words, or other ones for some certificates."""

    label: str
    url: str
    current: bool


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

    competition: CompetitionLink
    title: str
    styles: Sequence[StyleLink]
    add_url: str | None
    """To one more; None while one is made, and where there is no room."""
    style: str
    """Of which the form is: empty of the usual, `new`, or a number."""
    aim: Aim | None
    """None of the usual words."""
    texts: Sequence[WordField]
    called: str
    calls: Sequence[Choice]
    frame: str
    frames: Sequence[Choice]
    seal: str
    seals: Sequence[Choice]
    emblem: str
    """The picture that is kept, by its hash, or empty."""
    emblem_at: str
    places: Sequence[Choice]
    emblem_hint: str
    emblem_problem: str | None
    second: str
    """Another picture, opposite or beside it; `two` says whether it is printed."""
    second_hint: str
    second_problem: str | None
    two: str
    twos: Sequence[Choice]
    right: str
    down: str
    """In millimetres, as typed."""
    shift_hint: str
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
    picture_says: str
    """The specimen's words, for who does not see the picture."""
    paper_url: str
    save_url: str
