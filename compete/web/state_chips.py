"""The chip of each state: its colour and its icon, told once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from compete.domain.values.accident_states import AccidentState
from compete.domain.values.period_states import CorrectionState, LookResult, PeriodState
from compete.domain.values.states import ResultState, state_words
from compete.services.results.result_stands import Stand, stand_words
from compete.web.language import say
from compete.web.shapes import Chip

# Apart by their type: states of two kinds may have the same value.
LOOKS: Mapping[type[StrEnum], Mapping[StrEnum, tuple[str, str]]] = {
    PeriodState: {
        PeriodState.OPEN: ("", "half-circle"),
        PeriodState.CLOSED: ("accent", "lock"),
        PeriodState.PUBLISHED: ("ok", "check-circle"),
        PeriodState.CORRECTED: ("warn", "pencil"),
    },
    CorrectionState: {
        CorrectionState.ASKED: ("warn", "clock"),
        CorrectionState.AGREED: ("ok", "check-circle"),
        CorrectionState.DROPPED: ("", "undo"),
    },
    AccidentState: {
        AccidentState.REPORTED: ("warn", "clock"),
        AccidentState.CONFIRMED: ("bad", "warn"),
        AccidentState.REFUSED: ("", "undo"),
    },
    LookResult: {
        LookResult.AGREES: ("ok", "check-circle"),
        LookResult.DIFFERS: ("bad", "warn"),
        LookResult.UNPROVEN: ("warn", "half-circle"),
    },
}


def state_chip(state: StrEnum, text: str | None = None) -> Chip:
    """A state in a coloured frame, in its own words or in these."""
    kind, icon = LOOKS[type(state)][state]
    return Chip(text=text or say(state_words(state)), kind=kind, icon=icon)


_EARLY = {ResultState.PROVISIONAL: "", ResultState.CHECKED: "info"}


def stand_chip(stand: Stand, text: str | None = None) -> Chip:
    """How far an event's results are, in its own words or in these."""
    kind = "ok" if stand.stands else "bad" if stand.withdrawn_why else _EARLY.get(stand.state)
    return Chip(
        text=text or say(stand_words(stand)),
        kind="warn" if kind is None else kind,
        icon="clock" if stand.runs else None,
    )
