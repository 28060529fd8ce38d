"""A standing in which one moves is the standing made afresh."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.domain.ranking.standing import Standing
from compete.domain.values.kinds import RankStyle

CODES = "ABCDEFGH"


@pytest.mark.parametrize("style", list(RankStyle))
@given(rng=st.randoms(use_true_random=True))
def test_moving_one_gives_the_same_ranks_as_starting_over(style: RankStyle, rng: Random) -> None:
    keys = {code: (rng.randint(0, 4),) for code in CODES if rng.random() < 0.8}
    standing = Standing(style, keys)
    for _ in range(12):
        code = rng.choice(CODES)
        before = list(standing.ranked())
        if rng.random() < 0.2:
            keys.pop(code, None)
            start, end = standing.move(code, None)
        else:
            keys[code] = (rng.randint(0, 4),)
            start, end = standing.move(code, keys[code])
        after = list(standing.ranked())
        assert after == list(Standing(style, keys).ranked())
        # Nothing has changed outside the stretch.
        assert after[:start] == before[:start]
        if len(after) == len(before):
            assert after[end:] == before[end:]
        else:
            assert end == len(after)
