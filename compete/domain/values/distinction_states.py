"""States of an award given by hand: nominated, granted by a second person, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from compete.domain.values.messages import Message, msg


class DistinctionKind(StrEnum):
    """The kinds of holder: a unit, an official, a coach or team leader, a contestant.

    In a labour competition a unit, one of its teams (班组) or one of its people, by name.
    """

    UNIT = "unit"
    OFFICIAL = "official"
    COACH = "coach"
    ENTRANT = "entrant"
    TEAM = "team"
    WORKER = "worker"

    @classmethod
    def named(cls) -> frozenset[DistinctionKind]:
        """Kinds of holder who stand on no list: a name and a unit say who it is."""
        return frozenset({cls.COACH, cls.TEAM, cls.WORKER})

    @classmethod
    def of_labour(cls) -> frozenset[DistinctionKind]:
        """Kinds of holder in a labour competition."""
        return frozenset({cls.UNIT, cls.TEAM, cls.WORKER})


class DistinctionState(StrEnum):
    """The states of an award by hand: 等第二人同意、已评定、等同意收回、不评了、已收回.

    `RECALLING` stands until a second person agrees that it is taken back.
    """

    PROPOSED = "proposed"
    GRANTED = "granted"
    RECALLING = "recalling"
    DROPPED = "dropped"
    RECALLED = "recalled"

    @classmethod
    def standing(cls) -> frozenset[DistinctionState]:
        """States in which it is somebody's, or about to be: nobody has the same one twice."""
        return frozenset({cls.PROPOSED, cls.GRANTED, cls.RECALLING})


_D = DistinctionState

DISTINCTION_MOVES: Mapping[DistinctionState, frozenset[DistinctionState]] = {
    _D.PROPOSED: frozenset({_D.GRANTED, _D.DROPPED}),
    # A certificate that is made void takes the award with it.
    _D.GRANTED: frozenset({_D.RECALLING, _D.RECALLED}),
    _D.RECALLING: frozenset({_D.GRANTED, _D.RECALLED}),
    _D.DROPPED: frozenset(),
    # By two, with a certificate under a new number.
    _D.RECALLED: frozenset({_D.GRANTED}),
}

DISTINCTION_WORDS: Mapping[str, Message] = {
    _D.PROPOSED: msg("等第二人同意"),
    _D.GRANTED: msg("已评定"),
    _D.RECALLING: msg("等同意收回"),
    _D.DROPPED: msg("不评了"),
    _D.RECALLED: msg("已收回"),
}
