"""Shapes of the page for appealing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """A module or an aspect of it, to be chosen."""

    key: str
    name: str
    note: str | None
    """The score that was given, or why it cannot be chosen."""
    shut: bool
    until: str | None
    """The limit as the browser's clock reads it (ISO 8601), for the countdown."""
    until_words: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemGroup:
    """A module and its aspects."""

    whole: ItemRow
    parts: Sequence[ItemRow]
    open: bool
    """True if one of the parts was chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stop on the way of an appeal."""

    at: str
    title: str
    text: str
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedLine:
    """Words or photos that were put with it."""

    at: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealCard:
    """An appeal, as the person who filed it follows it."""

    id: str
    title: str
    what: str
    chip: Chip
    matter: str
    steps: Sequence[Step]
    decision: str | None
    reason: str | None
    added: Sequence[AddedLine]
    meanwhile: bool
    """True if results may still change by it."""
    received: str | None
    """The second at which it came in, in the largest figures, just after it did."""
    in_time: str | None
    files_until: str | None
    """Says that files may still follow the words, and until when."""
    add_url: str | None
    withdraw_url: str | None
    accept_url: str | None
    go_on_url: str | None
    go_on_until: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealPage:
    """The values of `appealing/appeal.html`."""

    heading: str
    subheading: str
    now: str
    """The server's clock (ISO 8601): the countdown goes by it."""
    closed: str | None
    """Why nothing can be filed now, or None."""
    reasons: Sequence[str]
    """Why each module is shut, where they are for several reasons."""
    groups: Sequence[ItemGroup]
    kinds: Sequence[Choice]
    cards: Sequence[AppealCard]
    values: Mapping[str, str]
    """The typed values, by the field's name."""
    uuid: str
    filed: str
    """The UUIDs of appeals that came in already: a draft of one of them is done with."""
    problem: str | None
    acting: str | None
    """The act and appeal that the problem is about (`withdraw-` and its id): it stays open."""
    asks_number: bool
    """True if appellants have to prove who they are: by the ID number, or by the desk's word."""
    unknown_number: bool
    """True if no number is known, so that the desk's word alone proves it."""
    whole_number: bool
    """True if the last four prove nothing: a grade certificate was issued, which shows them."""
    by_unit: bool
    contact: str | None
    file_url: str
    back_url: str
    shortest: int
    longest: int
    most_photos: int
    most_bytes: int
    """The most bytes that are sent at once, so that the page can tell before it sends."""
    most_words: str
    file_minutes: int
    """The minutes in which files may follow the words."""
    blind: bool
    """True if arbiters may not know who appeals."""
