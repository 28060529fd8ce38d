"""Claims to grades that no competition's place gives: the ground, and the states."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from compete.domain.values.messages import Message, msg


class GradeGround(StrEnum):
    """The grounds of a grade: 考核认定, 直接认定, 自主评定, 复核换证."""

    ASSESSMENT = "assessment"
    DIRECT = "direct"
    EMPLOYER = "employer"
    RENEWAL = "renewal"


OFFERED_GROUNDS = (GradeGround.DIRECT, GradeGround.EMPLOYER, GradeGround.RENEWAL)
"""Grounds that may be proposed beside a place; an assessment is an evaluation of its own."""


class ClaimState(StrEnum):
    """The states of a claim: proposed, in its public notice, decided, issued, void.

    A claim dropped before anybody decided is `DROPPED`; it may be proposed again.
    """

    PROPOSED = "proposed"
    NOTICE = "notice"
    DEFERRED = "held"
    REFUSED = "refused"
    APPROVED = "approved"
    ISSUED = "issued"
    REVOKED = "revoked"
    DROPPED = "dropped"

    @classmethod
    def unfinished(cls) -> frozenset[ClaimState]:
        """States in which somebody has or may get the grade: nobody has two of a competition."""
        return frozenset({cls.PROPOSED, cls.NOTICE, cls.DEFERRED, cls.APPROVED, cls.ISSUED})


_C = ClaimState

CLAIM_MOVES: Mapping[ClaimState, frozenset[ClaimState]] = {
    _C.PROPOSED: frozenset({_C.NOTICE, _C.DROPPED}),
    _C.NOTICE: frozenset({_C.APPROVED, _C.DEFERRED, _C.REFUSED, _C.DROPPED}),
    _C.DEFERRED: frozenset({_C.APPROVED, _C.REFUSED}),
    _C.REFUSED: frozenset({_C.DEFERRED, _C.APPROVED}),
    _C.APPROVED: frozenset({_C.DEFERRED, _C.REFUSED, _C.ISSUED}),
    _C.ISSUED: frozenset({_C.REVOKED}),
    # By two, with a certificate under a new number.
    _C.REVOKED: frozenset({_C.ISSUED}),
    _C.DROPPED: frozenset(),
}

GROUND_WORDS: Mapping[str, Message] = {
    GradeGround.ASSESSMENT: msg("考核认定"),
    GradeGround.DIRECT: msg("直接认定"),
    GradeGround.EMPLOYER: msg("自主评定"),
    GradeGround.RENEWAL: msg("复核换证"),
}

CLAIM_WORDS: Mapping[str, Message] = {
    _C.PROPOSED: msg("已提出"),
    _C.NOTICE: msg("公示中"),
    _C.DEFERRED: msg("缓办"),
    _C.REFUSED: msg("不批准"),
    _C.APPROVED: msg("已批准"),
    _C.ISSUED: msg("已发证"),
    _C.REVOKED: msg("已撤销"),
    _C.DROPPED: msg("不提了"),
}
