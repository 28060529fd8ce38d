"""States of a sitting of a theory examination, and of a key that is put right."""

from __future__ import annotations

from enum import StrEnum


class SittingState(StrEnum):
    """The state of a sitting; that its time has passed is not kept but worked out."""

    EXPECTED = "expected"
    SAT_DOWN = "sat_down"
    BEGUN = "begun"
    HANDED_IN = "handed_in"
    VOID = "void"


class KeyState(StrEnum):
    """The state of a corrected key."""

    ASKED = "asked"
    AGREED = "agreed"
    DROPPED = "dropped"


class BankRequestKind(StrEnum):
    """What takes two in a question bank."""

    FILE = "file"
    SEAL = "seal"
    OPEN = "open"
    VOID = "void"
    RELEASE = "release"
