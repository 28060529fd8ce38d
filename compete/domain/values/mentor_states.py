"""States and outcomes of a mentor agreement."""

from __future__ import annotations

from enum import StrEnum


class MentorshipState(StrEnum):
    """How an agreement stands."""

    OPEN = "open"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    """Entered by mistake: it counts for nothing."""


class MentorOutcome(StrEnum):
    """What came of an agreement as it ended."""

    EXCELLENT = "excellent"
    PASS = "pass"
    FAIL = "fail"
    ENDED = "ended"
    """Broken off before its end, without an assessment."""


class Allowance(StrEnum):
    """How much of the allowance a mentor gets."""

    FULL = "full"
    HALF = "half"
    NONE = "none"
