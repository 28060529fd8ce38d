"""Many values go into statements a chunk at a time."""

from __future__ import annotations

import pytest

from compete.services.kernel.chunks import in_chunks


@pytest.mark.parametrize(
    ("number", "sizes"),
    [(0, []), (1, [1]), (500, [500]), (501, [500, 1]), (1000, [500, 500])],
)
def test_every_value_is_in_one_chunk_in_its_order(number: int, sizes: list[int]) -> None:
    chunks = list(in_chunks(range(number)))
    assert [len(chunk) for chunk in chunks] == sizes
    assert [value for chunk in chunks for value in chunk] == list(range(number))
