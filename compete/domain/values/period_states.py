"""States of a period of a labour competition, and of a correction to it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from compete.domain.values.messages import Message, msg


class PeriodState(StrEnum):
    """The states of a period: 暂定、已结账、已公布、更正过、还没公布.

    What is closed changes by a correction alone; one that was published before is then
    corrected until the next version says so.
    """

    OPEN = "open"
    CLOSED = "closed"
    PUBLISHED = "published"
    CORRECTED = "corrected"


class CorrectionKind(StrEnum):
    """The kinds of value that a correction to a closed period puts in."""

    VALUE = "value"
    EMPTY = "empty"
    """A value that should not be there: the square is missing one from then on."""
    ADJUSTMENT = "adjustment"
    VETO = "veto"
    LIFT = "lift"
    """A veto that no longer stands; it stays on record."""


class CorrectionState(StrEnum):
    """The states of a correction: one person asks, another agrees; or it is dropped."""

    ASKED = "asked"
    AGREED = "agreed"
    DROPPED = "dropped"


class LookResult(StrEnum):
    """The second person's result for a square that was drawn, held against its evidence."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNPROVEN = "unproven"
    """There is no evidence that would say."""


_P, _C = PeriodState, CorrectionState

PERIOD_MOVES: Mapping[PeriodState, frozenset[PeriodState]] = {
    _P.OPEN: frozenset({_P.CLOSED}),
    _P.CLOSED: frozenset({_P.PUBLISHED}),
    _P.PUBLISHED: frozenset({_P.CORRECTED}),
    _P.CORRECTED: frozenset({_P.PUBLISHED}),
}

CORRECTION_MOVES: Mapping[CorrectionState, frozenset[CorrectionState]] = {
    _C.ASKED: frozenset({_C.AGREED, _C.DROPPED}),
    _C.AGREED: frozenset(),
    _C.DROPPED: frozenset(),
}

PERIOD_WORDS: Mapping[str, Message] = {
    _P.OPEN: msg("暂定"),
    _P.CLOSED: msg("已结账"),
    _P.PUBLISHED: msg("已公布"),
    _P.CORRECTED: msg("更正过，还没公布"),
}

CORRECTION_WORDS: Mapping[str, Message] = {
    _C.ASKED: msg("等第二个人同意"),
    _C.AGREED: msg("已更正"),
    _C.DROPPED: msg("不更正了"),
}

LOOK_WORDS: Mapping[str, Message] = {
    LookResult.AGREES: msg("一致"),
    LookResult.DIFFERS: msg("不一致"),
    LookResult.UNPROVEN: msg("没有证据"),
}

STATES_OF_PERIODS: Mapping[type[StrEnum], Mapping[str, Message]] = {
    PeriodState: PERIOD_WORDS,
    CorrectionState: CORRECTION_WORDS,
    LookResult: LOOK_WORDS,
}
