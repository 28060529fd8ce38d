"""States of an accident that a unit of a labour competition reports of itself."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from compete.domain.values.messages import Message, msg


class AccidentState(StrEnum):
    """The states of an accident: two persons confirm it, by what they make of it, or refuse it.

    A confirmed one counts no more once two lift the veto that it led to.
    """

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


_A = AccidentState

ACCIDENT_MOVES: Mapping[AccidentState, frozenset[AccidentState]] = {
    _A.REPORTED: frozenset({_A.CONFIRMED, _A.REFUSED}),
    _A.CONFIRMED: frozenset({_A.REFUSED}),
    _A.REFUSED: frozenset(),
}

ACCIDENT_WORDS: Mapping[str, Message] = {
    _A.REPORTED: msg("待核"),
    _A.CONFIRMED: msg("核实了"),
    _A.REFUSED: msg("不算"),
}
