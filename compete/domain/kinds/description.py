"""What is described of a kind of competition."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from compete.domain.values.kinds import Kind
from compete.domain.values.messages import Message

Wording = tuple[re.Pattern[str], str]
"""A contest's word, and the one that is said instead."""


class Outcome(StrEnum):
    """What somebody, or a unit, comes to in the end."""

    RANK = "rank"
    """A place among all, with a total (名次)."""
    VERDICT = "verdict"
    """A verdict held against lines, nobody against others (合格、不合格)."""
    TOTAL = "total"
    """A total of each period, and a unit's place by it."""
    MARK = "mark"
    """A mark for each try, shown to whoever tried and to who marks."""


class KindDescription(NamedTuple):
    """One kind of competition: what takes part, what comes of it, what it has, its nouns."""

    kind: Kind
    name: Message
    outcome: Outcome
    of_people: bool
    """True if people take part in events and judges mark them; else units have values by period."""
    has_results: bool
    """True if results are published; without any there is no award, no grade and no certificate."""
    has_awards: bool
    """True if somebody may get an award or an honour of it."""
    has_sittings: bool
    """True if who fails may try again later, and bring what was passed (单科保留)."""
    has_conditions: bool
    """True if whoever applies is held against the conditions of a level (报考条件)."""
    has_review: bool
    """True if a reviewer passes who applies (审核通过); nobody else gets a seat or a card."""
    tells_passed_alone: bool
    """True if the public reads of those alone who passed, never of others or of marks."""
    two_approve_grades: bool
    """True if two approve a grade, where the organiser has not said otherwise."""
    may_keep: bool
    """True if two may keep a certificate against the results of a new version."""
    unasked_columns: frozenset[str]
    """Columns about people that it never asks, by their keys."""
    check_in_items: tuple[str, ...]
    """What is looked at as people check in, where the organiser has not said otherwise."""
    organisers: Message
    """Who takes objections where nobody is named."""
    not_here: Message
    """What is said on a page that it does not have."""
    nouns: Mapping[str, Sequence[Wording]] = MappingProxyType({})
    """By language, what is said otherwise than in a contest, in which texts are written."""

    @property
    def has_periods(self) -> bool:
        """True if units are ranked by what they did in each period."""
        return not self.of_people

    @property
    def ranks_people(self) -> bool:
        """True if people stand in an order."""
        return self.outcome is Outcome.RANK

    @property
    def gives_verdicts(self) -> bool:
        """True if people pass or fail, each for himself."""
        return self.outcome is Outcome.VERDICT
