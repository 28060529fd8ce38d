"""Lists in sentences: who reads one knows whether it is all of it."""

from __future__ import annotations

import pytest

from compete.domain.values import some_of


@pytest.mark.parametrize(
    ("names", "number", "said"),
    [
        ([], None, ""),
        (["甲", "乙"], None, "甲、乙"),
        (["甲", "乙", "丙"], None, "甲、乙 等 3 个"),
        (["甲", "乙"], 7, "甲、乙 等 7 个"),
    ],
)
def test_a_list_that_is_cut_off_says_how_many_there_are(
    names: list[str], number: int | None, said: str
) -> None:
    assert str(some_of(names, 2, number)) == said
