"""What follows what where people settle it by hand: periods, corrections, claims, distinctions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

import pytest

from compete.domain.values.claim_states import CLAIM_MOVES, ClaimState
from compete.domain.values.distinction_states import DISTINCTION_MOVES, DistinctionState
from compete.domain.values.period_states import CORRECTION_MOVES, PERIOD_MOVES

# A state, and whatever may come next. Nothing else does.
PERIODS = """
    open: closed
    closed: published
    published: corrected
    corrected: published
"""
CORRECTIONS = """
    asked: agreed dropped
    agreed:
    dropped:
"""
# Nothing is approved before its notice; what was issued ends by being revoked alone, and comes
# back under a new number; what was dropped is proposed anew.
CLAIMS = """
    proposed: notice dropped
    notice: approved held refused dropped
    held: approved refused
    refused: approved held
    approved: held issued refused
    issued: revoked
    revoked: issued
    dropped:
"""
# What was granted is taken back by two, or at once with its certificate.
DISTINCTIONS = """
    proposed: dropped granted
    granted: recalled recalling
    recalling: granted recalled
    dropped:
    recalled: granted
"""


@pytest.mark.parametrize(
    ("moves", "wanted"),
    [
        (PERIOD_MOVES, PERIODS),
        (CORRECTION_MOVES, CORRECTIONS),
        (CLAIM_MOVES, CLAIMS),
        (DISTINCTION_MOVES, DISTINCTIONS),
    ],
)
def test_these_moves_there_are_and_no_others(
    moves: Mapping[StrEnum, Iterable[StrEnum]], wanted: str
) -> None:
    lines = [line.strip().partition(":") for line in wanted.strip().splitlines()]
    assert {str(start): {str(end) for end in ends} for start, ends in moves.items()} == {
        start: set(ends.split()) for start, _colon, ends in lines
    }


def test_nobody_has_two_while_one_is_theirs_or_may_still_be() -> None:
    assert ClaimState.unfinished() == set(ClaimState) - {"refused", "revoked", "dropped"}
    assert DistinctionState.standing() == set(DistinctionState) - {"dropped", "recalled"}
