"""Kinds of papers that may be long, and how each is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from compete.language import FIRST
from compete.models import Account, Competition

ENTRANTS_BOOK = "entrants.list"
APPLICATIONS_BOOK = "applications.list"
CHANGES_BOOK = "labour.changes"
RECORDS_BOOK = "competition.records"
REGISTER_BOOK = "certificates.register"
VERDICTS_BOOK = "verdicts.list"
"""The longest lists of the desk, which its pages write as workbooks, or a job for them."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A wanted paper: in which language, and `of` what of the competition.

    `filename` is what it will be called; of several files each has its number before the
    ending. `site` is the address by which they came, for the links on it.
    """

    kind: str
    language: str
    filename: str
    site: str
    of: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A paper to be printed: of which competition, for whom, into which language."""

    competition: Competition
    by: Account
    translate: Callable[[str], str]
    of: Mapping[str, str]
    language: str = FIRST.code


Keys = Callable[[Asked], Sequence[int]]
Lines = Callable[[Asked, Sequence[int]], int]
Make = Callable[[Asked, Sequence[int]], bytes]


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper.

    `keys` are the rows of what is printed, in order; `make` prints some of them. `lines` counts
    what is set of them, where a row is not one line of the paper. Up to `at_once` lines are
    printed while somebody waits: about a second's work, by what `tests/bench/desk.py` measured
    for each. More are printed by a job, in files of `portion` rows, since Typst takes memory
    with the pages of a file; None for a list that is one.
    """

    at_once: int
    portion: int | None
    keys: Keys
    make: Make
    lines: Lines


_KINDS: dict[str, Paper] = {}


def printed_as(
    kind: str,
    *,
    at_once: int,
    keys: Keys,
    portion: int | None = None,
    lines: Lines = lambda _asked, rows: len(rows),
) -> Callable[[Make], Make]:
    """Say which function prints the papers of a kind, and of which rows."""

    def know(make: Make) -> Make:
        _KINDS[kind] = Paper(at_once, portion, keys, make, lines)
        return make

    return know


def paper_kinds() -> Mapping[str, Paper]:
    """The kinds of papers, by name."""
    return _KINDS
